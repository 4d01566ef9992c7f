/** Hostile requests as bytes on a socket: kinds as data, each drawn from a seeded generator. */
import type { Seeded } from "@attune/testkit";

export interface Attack {
  /** What is wrong with it. */
  readonly kind: string;
  /** Written one after the other. */
  readonly chunks: readonly Buffer[];
  /** The caller gives up after the last chunk instead of waiting for an answer. */
  readonly hangsUp?: boolean;
}

interface Draw {
  int(below: number): number;
  pick<T>(values: readonly T[]): T;
}

type Kind = readonly [name: string, draw: (draw: Draw) => Omit<Attack, "kind">];

const inferPath = (draw: Draw) =>
  draw.pick(["/v2/models/tiny/infer", "/v2/models/tiny/versions/1/infer", "/v2/models/none/infer"]);

const askPath = (draw: Draw) => draw.pick(["/v1/recommend", "/v1/predict"]);

function post(path: string, body: string | Buffer, headers: Readonly<Record<string, string | number>> = {}) {
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  const lines = Object.entries({
    host: "a",
    connection: "close",
    "content-type": "application/json",
    "content-length": bytes.length,
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`POST ${path} HTTP/1.1\r\n${lines.join("")}\r\n`), bytes]);
}

const get = (path: string) => ({
  chunks: [Buffer.from(`GET ${path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`, "latin1")],
});

const once = (bytes: Buffer) => ({ chunks: [bytes] });

const infer = (draw: Draw, tensor: Record<string, unknown>, rest: Record<string, unknown> = {}) =>
  once(
    post(
      inferPath(draw),
      JSON.stringify({ inputs: [{ name: "history", datatype: "BYTES", ...tensor }], ...rest }),
    ),
  );

const escapes = [
  "..",
  "%2e%2e",
  "%252e%252e",
  "..%2f",
  "..%252f",
  "..\\",
  "%5c..%5c",
  "....//",
  "%c0%ae%c0%ae",
  "%00",
];
const targets = [
  "etc/passwd",
  "manifest.json",
  "golden.json",
  "report.html",
  "README.md",
  "package.json",
  "aliases.json",
];
const values = [
  null,
  true,
  -1,
  0,
  1e308,
  2 ** 53,
  "",
  "\0",
  "x".repeat(70_000),
  [],
  {},
  [[]],
  ["", null],
  "NaN",
];

/** The list. A kind with `hangsUp` wants no answer; every other one must be refused with a code. */
export const kinds: readonly Kind[] = [
  [
    "shapes of 2⁶⁴ elements",
    (d) =>
      infer(d, {
        shape: d.pick([
          [2 ** 32, 2 ** 32],
          [1, 2 ** 64],
          [1e18, 1e18, 1e18],
        ]),
        data: [],
      }),
  ],
  [
    "negative or broken dims",
    (d) => infer(d, { shape: d.pick([[-1, 1], [1, -5], [1.5], ["1"], null, [], [NaN]]), data: ["a"] }),
  ],
  [
    "more or fewer values than the shape",
    (d) => infer(d, { shape: [1, 1 + d.int(9)], data: Array.from({ length: 20 + d.int(9) }, () => "a") }),
  ],
  [
    "a datatype nobody knows",
    (d) =>
      infer(d, { datatype: d.pick(["FLOAT", "int64", "", "BF16", 7, null]), shape: [1, 1], data: ["a"] }),
  ],
  ["values of another type", (d) => infer(d, { shape: [1, 1], data: [d.pick([1, null, {}, [[[]]], true])] })],
  [
    "an input twice, or none that is known",
    (d) => {
      const input = {
        name: d.pick(["history", "nothing", "__proto__"]),
        datatype: "BYTES",
        shape: [1, 1],
        data: ["a"],
      };
      return once(post(inferPath(d), JSON.stringify({ inputs: [input, input] })));
    },
  ],
  [
    "outputs that do not exist",
    (d) =>
      infer(
        d,
        { shape: [1, 1], data: ["item-0"] },
        { outputs: d.pick([[{ name: "nothing" }], [{}], "items", [null]]) },
      ),
  ],
  [
    "header lengths past the body",
    (d) =>
      once(
        post(inferPath(d), "{}", {
          "inference-header-content-length": d.pick([-1, 3, 99_999_999, 2 ** 53, "x", "1e2", "0x10", " "]),
        }),
      ),
  ],
  [
    "binary sizes that lie",
    (d) => {
      const json = JSON.stringify({
        inputs: [
          {
            name: "history",
            datatype: "BYTES",
            shape: [1, 1],
            parameters: { binary_data_size: d.pick([-4, 3, 4, 400, 2 ** 40, "5", null]) },
          },
        ],
      });
      return once(
        post(inferPath(d), Buffer.concat([Buffer.from(json), Buffer.from([255, 255, 255, 127, 65])]), {
          "inference-header-content-length": json.length,
          "content-type": "application/octet-stream",
        }),
      );
    },
  ],
  [
    "NaN and other words that are no JSON",
    (d) =>
      once(
        post(
          askPath(d),
          d.pick([
            '{"history":NaN}',
            '{"k":Infinity}',
            "{'history':[]}",
            "undefined",
            '{"history":[}',
            "\u0000",
            '{"a":1}{"b":2}',
            "[",
            "",
          ]),
        ),
      ),
  ],
  [
    "JSON nested deep",
    (d) => {
      const depth = 1000 + d.int(200_000);
      return once(
        post(
          d.pick([askPath(d), inferPath(d)]),
          d.pick(["[".repeat(depth), `${"[".repeat(depth)}${"]".repeat(depth)}`, '{"a":'.repeat(depth)]),
        ),
      );
    },
  ],
  [
    "keys that reach for prototypes",
    (d) =>
      once(
        post(
          askPath(d),
          `{"history":[],"${d.pick(["__proto__", "constructor", "prototype", "toString"])}":{"k":5}}`,
        ),
      ),
  ],
  [
    "wrong types everywhere",
    (d) =>
      once(
        post(
          askPath(d),
          JSON.stringify({
            [d.pick(["history", "exclude", "allow", "k", "features", "inputs", "requests"])]: d.pick(values),
            extra: d.pick(values),
          }),
        ),
      ),
  ],
  [
    "ids that are huge, empty or hold NUL",
    (d) =>
      once(
        post(
          "/v1/recommend",
          JSON.stringify({ history: [d.pick(["", "\0", "a\0b", "x".repeat(1_048_000)])] }),
        ),
      ),
  ],
  [
    "numbers out of range",
    (d) =>
      once(
        post(
          "/v1/recommend",
          JSON.stringify({
            history: [{ item: "a", weight: d.pick([-1, 0, 1e300, 1e-300]) }],
            k: d.pick([0, -1, 1.5, 2 ** 53, 1e9]),
          }),
        ),
      ),
  ],
  [
    "headers that cannot be followed",
    (d) =>
      once(
        post(
          "/v1/recommend",
          '{"history":[]}',
          d.pick<Record<string, string>>([
            { "x-request-timeout-ms": "-5" },
            { "x-routing-key": "k".repeat(300) },
            { "x-request-timeout-ms": "1e3" },
          ]),
        ),
      ),
  ],
  [
    "content types nobody speaks",
    (d) =>
      once(
        post("/v1/recommend", "a=b", {
          "content-type": d.pick([
            "text/xml",
            "multipart/form-data; boundary=x",
            "application/x-www-form-urlencoded",
            "application/json; charset=utf-16",
            "../../etc",
          ]),
        }),
      ),
  ],
  [
    "paths that climb",
    (d) => {
      const climb = Array.from({ length: 1 + d.int(6) }, () => d.pick(escapes)).join("/");
      return get(
        `/${d.pick(["artifact", "artifact/tiny", "v2/models", "v2/models/tiny/versions", "docs/static", "assets", ""])}/${climb}/${d.pick(targets)}`,
      );
    },
  ],
  [
    "model names that climb",
    (d) =>
      get(
        `/v2/models/${encodeURIComponent(d.pick(["..", "../..", "a/../b", "C:\\x", "\0", "a".repeat(5000), "__proto__", "constructor"]))}${d.pick(["", "/ready", "/config", "/versions/1", "/versions/99999999999999999999", "/versions/-1"])}`,
      ),
  ],
  [
    "query strings that lie",
    (d) =>
      get(
        `/v1/items?${d.pick(["limit=-1", "limit=1e9", "limit=NaN", "query=a&query=b", "__proto__=1", "ids[]=1", `query=${"a".repeat(3000)}`, "model=../../x", "model=a&model=b"])}`,
      ),
  ],
  [
    "methods nobody takes",
    (d) =>
      once(
        Buffer.from(
          `${d.pick(["PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "OPTIONS"])} ${d.pick(["/v1/recommend", "/v2/models/tiny/infer", "/healthz"])} HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`,
        ),
      ),
  ],
  [
    "no HTTP",
    (d) =>
      once(
        Buffer.from(
          d.pick([
            "hello\r\n\r\n",
            "\u0016\u0003\u0001\u0002",
            "GET\r\n\r\n",
            "GET / HTTP/9.9\r\n\r\n",
            "POST /v1/recommend HTTP/1.1\r\ncontent-length: -1\r\n\r\n",
            "POST /v1/recommend HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n",
          ]),
          "latin1",
        ),
      ),
  ],
  [
    "headers without end",
    (d) =>
      once(
        Buffer.from(`GET / HTTP/1.1\r\nhost: a\r\nx-long: ${"a".repeat(20_000 + d.int(100_000))}\r\n\r\n`),
      ),
  ],
  [
    "one byte at a time",
    (d) => {
      const bytes = post(askPath(d), '{"history":7}');
      return { chunks: Array.from(bytes, (_, index) => bytes.subarray(index, index + 1)) };
    },
  ],
  [
    "many tiny chunks",
    (d) => {
      const head = Buffer.from(
        `POST ${askPath(d)} HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n`,
      );
      return {
        chunks: [head, Buffer.from("1\r\n[\r\n".repeat(2000 + d.int(20_000))), Buffer.from("0\r\n\r\n")],
      };
    },
  ],
  [
    "chunks that lie about their size",
    (d) =>
      once(
        Buffer.concat([
          Buffer.from(
            "POST /v1/recommend HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n",
          ),
          Buffer.from(d.pick(["zz\r\n[]\r\n", "-1\r\n\r\n", "ffffffffffffffff1\r\n[]\r\n"])),
        ]),
      ),
  ],
  [
    "a body that never comes",
    (d) => ({
      chunks: [post(askPath(d), "").subarray(0, -2), Buffer.from("content-length: 50\r\n\r\n{")],
      hangsUp: true,
    }),
  ],
  [
    "half a request, then nothing",
    (d) => ({
      chunks: [post(askPath(d), '{"history":["item-0"]}').subarray(0, 20 + d.int(100))],
      hangsUp: true,
    }),
  ],
];

/** @param seeded - the same seed gives the same attacks. */
export function drawAttack(seeded: Seeded): Attack {
  const draw: Draw = {
    int: (below) => seeded.integer(below),
    pick: (list) => list[seeded.integer(list.length)]!,
  };
  const [kind, make] = draw.pick(kinds);
  return { kind, ...make(draw) };
}
