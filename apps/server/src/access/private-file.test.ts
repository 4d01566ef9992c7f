import { expect, test } from "vitest";
import { isPrivate, modeText } from "./private-file.ts";

const root = 0;
const server = 10_001;

test.each([
  ["its owner's alone", 0o100600, server, server, true],
  ["its owner's alone, to read", 0o100400, server, server, true],
  ["one its group reads", 0o100640, server, server, false],
  ["one all read", 0o100604, server, server, false],
  ["one its group changes", 0o100620, server, server, false],
  ["root's, which its group reads, as a Kubernetes secret is", 0o100440, root, server, true],
  ["root's, which its group changes", 0o100460, root, server, false],
  ["root's, which all read", 0o100444, root, server, false],
  ["root's for a server that is root", 0o100440, root, root, false],
  ["another user's, which the group reads", 0o100640, 5, server, false],
])("a file that is %s", (_, mode, uid, ownUid, expected) => {
  expect(isPrivate({ mode, uid }, ownUid)).toBe(expected);
});

test("a mode is shown as chmod takes it", () => {
  expect(modeText({ mode: 0o100604 })).toBe("604");
  expect(modeText({ mode: 0o100040 })).toBe("040");
});
