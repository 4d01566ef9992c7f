/** The engines, in the order of the table. */
import { attune, attuneInfer } from "./attune.ts";
import { bare } from "./bare.ts";
import type { ServeEngine } from "./engine.ts";
import { fastapi, mlserver } from "./python.ts";

/** Its answers are the right ones: the graph's, and nothing of ours between. */
export const reference = bare;

export const engines: readonly ServeEngine[] = [attune, bare, fastapi, mlserver, attuneInfer];
