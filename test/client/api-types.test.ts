import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { apiTypes, apiTypesFile } from "./api-types.ts";

test("the client's types are what the server's document says", async () => {
  expect(readFileSync(apiTypesFile, "utf8"), "run `pnpm generate:client`").toBe(await apiTypes());
});
