/** What servers get wrong about health, metadata and the extensions. */

import { json } from "../reference-server.ts";
import {
  answers,
  type Body,
  error,
  isGet,
  isInfer,
  json200,
  type KnownDefect,
  outputsOf,
  refusals,
} from "./defect.ts";

export const metadataDefects: readonly KnownDefect[] = [
  {
    name: "live is 404",
    defect: answers(isGet("/v2/health/live"), () => error(404, "no")),
    found: ["health.live", "health.live-body"],
  },
  {
    name: "live answers OK as text",
    defect: answers(isGet("/v2/health/live"), (sent) => ({ ...sent, body: Buffer.from("OK") })),
    found: ["health.live", "health.live-body"],
  },
  {
    name: "ready has an empty body",
    defect: answers(isGet("/v2/health/ready"), (sent) => ({ ...sent, body: Buffer.alloc(0) })),
    found: ["health.ready-body"],
  },
  {
    name: "a model that is not there is ready",
    defect: answers(
      ({ path }) => path.endsWith("no-such-model/ready"),
      () => json(200, { name: "x", ready: true }),
    ),
    found: ["health.unknown-model"],
  },
  {
    name: "model ready leaves out the name",
    defect: json200(isGet("/v2/models/identity/ready"), () => ({ ready: true })),
    found: ["health.model-ready"],
  },
  {
    name: "a version has no readiness",
    defect: answers(isGet("/v2/models/identity/versions/1/ready"), () => error(404, "no")),
    found: ["health.version-ready"],
  },
  {
    name: "the server's metadata comes as text",
    defect: answers(isGet("/v2"), (sent) => ({ ...sent, headers: { "content-type": "text/plain" } })),
    found: ["server.content-type"],
  },
  {
    name: "only one path of the server's metadata",
    defect: answers(isGet("/v2/"), () => error(404, "no")),
    found: ["server.metadata-both-paths"],
  },
  {
    name: "the server's metadata has no version",
    defect: json200(
      ({ path }) => path === "/v2" || path === "/v2/",
      ({ version: _, ...rest }) => rest,
    ),
    found: ["server.metadata", "server.metadata-both-paths"],
  },
  {
    name: "the model's metadata has no platform",
    defect: json200(isGet("/v2/models/identity/versions/1"), ({ platform: _, ...rest }) => rest),
    found: ["model.versions"],
  },
  {
    name: "datatypes as the framework names them",
    defect: json200(isGet("/v2/models/identity"), (body) => ({
      ...body,
      outputs: (body.outputs as Body[]).map((one) => ({ ...one, datatype: "float32" })),
    })),
    found: ["model.datatypes", "infer.tensors"],
  },
  {
    name: "free sizes as -2",
    defect: json200(isGet("/v2/models/identity"), (body) =>
      outputsOf(body, (one) => ({ ...one, shape: [-2, -2] })),
    ),
    found: ["model.shapes"],
  },
  {
    name: "an unknown model's metadata is 404 with an HTML page",
    defect: refusals(isGet("/v2/models/oip-conformance-no-such-model"), (sent) => ({
      ...sent,
      body: Buffer.from("<html>Not Found</html>"),
    })),
    found: ["model.unknown"],
  },
  {
    name: "versions in the path are passed over",
    defect: (next) => (request) => next({ ...request, path: request.path.replace(/\/versions\/\d+/, "") }),
    found: ["model.unknown-version"],
  },
  {
    name: "inferences are not counted",
    defect: json200(isGet("/v2/models/identity/stats"), (body) => ({
      model_stats: (body.model_stats as Body[]).map((one) => ({ ...one, inference_count: 0 })),
    })),
    found: ["statistics.counts"],
  },
  {
    name: "statistics have no durations",
    defect: json200(isGet("/v2/models/stats"), (body) => ({
      model_stats: (body.model_stats as Body[]).map(({ inference_stats: _, ...one }) => one),
    })),
    found: ["statistics.all-models"],
  },
  {
    name: "the configuration that is advertised is not there",
    defect: answers(isGet("/v2/models/identity/config"), () => error(404, "no")),
    found: ["configuration.model"],
  },
  {
    name: "the index asks for a body",
    defect: answers(
      ({ path, body }) => path === "/v2/repository/index" && body.length === 0,
      () => error(400, "no body"),
    ),
    found: ["repository.index-empty-body"],
  },
  {
    name: "loading again takes the model away",
    defect: (next) => {
      let left = Number.POSITIVE_INFINITY;
      return (request) => {
        if (request.path === "/v2/repository/models/identity/load") left = 1;
        const isAway = isInfer(request) && left-- > 0 && left < 1;
        return isAway ? error(503, "loading") : next(request);
      };
    },
    found: ["repository.load"],
  },
];
