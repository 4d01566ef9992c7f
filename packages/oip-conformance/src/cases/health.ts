/** Live, ready, model ready. */
import { emptyOr, hasMember, isError, succeeds } from "../expectations/answers.ts";
import { unknownName } from "../subject/facts.ts";
import { casesOf } from "./case.ts";
import { spec } from "./documents.ts";
import { listedVersions } from "./needs.ts";
import { get } from "./requests.ts";

const bodies =
  'Published readings of the body disagree: empty (required_api.md), {"live"} (inference_rest.md), {"ready"} (KServe\'s server). All pass.';

export const healthCases = [
  ...casesOf("health", "server", [
    {
      id: "health.live",
      level: "must",
      title: "GET /v2/health/live answers 200",
      spec: spec("text", "Server Live"),
      says: "The server is able to receive and respond to metadata and inference requests.",
      note: bodies,
      send: () => get("/v2/health/live"),
      expect: [succeeds, emptyOr("health_server_response")],
    },
    {
      id: "health.live-body",
      level: "should",
      title: "GET /v2/health/live says live: true",
      spec: spec("text", "Server Live Response JSON Object"),
      says: 'The body is { "live": $bool }; the KServe client reads it.',
      send: () => get("/v2/health/live"),
      expect: [succeeds, hasMember("live", true)],
    },
    {
      id: "health.ready",
      level: "must",
      title: "GET /v2/health/ready answers 200",
      spec: spec("text", "Server Ready"),
      says: "All the models are ready for inferencing.",
      note: bodies,
      send: () => get("/v2/health/ready"),
      expect: [succeeds, emptyOr("health_server_response")],
    },
    {
      id: "health.ready-body",
      level: "should",
      title: "GET /v2/health/ready says ready: true",
      spec: spec("kserveClient", "is_server_ready"),
      says: 'The KServe client reads "ready" of the body; an empty one makes it raise.',
      send: () => get("/v2/health/ready"),
      expect: [succeeds, hasMember("ready", true)],
    },
    {
      id: "health.unknown-model",
      level: "must",
      title: "A model that is not there is not ready",
      spec: spec("required", "Health"),
      says: "200 means ready, an error status that it is not; a body is not asked for.",
      note: "400 (Triton), 404 (KServe, MLServer) and 503 pass.",
      send: () => get(`/v2/models/${unknownName}/ready`),
      expect: [isError],
    },
  ]),
  ...casesOf("health", "model", [
    {
      id: "health.model-ready",
      level: "must",
      title: "GET …/ready of the model answers 200",
      spec: spec("text", "Model Ready"),
      says: "The model is ready for inferencing.",
      note: 'An empty body (required_api.md) and { "name", "ready" } (inference_rest.md) pass.',
      send: ({ model }) => get(`${model.path}/ready`),
      expect: [succeeds, emptyOr("ready_model_response")],
    },
    {
      id: "health.model-ready-body",
      level: "should",
      title: "GET …/ready of the model says ready: true",
      spec: spec("text", "Model Ready Response JSON Object"),
      says: 'The body is { "name": $string, "ready": $bool }; the KServe client reads it.',
      send: ({ model }) => get(`${model.path}/ready`),
      expect: [succeeds, hasMember("ready", true)],
    },
    {
      id: "health.version-ready",
      level: "must",
      title: "GET …/versions/V/ready answers 200 for a version that the metadata lists",
      spec: spec("yaml", "/v2/models/{MODEL_NAME}/versions/{MODEL_VERSION}/ready"),
      says: "The model name and (optionally) version must be available in the URL.",
      needs: [listedVersions],
      send: ({ model }) => {
        const version = model.version ?? model.metadata!.versions!.at(-1)!;
        return get(`${model.unversionedPath}/versions/${encodeURIComponent(version)}/ready`);
      },
      expect: [succeeds, emptyOr("ready_model_response")],
    },
  ]),
];
