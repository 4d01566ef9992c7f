/** `createClient`: the routes of a scoring server as functions. */
import type {
  Items,
  Model,
  Prediction,
  PredictRequest,
  Readiness,
  Recommendation,
  RecommendRequest,
} from "./api.ts";
import { createBatcher } from "./batcher.ts";
import { type Call, createCall } from "./call.ts";
import { sleep } from "./deadline.ts";
import { AttuneClientError } from "./error.ts";
import { defaultMaxItems, maxRequestsPerBody, partsOf } from "./many.ts";
import type { CallOptions, ClientOptions, Settings } from "./options.ts";
import { areResults, isItems, isModel, isPrediction, isReadiness, isRecommendation } from "./shapes.ts";

export interface ItemsQuery {
  /** Words of the title. */
  readonly query?: string;
  /** Items of a search, 1 to 200. Default 20. */
  readonly limit?: number;
  /** At most 200. With `query`: a search among them. */
  readonly ids?: readonly string[];
}

/** Every function rejects with an {@link AttuneClientError}, or with the reason of `options.signal`. */
export interface Client {
  /** The slate for one history. */
  recommend(request: RecommendRequest, options?: CallOptions): Promise<Recommendation>;
  /** Slates in the order of the requests; more than fit one body go in several, one after the other. */
  recommendMany(
    requests: readonly RecommendRequest[],
    options?: CallOptions,
  ): Promise<readonly Recommendation[]>;
  /** The prediction for one row. */
  predict<P extends Prediction = Prediction>(request: PredictRequest, options?: CallOptions): Promise<P>;
  /** Predictions in the order of the requests. */
  predictMany<P extends Prediction = Prediction>(
    requests: readonly PredictRequest[],
    options?: CallOptions,
  ): Promise<readonly P[]>;
  /** Which model answers. */
  model(options?: CallOptions): Promise<Model>;
  /** What a person reads of items. */
  items(query?: ItemsQuery, options?: CallOptions): Promise<Items>;
  /** Whether the server answers yet, and if not, why. */
  ready(options?: CallOptions): Promise<Readiness>;
}

/** @throws {AttuneClientError} `options`, with every problem in `issues`. */
export function createClient(options: ClientOptions): Client {
  const settings = settle(options);
  const { batch } = settings;
  const call = createCall(settings);
  const recommend = asker("/v1/recommend", isRecommendation, call, settings);
  const predict = asker("/v1/predict", isPrediction, call, settings);
  const maxItems = batch?.maxItems ?? defaultMaxItems;

  async function many<Request extends object, Answer>(
    { path, is }: { readonly path: string; is(value: unknown): value is Answer },
    requests: readonly Request[],
    options: CallOptions = {},
  ): Promise<readonly Answer[]> {
    const endsAt = settings.clock() + (options.timeoutMs ?? settings.timeoutMs);
    const answers: Answer[] = [];
    for (const part of partsOf(requests, maxItems)) {
      const timeoutMs = Math.max(1, endsAt - settings.clock());
      const asked = { path, body: { requests: part }, is: areResults(is, part.length) };
      answers.push(...(await call(asked, { ...options, timeoutMs })).results);
    }
    return answers;
  }

  return {
    recommend,
    recommendMany: (requests, options) =>
      many({ path: "/v1/recommend", is: isRecommendation }, requests, options),
    predict: predict as Client["predict"],
    predictMany: ((requests: readonly PredictRequest[], options?: CallOptions) =>
      many({ path: "/v1/predict", is: isPrediction }, requests, options)) as Client["predictMany"],
    model: (options) => call({ path: "/v1/model", is: isModel }, options),
    items: (query = {}, options) => call({ path: "/v1/items", query: { ...query }, is: isItems }, options),
    ready: (options) => call({ path: "/readyz", alsoGood: [503], is: isReadiness }, options),
  };
}

/** One request, alone or joined with others. */
function asker<Request extends object, Answer>(
  path: string,
  is: (value: unknown) => value is Answer,
  call: Call,
  settings: Settings,
): (request: Request, options?: CallOptions) => Promise<Answer> {
  const { batch } = settings;
  if (batch === undefined) return (body, options) => call({ path, body, is }, options);
  const join = createBatcher<Request, Answer>(path, is, {
    call,
    settings,
    batch: { maxItems: defaultMaxItems, ...batch },
  });
  return (request, options = {}) => join(request, options);
}

function settle(options: ClientOptions): Settings {
  const issues: string[] = [];
  const { baseUrl, timeoutMs = 5000, retries = 2, retryBudgetMs = 2000, batch = {} } = options;
  if (typeof baseUrl !== "string" || !URL.canParse(baseUrl, globalThis.location?.href)) {
    issues.push("baseUrl: expected the server's address, https://scores.example for example");
  }
  const between = (name: string, value: number | undefined, from: number, to = Number.MAX_SAFE_INTEGER) => {
    if (value === undefined || (value >= from && value <= to)) return;
    issues.push(`${name}: expected a number from ${from} to ${to}, got ${value}`);
  };
  between("timeoutMs", timeoutMs, 1);
  between("retries", retries, 0);
  between("retryBudgetMs", retryBudgetMs, 0);
  between("batch.maxRequests", batch.maxRequests, 2, maxRequestsPerBody);
  between("batch.waitMs", batch.waitMs, 0);
  between("batch.maxItems", batch.maxItems, 1);
  if (issues.length > 0) {
    throw new AttuneClientError(`the client's options are not valid: ${issues.join("; ")}`, {
      status: 0,
      code: "options",
      issues,
    });
  }
  return {
    clock: () => performance.now(),
    random: Math.random,
    sleep,
    // A browser's fetch must not be called as a method of something else.
    fetch: (...request) => globalThis.fetch(...request),
    ...options,
    timeoutMs,
    retries,
    retryBudgetMs,
  };
}
