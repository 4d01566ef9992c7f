/** The kinds of rows that cannot be used: defects of bytes are looked for first, then those of values. */
import type { ValueDefect } from "../rules/value-defects.ts";
import type { FileDefect } from "../text-file/defects.ts";

export type BadRowKind = FileDefect | ValueDefect;
