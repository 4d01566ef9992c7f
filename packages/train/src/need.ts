/** What a trainer may need of the data. */

/** What a trainer needs of the data beyond who met what. Without time, the order of the file is the order. */
export type Need = "order" | "time" | "itemFeatures" | "userFeatures";
