import { describe, expect, test } from "vitest";
import { createRouteTable } from "./route-table.ts";
import { createSplit, type Split } from "./split.ts";

interface Version {
  readonly name: string;
  readonly version: number;
}

const [three, four, five] = [3, 4, 5].map((version) => ({ name: "movies", version })) as [
  Version,
  Version,
  Version,
];
const books = { name: "books", version: 1 };

function split(...shares: readonly (readonly [Version, number])[]): Split<Version> {
  const list = shares.map(([target, share]) => ({ target, id: `${target.name}/${target.version}`, share }));
  return createSplit(list, 0);
}

function tableOf(aliases: Readonly<Record<string, Split<Version>>>, targets: readonly Version[]) {
  return createRouteTable<Version>({
    aliases: new Map(Object.entries(aliases)),
    targets,
    choose: (_, [best]) => best!,
    chooseDefault: ([first]) => first,
  });
}

describe("a model's own name leads", () => {
  test("to its highest version without aliases", () => {
    expect(tableOf({}, [three, five, four]).find("movies")?.target).toBe(five);
  });

  test("to the champion, though a challenger is higher", () => {
    const aliases = { challenger: split([four, 1]), champion: split([three, 1]) };
    expect(tableOf(aliases, [three, four]).find("movies")?.target).toBe(three);
  });

  test("never to a canary, nor to what was only loaded by hand", () => {
    const aliases = { home: split([three, 0.9], [four, 0.1]) };
    expect(tableOf(aliases, [three, four, five]).find("movies")?.target).toBe(three);
  });
});

test("finds a version by its number, and of an alias only those it leads to", () => {
  const table = tableOf({ champion: split([three, 1]) }, [three, four, books]);
  expect(table.find("movies", { version: 4 })).toEqual({ target: four });
  expect(table.find("movies", { version: 9 })).toBeUndefined();
  expect(table.find("champion")).toEqual({ target: three, alias: "champion" });
  expect(table.find("champion", { version: 3 })?.target).toBe(three);
  expect(table.find("champion", { version: 4 })).toBeUndefined();
  expect(table.find("nothing")).toBeUndefined();
  expect(table.find("__proto__")).toBeUndefined();
  expect(table.find()?.target.name).toBe("movies");
  expect(table.aliasesOf(three)).toEqual(["champion"]);
  expect(table.aliasesOf(four)).toEqual([]);
});
