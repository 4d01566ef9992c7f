/** Golden rows over the tiny columns. */
import type { TinyRow } from "../columns/tiny-columns.ts";

export const contextRows: Readonly<Record<string, TinyRow>> = {
  row: { age: 41, country: "at", tags: ["new"], note: "gift" },
  missing: { age: null, country: null, tags: null, note: null },
  "empty-set": { age: 12.3, country: "日本", tags: [], note: "" },
  unknown: { age: -7, country: "xx", tags: ["?", "sale", "new"], note: "hello" },
};
