import { expect, test } from "vitest";
import { checkFinite } from "./check-finite.ts";
import { startKernelThreads } from "./kernel-threads.ts";
import { createWasmMemory } from "./wasm-memory.ts";

test.each([1, 2, 3])("lists of thousands of calls are made whole, on %i thread(s)", async (count) => {
  const [calls, lineBytes] = [5000, 64];
  const memory = createWasmMemory(2 * count * calls * lineBytes, count > 1);
  const threads = startKernelThreads(memory, [checkFinite], count);
  expect(threads.count).toBe(count);
  // Each call looks at a line of its own, which holds ∞, and leaves its finding in the line behind.
  const words = new Float32Array(memory.buffer);
  const lineOf = (list: number, call: number) => 2 * (list * calls + call);
  const lists = Array.from({ length: count }, (_, list) =>
    Array.from({ length: calls }, (_, call) => {
      const from = lineOf(list, call) * lineBytes;
      words[from / 4] = Number.POSITIVE_INFINITY;
      return { target: checkFinite, values: [from, from + lineBytes, from + lineBytes] };
    }),
  );
  threads.run(lists);
  for (let list = 0; list < count; list++) {
    for (let call = 0; call < calls; call++) {
      if (words[((lineOf(list, call) + 1) * lineBytes) / 4] === 0) {
        throw new Error(`call ${call} of list ${list} was not made`);
      }
    }
  }
  await threads.close();
});
