import { isAttuneError } from "@attune/contracts";
import { expect, test } from "vitest";
import { assertNode } from "./node-version.ts";

test.each(["v22.12.0", "v22.23.3", "v23.0.0", "v24.1.0-nightly20250101"])("Node %s will do", (version) => {
  expect(() => assertNode(version)).not.toThrow();
});

test.each(["v22.11.0", "v20.20.2", "v18.0.0", "v9.99.99"])("Node %s is refused", (version) => {
  let caught: unknown;
  try {
    assertNode(version);
  } catch (error) {
    caught = error;
  }
  expect(isAttuneError(caught, "NODE_VERSION")).toBe(true);
  expect((caught as Error).message).toContain(`needs Node 22.12 or newer; this is ${version}. Install`);
  expect((caught as Error).message).not.toContain("\n");
});
