/** Bodies and headers around the JSON: absent, of another type, cut up, compressed, bottomless. */
import { gunzipSync, gzipSync } from "node:zlib";
import { isError, isRefused, succeeds } from "../../expectations/answers.ts";
import { onEach } from "../../expectations/expectation.ts";
import { hasGoodOutputs, hasGoodValues, isAnswered } from "../../expectations/infer-answers.ts";
import { checkSchema } from "../../schemas/check-schema.ts";
import { casesOf } from "../case.ts";
import { spec } from "../documents.ts";
import { alteredInput, infer, inferBytes } from "../requests.ts";

const asBefore = [...isAnswered, hasGoodOutputs, hasGoodValues];

/** Deeper than readers that call themselves can go, in a few kilobytes. */
const depth = 20_000;

const chunked = spec("http1", "section 7.1, Chunked Transfer Coding");
const saysChunked = "A recipient must be able to parse and decode the chunked transfer coding.";

export const bodyCases = [
  ...casesOf("robustness", "model", [
    {
      id: "robustness.empty-body",
      level: "must",
      title: "An empty body is refused",
      spec: spec("text", "Inference Request JSON Object"),
      says: "The inference request object is required in the HTTP body of the POST request.",
      send: (facts) => [inferBytes(facts, ""), inferBytes(facts, "", {})],
      expect: isRefused,
    },
    {
      id: "robustness.invalid-utf8",
      level: "should",
      title: "A body that is no UTF-8 is refused",
      spec: spec("json", "section 8.1, Character Encoding"),
      says: "JSON text exchanged between systems must be encoded using UTF-8.",
      send: (facts) => {
        const broken = Buffer.concat([
          Buffer.from('{"id":"'),
          Buffer.of(0xff, 0xfe, 0xc0),
          Buffer.from('"}'),
        ]);
        return inferBytes(facts, broken);
      },
      expect: isRefused,
    },
  ]),
  ...casesOf("robustness", "infer", [
    {
      id: "robustness.deep-json",
      level: "must",
      title: "Lists 20,000 deep are refused",
      spec: spec("json", "section 9, Parsers"),
      says: "An implementation may set limits on the maximum depth of nesting.",
      send: (facts) => {
        const text = JSON.stringify(alteredInput(facts, () => ({ data: ["deep"] })));
        const deep = "[".repeat(depth) + "]".repeat(depth);
        return [
          inferBytes(
            facts,
            text.replace('["deep"]', () => deep),
          ),
          inferBytes(facts, "[".repeat(depth)),
        ];
      },
      expect: isRefused,
    },
    {
      id: "robustness.trailing-text",
      level: "must",
      title: "Anything behind the JSON is refused",
      spec: spec("json", "section 2, JSON Grammar"),
      says: "JSON-text is one value, with white space around it.",
      send: (facts) => inferBytes(facts, `${JSON.stringify(facts.good.request)} {}`),
      expect: isRefused,
    },
    {
      id: "robustness.no-content-type",
      level: "must",
      title: "A request without a content type is answered",
      spec: spec("tritonClient", "_client.py, infer"),
      says: "The client library sends no content type at all.",
      send: (facts) => inferBytes(facts, JSON.stringify(facts.good.request), {}),
      expect: asBefore,
    },
    {
      id: "robustness.html-content-type",
      level: "should",
      title: "A request that says text/html is answered",
      spec: spec("text", "Inference"),
      says: "In the request the HTTP body contains the inference request object; tools such as hey say text/html.",
      send: (facts) => inferBytes(facts, JSON.stringify(facts.good.request), { "content-type": "text/html" }),
      expect: asBefore,
    },
    {
      id: "robustness.chunked",
      level: "should",
      title: "A body in chunks is answered",
      spec: chunked,
      says: saysChunked,
      note: "A warning only: 411 Length Required is allowed.",
      send: (facts) => ({ ...infer(facts, facts.good.request), chunkBytes: 64 }),
      expect: asBefore,
    },
    {
      id: "robustness.tiny-chunks",
      level: "should",
      title: "A body in chunks of one byte is answered, or refused",
      spec: chunked,
      says: saysChunked,
      note: "A server may limit the number of chunks.",
      send: (facts) => ({ ...infer(facts, facts.good.request), chunkBytes: 1 }),
      expect: [
        onEach("status 200, or an error status", (answer, facts) =>
          answer.status === 200 ? undefined : isError.check([answer], facts),
        ),
      ],
    },
    {
      id: "robustness.gzip-request",
      level: "may",
      title: "A body in gzip is answered",
      spec: spec("http", "section 8.4, Content-Encoding"),
      says: "415 is allowed where a coding is not acceptable; Triton's client can send gzip and deflate.",
      send: (facts) => {
        const { body, headers } = infer(facts, facts.good.request);
        return inferBytes(facts, gzipSync(body!), { ...headers, "content-encoding": "gzip" });
      },
      expect: asBefore,
    },
    {
      id: "robustness.broken-gzip",
      level: "must",
      title: "A body that says gzip and is none is refused",
      spec: spec("http", "section 8.4, Content-Encoding"),
      says: "Content-Encoding indicates what codings have been applied to the representation.",
      send: (facts) => {
        const { body, headers } = infer(facts, facts.good.request);
        return inferBytes(facts, body!, { ...headers, "content-encoding": "gzip" });
      },
      expect: [isError],
    },
    {
      id: "robustness.gzip-answer",
      level: "must",
      title: "Asked for gzip, the answer is gzip or plain, and says which",
      spec: spec("http", "section 8.4, Content-Encoding"),
      says: "Content-Encoding indicates what codings have been applied to the representation.",
      send: (facts) => {
        const request = infer(facts, facts.good.request);
        return { ...request, headers: { ...request.headers, "accept-encoding": "gzip" } };
      },
      expect: [
        succeeds,
        onEach("an answer as the schema inference_response says, once decoded", ({ headers, body }) => {
          const coding = headers["content-encoding"] ?? "identity";
          if (coding !== "identity" && coding !== "gzip") return `content-encoding ${coding}`;
          try {
            const plain = coding === "gzip" ? gunzipSync(body) : body;
            return checkSchema("inference_response", JSON.parse(plain.toString()));
          } catch {
            return `the body is no ${coding === "gzip" ? "gzip of JSON" : "JSON"}`;
          }
        }),
      ],
    },
  ]),
];
