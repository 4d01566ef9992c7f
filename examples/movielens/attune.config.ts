import { defineConfig } from "@attune/contracts/config";

/** MovieLens (latest-small): a film rated 4 or more is one the person likes, and the model learns from likes only. */
export default defineConfig({
  name: "movielens",
  seed: 42,
  data: {
    events: {
      path: "ratings.csv",
      columns: { user: "userId", item: "movieId", rating: "rating", time: "timestamp" },
      timeUnit: "s",
    },
    items: {
      path: "movies.csv",
      columns: { item: "movieId", title: "title" },
      show: ["genres"],
      features: { genres: { kind: "set", separator: "|" } },
    },
    rules: { minRating: 4, duplicates: "last", minUserEvents: 5, minItemEvents: 5 },
    split: { kind: "leave-last-out", validation: 3, test: 3 },
  },
});
