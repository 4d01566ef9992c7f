/** Requests and answers of the scoring server. Written by `test/client/write.ts` from its OpenAPI document. */

export type Prediction = Classification | Regression | IntervalPrediction;

export interface RecommendRequest {
  /** In the order it happened, oldest first; repeats are allowed. The default weight is 1; times are epoch seconds. */
  readonly history: readonly (
    | string
    | {
        readonly item: string;
        readonly weight?: number;
        readonly time?: number;
      }
  )[];
  /** Items that are not to be answered. */
  readonly exclude?: readonly string[];
  /** Rank only these; left out or empty: the whole catalogue. */
  readonly allow?: readonly string[];
  /** Values by column, as manifest.inputs lists them; what is left out is missing. */
  readonly features?: {
    readonly [k: string]: string | number | readonly string[] | null;
  };
  /** Items to answer, at most manifest.limits.maxK. */
  readonly k?: number;
}

export interface Recommendation {
  /** Best first; never an id of exclude, nor of history unless manifest.repeats keeps them. */
  readonly ids: readonly string[];
  /** Same length as ids; comparable within one slate. */
  readonly scores: readonly number[];
  /** fallback: by popularity, for want of any item that the model knows. */
  readonly source: "model" | "fallback";
  /** History entries the model does not know. */
  readonly unknown: number;
}

export interface PredictRequest {
  /** One row: values by column, as manifest.inputs lists them; what is left out is missing. */
  readonly inputs: {
    readonly [k: string]: string | number | readonly string[] | null;
  };
}

export interface Classification {
  readonly label: string;
  readonly probabilities: {
    readonly [k: string]: number;
  };
}

export interface Regression {
  readonly value: number;
  readonly lower?: number;
  readonly upper?: number;
}

export interface IntervalPrediction {
  readonly mean: number;
  readonly lower: number;
  readonly upper: number;
  readonly level: string;
}

export interface Model {
  /** manifest.json of the artifact: `task` says which route answers, `inputs` which columns it takes; of recommend, `limits` holds maxK, maxHistory, maxExclude, maxAllow. */
  readonly manifest: {
    readonly [k: string]: unknown;
  };
  /** Of model.onnx. */
  readonly sha256: string;
  readonly runtime: {
    readonly name: string;
    readonly version: string;
  };
  /** Largest difference to the trainer on the golden rows, measured at start. */
  readonly parity: {
    readonly [k: string]: unknown;
  };
}

export interface Item {
  readonly id: string;
  readonly title: string;
  readonly [k: string]: string;
}

export interface Items {
  readonly items: readonly Item[];
  /** Asked ids that the table does not have. */
  readonly unknown: readonly string[];
}

export interface Readiness {
  readonly state: "starting" | "ready" | "failed" | "draining";
  readonly steps: {
    readonly [k: string]: "pending" | "running" | "passed" | "failed";
  };
  /** Why it is not ready; empty when it is. */
  readonly reasons: readonly string[];
  /** With a repository: each model's versions, and the code of what is wrong with one. */
  readonly models?: {
    readonly [k: string]: {
      readonly version: number;
      readonly state: "ready" | "loading" | "unavailable" | "retiring";
      readonly code?: string;
    }[];
  };
}

export interface Failure {
  readonly error: {
    /** For programs; never renamed. */
    readonly code: string;
    /** For people; says what to do. */
    readonly message: string;
    readonly details?: {
      readonly [k: string]: unknown;
    };
    /** Also in the x-request-id header and in the log. */
    readonly requestId: string;
  };
}
