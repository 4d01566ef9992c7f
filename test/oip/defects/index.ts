/** What servers get wrong, one thing at a time, and the cases that are there to find it. */
import type { KnownDefect } from "./defect.ts";
import { errorDefects } from "./errors.ts";
import { metadataDefects } from "./metadata.ts";
import { tensorsDefects } from "./tensors.ts";

export const defects: readonly KnownDefect[] = [...metadataDefects, ...errorDefects, ...tensorsDefects];
