/** What the server says of itself. */

import { isJsonType, matches, succeeds } from "../expectations/answers.ts";
import type { HttpAnswer } from "../http/http-request.ts";
import { readJson } from "../protocol/infer-message.ts";
import { fitsSchema } from "../schemas/check-schema.ts";
import { casesOf } from "./case.ts";
import { spec } from "./documents.ts";
import { get } from "./requests.ts";

function isMetadata(answer: HttpAnswer): boolean {
  return answer.status === 200 && fitsSchema("metadata_server_response", readJson(answer));
}

export const serverMetadataCases = casesOf("server", "server", [
  {
    id: "server.metadata",
    level: "must",
    title: "GET /v2 or GET /v2/ gives name, version and extensions",
    spec: spec("yaml", "/v2/"),
    says: "name, version and extensions are all required.",
    note: "inference_rest.md has the path v2, the yaml /v2/. Either passes.",
    send: () => [get("/v2"), get("/v2/")],
    expect: [
      {
        says: "one of the two answers 200 with a body as the schema metadata_server_response says",
        check: (answers) =>
          answers.some(isMetadata)
            ? undefined
            : `status ${answers.map(({ status }) => status).join(" and ")}`,
      },
    ],
  },
  {
    id: "server.metadata-both-paths",
    level: "should",
    title: "GET /v2 and GET /v2/ are the same",
    spec: spec("text", "Server Metadata"),
    says: "The path is v2 in the text and /v2/ in the yaml, so clients use either.",
    send: () => [get("/v2"), get("/v2/")],
    expect: [succeeds, matches("metadata_server_response")],
  },
  {
    id: "server.content-type",
    level: "should",
    title: "The metadata comes as application/json",
    spec: spec("yaml", "/v2/"),
    says: "The content of 200 is application/json.",
    send: () => get("/v2"),
    expect: [succeeds, isJsonType],
  },
]);
