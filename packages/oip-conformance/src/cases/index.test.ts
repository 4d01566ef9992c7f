import { expect, test } from "vitest";
import { cases } from "./index.ts";

test("ids are unique, and begin with their group", () => {
  const ids = cases.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(cases.filter(({ id, group }) => !id.startsWith(`${group}.`)).map(({ id }) => id)).toEqual([]);
});

test("every case says what must hold, and where that is written", () => {
  const silent = cases.filter(({ expect: all, says, spec, title }) => {
    return all.length === 0 || !/[.;]$/.test(says) || spec.section === "" || /[.]$/.test(title);
  });
  expect(silent.map(({ id }) => id)).toEqual([]);
});
