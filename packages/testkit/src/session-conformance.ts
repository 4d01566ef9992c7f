/** The conformance suite under vitest. Every implementation of `Session` calls it from one test file. */
import type { CreateSession } from "@attune/contracts";
import { describe, expect, test } from "vitest";
import { conformanceCases } from "./conformance/cases.ts";

/** Case name → why this runtime cannot keep it. */
export type ConformanceSkips = Readonly<Record<string, string>>;

/**
 * Registers one test per case.
 *
 * @param skips - cases this runtime is known not to keep. Each must still fail, so a skip cannot outlive its reason.
 */
export function sessionConformance(name: string, create: CreateSession, skips: ConformanceSkips = {}): void {
  describe(`${name} keeps the Session contract`, () => {
    test.each(conformanceCases)("$name", async (conformanceCase) => {
      const reason = skips[conformanceCase.name];
      if (reason === undefined) await expect(conformanceCase.run(create)).resolves.toBeUndefined();
      else await expect(conformanceCase.run(create), `no longer needed: ${reason}`).rejects.toThrow();
    });

    test("skips name cases that exist", () => {
      const names = conformanceCases.map((conformanceCase) => conformanceCase.name);
      expect(Object.keys(skips).filter((skip) => !names.includes(skip))).toEqual([]);
      expect(new Set(names).size).toBe(names.length);
    });
  });
}
