/** The one list of what an export does by task: nothing else switches on task names. */
import type { TaskName } from "@attune/contracts";
import { classifyExport } from "./classify.ts";
import { hierarchicalExport } from "./hierarchical.ts";
import { recommendExport } from "./recommend.ts";
import { regressExport } from "./regress.ts";
import type { TaskExport } from "./task-export.ts";

export const taskExports: { readonly [T in TaskName]: TaskExport<T> } = {
  recommend: recommendExport,
  classify: classifyExport,
  regress: regressExport,
  hierarchical: hierarchicalExport,
};
