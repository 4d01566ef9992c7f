import { expect, test } from "vitest";
import { ops } from "./index.ts";
import { opsTable } from "./table.ts";

// `vitest run packages/onnx -u` writes the page anew after a change of the list.
test("docs/ops.md is the op list", async () => {
  await expect(opsTable()).toMatchFileSnapshot("../../../../docs/ops.md");
});

test("each entry has a row", () => {
  const rows = opsTable().match(/^\| [A-Z]\w+ \| \d/gm) ?? [];
  expect(rows.length).toBe(ops.length);
});
