import { expect, test } from "vitest";
import { startReason } from "./start-reason.ts";

test("a browser that hangs is said in words", () => {
  const cause = new Error("browserType.launch: Timeout 60000ms exceeded.\nCall log:\n  - <launching> sleep");
  expect(startReason(cause)).toBe("it did not answer within 60 s");
});
