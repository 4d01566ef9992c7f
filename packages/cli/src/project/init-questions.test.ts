// Questions at a terminal, answered by keys through a pair of streams as a terminal would give them.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { answerWith, keys, type Person } from "../testing/answers.ts";
import { createFolder, createIo, type Folder } from "../testing/terminal.ts";
import { type InitInput, initProject } from "./init-project.ts";

let folder: Folder;
beforeEach(() => {
  folder = createFolder();
});
afterEach(() => folder.remove());

const configFile = () => path.join(folder.dir, "attune.config.json");
const configText = () => readFileSync(configFile(), "utf8");

/** @param said - gets the lines for people. */
function init(person: Person, input: Partial<InitInput> = {}, said: string[] = []) {
  const io = createIo(folder.dir, said, { terminal: person });
  return initProject({ events: "e.csv", force: false, ask: true, ...input }, io);
}

test("a column that cannot be told is asked for, with what stands in it; the first that is free is preselected", async () => {
  folder.write("e.csv", "item,who,what\ni1,ann,x\n");
  const person = answerWith(keys.enter);
  expect((await init(person)).columns).toMatchObject({ user: "who", item: "item" });
  expect(person.shown()).toContain("Which column says who did it (the user)?");
  expect(person.shown()).toContain("such as ann");
});

test("a likely column is preselected, and another can be chosen", async () => {
  folder.write("e.csv", "x,author,title\n1,ann,T\n");
  const person = answerWith(keys.enter, keys.down + keys.enter);
  expect((await init(person)).columns).toEqual({ user: "author", item: "x" });
});

test("nothing is asked when nothing is open, or when it may not be asked", async () => {
  folder.write("e.csv", "user,item\n1,2\n");
  await init(answerWith());
  expect(existsSync(configFile())).toBe(true);
  folder.write("e.csv", "who,item\n1,2\n");
  await expect(init(answerWith(), { ask: false, force: true })).rejects.toMatchObject({
    code: "CLI_COLUMNS",
  });
});

test("an existing config goes only when the answer is yes", async () => {
  folder.write("e.csv", "user,item\n1,2\n");
  await init(answerWith(), { name: "first" });
  const before = configText();
  await expect(init(answerWith(keys.enter), { name: "second" })).rejects.toMatchObject({
    code: "CLI_EXISTS",
  });
  expect(configText()).toBe(before);
  await init(answerWith("y"), { name: "second" });
  expect(configText()).toContain('"second"');
});

const rows = (good: number) =>
  `user,item\n${Array.from({ length: good }, (_, n) => `u${n},i${n}`).join("\n")}\nbroken\n`;

test("rows that cannot be used are shown with their count; refusing is preselected, leaving out can be chosen", async () => {
  folder.write("e.csv", rows(99));
  const person = answerWith(keys.enter);
  const said: string[] = [];
  const { badRows } = await init(person, {}, said);
  expect(badRows).toMatchObject({ badRows: "refuse", report: { badCount: 1 } });
  expect(said.join("\n")).toMatch(/ {2}- 1: wrong number of columns .*, such as line 101: broken/);
  expect(person.shown()).toContain("1 of 100 rows (1 %) cannot be used.");
  expect((await init(answerWith(keys.down + keys.enter), { force: true })).badRows.badRows).toBe("skip");
  expect(JSON.parse(configText()).data.events).toMatchObject({ badRows: "skip" });
  expect(JSON.parse(configText()).data.events).not.toHaveProperty("maxBadRows");
});

test("more bad rows than the limit: the limit is raised only by an answer that says so", async () => {
  folder.write("e.csv", rows(9));
  const person = answerWith(keys.down + keys.enter);
  await init(person, { badRows: "skip" });
  expect(person.shown()).toContain("more than the limit of 5 %");
  expect(person.shown()).toContain("raise the limit to 10 %");
  expect(JSON.parse(configText()).data.events).toMatchObject({ badRows: "skip", maxBadRows: 0.1 });
});

test("what the command line says of bad rows is not asked", async () => {
  folder.write("e.csv", rows(99));
  expect((await init(answerWith(), { badRows: "skip" })).badRows.badRows).toBe("skip");
  expect((await init(answerWith(), { badRows: "refuse", force: true })).badRows.badRows).toBe("refuse");
});

test("Ctrl-C at a question ends with nothing written", async () => {
  folder.write("e.csv", "who,item\n1,2\n");
  await expect(init(answerWith(keys.ctrlC))).rejects.toMatchObject({
    code: "CLI_CANCELLED",
    message: expect.stringContaining("nothing was written"),
  });
  expect(existsSync(configFile())).toBe(false);
});
