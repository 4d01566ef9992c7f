// `attune init` on rows that cannot be used, and where a config stands already.
import { existsSync, readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createInitFolder, type InitFolder, shopRows, timeOf } from "./testing/init-folder.ts";

let folder: InitFolder;
beforeEach(() => {
  folder = createInitFolder();
});
afterEach(() => folder.remove());

describe("rows that cannot be used", () => {
  /** 600 good rows, then one of a kind each: too short, a broken quote, no time, no type, no user. */
  const dirty = (good: number) => {
    const rows = shopRows(good, (n, u, i) => `${u},${i},${n % 3 ? "view" : "buy"},${timeOf(n)}`);
    const bad = ["u1,p1,view", `u1,"p1"x,view,${timeOf(1)}`, "u1,p1,view,yesterday", `u1,p1,,${timeOf(2)}`];
    return `user,item,type,time\n${rows}${bad.join("\n")}\n,p1,view,${timeOf(3)}\n`;
  };

  test("are counted by kind with an example, refused where nobody can be asked, and the way out is said", async () => {
    folder.write("my events.csv", dirty(600));
    const { json, text } = await folder.init("--events", "my events.csv");
    expect(json.badRows).toMatchObject({ policy: "refuse", count: 4, rows: 605, missingIds: 1 });
    expect(Object.fromEntries(json.badRows.kinds.map(({ kind, count }) => [kind, count]))).toEqual({
      quotes: 1,
      columns: 1,
      type: 1,
      time: 1,
    });
    expect(text).toContain("4 of 605 rows (less than 1 %) cannot be used, and every later step refuses them");
    expect(text).toMatch(/1: .*, such as line 602: u1,p1,view\n/);
    expect(text).toMatch(/1: .*, such as line 605: nothing\n/);
    expect(text).not.toContain("mixes forms of times");
    expect(text).toContain(
      'Next: mend the file, or leave them out: attune init --events "my events.csv" --bad-rows skip --force',
    );
    expect(folder.readConfig().data.events.badRows).toBe("refuse");
    expect((await folder.attune("prepare")).json).toMatchObject({ error: { code: "DATA_BAD_ROWS" } });
  });

  test("are left out when asked for, and prepare runs", async () => {
    folder.write("events.csv", dirty(600));
    const { json, text } = await folder.init("--bad-rows", "skip");
    expect(json.badRows).toMatchObject({ policy: "skip", count: 4 });
    expect(text).toMatch(/Next: attune quickstart$/);
    expect(folder.readConfig().data.events).toMatchObject({ badRows: "skip", maxBadRows: 0.05 });
    await folder.expectPrepared({ users: 40, items: 30 });
  });

  test("of more than the limit are not left out without a limit of one's own", async () => {
    folder.write("events.csv", dirty(40));
    const { code, message } = await folder.refuse("--bad-rows", "skip");
    expect(code).toBe("CLI_BAD_ROWS");
    expect(message).toContain("4 of 45 rows");
    expect(message).toContain("--max-bad-rows 0.09");
    await folder.init("--bad-rows", "skip", "--max-bad-rows", "0.09");
    expect(folder.readConfig().data.events).toMatchObject({ badRows: "skip", maxBadRows: 0.09 });
  });

  test.each(["2", "-0.1", "many", ""])("--max-bad-rows %s is misuse", async (share) => {
    folder.write("events.csv", dirty(40));
    const { code, json } = await folder.attune("init", `--max-bad-rows=${share}`);
    expect(code).toBe(2);
    expect(json).toMatchObject({ error: { code: "CLI_USAGE" } });
  });

  test("--bad-rows takes skip or refuse", async () => {
    const { code, json } = await folder.attune("init", "--bad-rows", "drop");
    expect(code).toBe(2);
    expect(json).toMatchObject({ error: { message: expect.stringContaining("skip, refuse") } });
  });

  test("of other forms of times are counted under the form that is read", async () => {
    const rows = shopRows(1000, (n, u, i) => `${u},${i},${n % 50 ? 1.7e9 + n : timeOf(n)}`);
    folder.write("events.csv", `user,item,time\n${rows}`);
    const { json } = await folder.init("--bad-rows", "skip");
    expect(json.badRows).toMatchObject({ count: 20, kinds: [{ kind: "time", count: 20 }] });
  });
});

describe("a config that stands there", () => {
  test("is kept without --force, and goes with it", async () => {
    folder.write("events.csv", "user,item\n1,2\n");
    await folder.init();
    const before = readFileSync(folder.configFile, "utf8");
    expect((await folder.refuse("--name", "other")).code).toBe("CLI_EXISTS");
    expect(readFileSync(folder.configFile, "utf8")).toBe(before);
    await folder.init("--name", "other", "--force");
    expect(folder.readConfig().name).toBe("other");
  });

  test("in TypeScript would be read instead: refused even with --force", async () => {
    folder.write("events.csv", "user,item\n1,2\n");
    folder.write("attune.config.ts", "export default {};\n");
    const { code, message } = await folder.refuse("--force");
    expect(code).toBe("CLI_OTHER_CONFIG");
    expect(message).toContain("attune.config.ts is this folder's config and would be read instead");
    expect(existsSync(folder.configFile)).toBe(false);
  });
});
