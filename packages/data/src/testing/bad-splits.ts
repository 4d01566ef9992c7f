/** Splits that cannot be made, and given ones that do not hold: what is refused, and what is said. For tests. */
import type { ErrorCode } from "@attune/contracts";
import { gridCsv } from "./project.ts";

/** Input that `prepareDataset` must refuse. */
export interface BadInput {
  readonly name: string;
  readonly code: ErrorCode;
  /** The events file; `undefined` writes none. */
  readonly events?: string | Uint8Array;
  readonly path?: string;
  readonly config?: object;
  readonly details?: object;
  /** What the message must say. */
  readonly says?: RegExp;
}

const roleColumns = { user: "user", item: "item", time: "time" };
const givenByColumn = {
  events: { path: "events.csv", columns: roleColumns },
  split: { kind: "given", column: "role" },
};
const header = "user,item,rating,time\n";

export const badSplits: readonly BadInput[] = [
  {
    name: "no time, split by time",
    code: "CONFIG_INVALID",
    events: gridCsv,
    config: {
      events: { path: "events.csv", columns: { user: "user", item: "item" } },
      split: { kind: "global-time" },
    },
    says: /global-time: needs a column for data.events.columns.time/,
  },
  {
    name: "a split by time when all times are equal",
    code: "DATA_SPLIT_EMPTY",
    events: gridCsv.replace(/,\d+$/gm, ",7"),
    config: { split: { kind: "global-time" } },
    details: { role: "train and no validation" },
    says: /leave-last-out/,
  },
  {
    name: "instants behind which nothing lies",
    code: "DATA_SPLIT_EMPTY",
    events: gridCsv,
    config: {
      split: {
        kind: "global-time",
        validationFrom: "1970-01-01T00:05:00Z",
        testFrom: "1970-01-01T01:00:00Z",
      },
    },
    details: { role: "test" },
    says: /move the instants/,
  },
  {
    name: "targets that all repeat what their user had met",
    code: "DATA_SPLIT_EMPTY",
    events: `${header}a,w,1,1\na,w,2,2\na,w,3,3\nb,w,1,1\nb,x,2,2\nb,w,3,3\n`,
    details: { role: "test" },
    says: /data\.rules\.repeats: keep/,
  },
  {
    name: "a given split with values that are no roles, all of them with counts",
    code: "DATA_BAD_ROWS",
    events: "user,item,time,role\na,w,1,train\na,x,2,dev\nb,w,3,dev\nb,x,4,\nb,y,5,Test\n,y,5,holdout\n",
    config: givenByColumn,
    details: {
      count: 4,
      kinds: [
        {
          kind: "role",
          problem: "no role of the split (there are train, validation, test)",
          count: 4,
          examples: [
            { line: 3, place: "line 3", column: "role", text: "dev", count: 2 },
            { line: 5, place: "line 5", column: "role", text: "", count: 1 },
            { line: 6, place: "line 6", column: "role", text: "Test", count: 1 },
          ],
        },
      ],
      missingIds: 1,
    },
  },
  {
    name: "a given split that overlaps and leaves a role empty",
    code: "DATA_GIVEN_SPLIT",
    events: "user,item,time,role\na,w,1,train\na,w,1,test\nb,w,3,train\nb,w,4,test\nb,x,5,train\n",
    config: givenByColumn,
    details: {
      issues: [
        "no validation row is left; data.split.carve takes a share of the train rows for it (0.1, for example)",
        "events in two roles (of one user, item and time): 1; take each out of all roles but one",
        'user "a", item "w" is in train and in test',
      ],
    },
  },
  {
    name: "a given split without time that has a pair in two roles",
    code: "DATA_GIVEN_SPLIT",
    events: "user,item,role\na,w,train\na,w,test\nb,x,validation\nb,x,validation\n",
    config: { ...givenByColumn, events: { path: "events.csv", columns: { user: "user", item: "item" } } },
    details: {
      issues: [
        "events in two roles (as pairs of user and item): 1; take each out of all roles but one, or set data.rules.repeats: keep, for things people do again",
        'user "a", item "w" is in train and in test',
      ],
    },
  },
  {
    name: "validation rows where a share is to be carved",
    code: "DATA_GIVEN_SPLIT",
    events: "user,item,time,role\na,w,1,train\na,x,2,validation\na,y,3,test\n",
    config: { ...givenByColumn, split: { kind: "given", column: "role", carve: 0.2 } },
    details: { issues: ["1 rows are validation, so there is nothing to carve: drop data.split.carve"] },
  },
  {
    name: "a given test file that is not there",
    code: "DATA_FILE_NOT_FOUND",
    events: gridCsv,
    config: { split: { kind: "given", testFile: "test.csv", carve: 0.1 } },
    details: { role: "test" },
  },
  {
    name: "a column for the split that the file lacks",
    code: "DATA_MISSING_COLUMN",
    events: gridCsv,
    config: { split: { kind: "given", column: "role" } },
    details: { missing: ["role"] },
  },
  {
    name: "a split that leaves no one",
    code: "DATA_SPLIT_EMPTY",
    events: gridCsv,
    config: { split: { kind: "by-user", validation: 0.01, test: 0.01 } },
    details: { role: "validation and no test" },
  },
];
