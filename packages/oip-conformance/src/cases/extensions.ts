/** Triton's extensions that other servers have too, each where it is advertised. */
import { hasErrorBody, isRefused, matches, succeeds } from "../expectations/answers.ts";
import { type Expectation, onEach, should } from "../expectations/expectation.ts";
import { isAnswered } from "../expectations/infer-answers.ts";
import { readJson } from "../protocol/infer-message.ts";
import type { ModelFacts } from "../subject/facts.ts";
import { unknownName } from "../subject/facts.ts";
import { casesOf } from "./case.ts";
import { spec } from "./documents.ts";
import { adminAddress, advertisesConfiguration, advertisesStatistics } from "./needs.ts";
import { get, infer, post } from "./requests.ts";

interface ModelStat {
  readonly name: string;
  readonly inference_count: number;
}

interface IndexEntry {
  readonly name: string;
  readonly state?: string;
}

const isStats = [succeeds, matches("stats_model_response")];

const hasStatOfModel = onEach<ModelFacts>("an entry of the model", (answer, { model }) => {
  const { model_stats } = readJson(answer) as { model_stats: ModelStat[] };
  return model_stats.some(({ name }) => name === model.name) ? undefined : `none is of ${model.name}`;
});

/** Between the first answer and the last. */
const countsOneMore: Expectation<ModelFacts> = {
  says: "an inference_count that is higher after an inference",
  check: (answers, { model }) => {
    const counts = [answers[0]!, answers.at(-1)!].map((answer) => {
      const { model_stats } = readJson(answer) as { model_stats: ModelStat[] };
      return model_stats
        .filter(({ name }) => name === model.name)
        .reduce((sum, { inference_count }) => sum + inference_count, 0);
    });
    return counts[1]! > counts[0]! ? undefined : `it was ${counts[0]}, and is ${counts[1]}`;
  },
};

const hasIndexEntry = onEach<ModelFacts>("an entry of the model", (answer, { model }) => {
  const entries = readJson(answer) as IndexEntry[];
  return entries.some(({ name }) => name === model.name) ? undefined : `none is of ${model.name}`;
});

const needsIndex = [adminAddress];
const onAdmin = (path: string, value: unknown) => ({ ...post(path, value), to: "admin" as const });

export const extensionCases = [
  ...casesOf("configuration", "model", [
    {
      id: "configuration.model",
      level: "must",
      title: "GET …/config gives an object",
      spec: spec("configuration", "HTTP/REST"),
      says: "The response object is returned in the HTTP body for every successful request.",
      needs: [advertisesConfiguration],
      send: ({ model }) => get(`${model.path}/config`),
      expect: [
        succeeds,
        matches("model_configuration_response"),
        should(
          onEach("the name and max_batch_size, which perf_analyzer reads", (answer) => {
            const { name, max_batch_size: size } = readJson(answer) as Record<string, unknown>;
            if (typeof name !== "string") return "name is absent";
            return typeof size === "number" ? undefined : "max_batch_size is absent";
          }),
        ),
      ],
    },
    {
      id: "configuration.unknown-model",
      level: "must",
      title: "The configuration of a model that is not there is an error",
      spec: spec("configuration", "HTTP/REST"),
      says: "A failed request must be indicated by an HTTP error status (typically 400), with { error } as body.",
      needs: [advertisesConfiguration],
      send: () => get(`/v2/models/${unknownName}/config`),
      expect: isRefused,
    },
  ]),
  ...casesOf("statistics", "model", [
    {
      id: "statistics.model",
      level: "must",
      title: "GET …/stats of the model has an entry of it",
      spec: spec("statistics", "Statistics Response JSON Object"),
      says: "Each entry has name, counts, inference_stats and batch_stats; durations have count and ns.",
      needs: [advertisesStatistics],
      send: ({ model }) => get(`${model.path}/stats`),
      expect: [...isStats, hasStatOfModel],
    },
    {
      id: "statistics.all-models",
      level: "must",
      title: "GET /v2/models/stats has an entry of the model",
      spec: spec("statistics", "HTTP/REST"),
      says: "The model name is optional; without it the statistics of all models are returned.",
      needs: [advertisesStatistics],
      send: () => get("/v2/models/stats"),
      expect: [...isStats, hasStatOfModel],
    },
    {
      id: "statistics.unknown-model",
      level: "must",
      title: "The statistics of a model that is not there are an error",
      spec: spec("statistics", "Statistics Response JSON Error Object"),
      says: "A failed request will be indicated by an HTTP error status (typically 400), with { error } as body.",
      needs: [advertisesStatistics],
      send: () => get(`/v2/models/${unknownName}/stats`),
      expect: isRefused,
    },
  ]),
  ...casesOf("statistics", "infer", [
    {
      id: "statistics.counts",
      level: "should",
      title: "inference_count rises with an inference",
      spec: spec("statistics", "Statistics Response JSON Object"),
      says: "inference_count: the cumulative count of successful inference requests made for this model.",
      needs: [advertisesStatistics],
      send: (facts) => {
        const stats = get(`${facts.model.path}/stats`);
        return [stats, infer(facts, facts.good.request), stats];
      },
      expect: [succeeds, countsOneMore],
    },
  ]),
  ...casesOf("repository", "model", [
    {
      id: "repository.index",
      level: "must",
      title: "POST /v2/repository/index lists the model",
      spec: spec("repository", "Index"),
      says: "The index has every model of the repository, with name, version, state and reason.",
      needs: needsIndex,
      send: () => onAdmin("/v2/repository/index", {}),
      expect: [succeeds, matches("repository_index_response"), hasIndexEntry],
    },
    {
      id: "repository.index-empty-body",
      level: "should",
      title: "POST /v2/repository/index without a body is the same",
      spec: spec("repository", "Index"),
      says: "The only member of the request is optional.",
      needs: needsIndex,
      send: () => ({ method: "POST", path: "/v2/repository/index", to: "admin" }),
      expect: [succeeds, matches("repository_index_response"), hasIndexEntry],
    },
    {
      id: "repository.index-ready",
      level: "must",
      title: "With ready: true the index has ready models only",
      spec: spec("repository", "Index"),
      says: "ready: optional; if true return only models ready for inferencing.",
      needs: needsIndex,
      send: () => onAdmin("/v2/repository/index", { ready: true }),
      expect: [
        succeeds,
        matches("repository_index_response"),
        hasIndexEntry,
        onEach("no entry of another state than READY", (answer) => {
          const entries = readJson(answer) as IndexEntry[];
          const other = entries.find(({ state }) => state !== undefined && state !== "READY");
          return other && `${other.name} is ${other.state}`;
        }),
      ],
    },
    {
      id: "repository.load-unknown",
      level: "must",
      title: "A model that is not there cannot be loaded",
      spec: spec("repository", "Load"),
      says: "A failed load request must be indicated by an HTTP error status (typically 400), with { error } as body.",
      needs: needsIndex,
      send: () => onAdmin(`/v2/repository/models/${unknownName}/load`, {}),
      expect: isRefused,
    },
    {
      id: "repository.unload-unknown",
      level: "should",
      title: "A model that is not there cannot be unloaded",
      spec: spec("repository", "Unload"),
      says: "A failed unload request must be indicated by an HTTP error status (typically 400), with { error } as body.",
      note: "A warning only: Triton answers 200 to it, as nothing is left loaded.",
      needs: needsIndex,
      send: () => onAdmin(`/v2/repository/models/${unknownName}/unload`, {}),
      expect: isRefused,
    },
  ]),
  ...casesOf("repository", "infer", [
    {
      id: "repository.load",
      level: "must",
      title: "Loading the model again leaves it answering",
      spec: spec("repository", "Load"),
      says: "The model is loaded, or reloaded if it is already loaded.",
      note: "A server that takes no orders, such as Triton without explicit model control, refuses, with { error }; it passes.",
      needs: needsIndex,
      send: (facts) => [
        onAdmin(`/v2/repository/models/${encodeURIComponent(facts.model.name)}/load`, {}),
        infer(facts, facts.good.request),
      ],
      expect: [
        {
          says: "status 200, or a refusal as the schema error_response says",
          check: ([load], facts) => (load!.status === 200 ? undefined : hasErrorBody.check([load!], facts)),
        },
        {
          says: "an answer to the request after it",
          check: (answers, facts) =>
            isAnswered.map((one) => one.check([answers[1]!], facts)).find((problem) => problem !== undefined),
        },
      ],
    },
  ]),
];
