import { bullets, names } from "./list.ts";

export const cliErrors = {
  /** Wrong words on the command line. `command` is absent when no command was recognised. */
  CLI_USAGE: (d: { command?: string; problem: string }) =>
    `${d.command === undefined ? "" : `${d.command}: `}${d.problem}; see \`attune ${d.command === undefined ? "" : `${d.command} `}--help\``,
  /** A file that `init` would have to overwrite. */
  CLI_EXISTS: (d: { path: string }) => `${d.path} exists already; pass --force to overwrite it`,
  /** A program called a step with an option that does not fit. */
  CLI_OPTION: (d: { step: string; problem: string }) => `${d.step}: ${d.problem}`,
  /** Something stands in the way of a command, seen before any work. Every obstacle is listed, with what to do. */
  CLI_CANNOT_START: (d: { command: string; issues: readonly string[] }) =>
    `cannot start ${d.command}:${bullets(d.issues)}`,
  /** The folder has a config of another kind, which every command would read instead of the one that `init` writes. */
  CLI_OTHER_CONFIG: (d: { path: string }) =>
    `${d.path} is this folder's config and would be read instead of a new attune.config.json; rename or remove it, or run this in another folder`,
  /** Ctrl-C at a question, before anything was written. */
  CLI_CANCELLED: (d: { command: string }) => `${d.command} was stopped at a question; nothing was written`,
  /** Ctrl-C or SIGTERM, or a config that ended the process. What finished steps have written stays and is taken again. */
  CLI_STOPPED: (d: { before?: string }) =>
    `stopped before ${d.before === undefined ? "there was an answer" : `the step ${d.before}`}; run the same command again to go on from what is done`,
  /** Columns of an events file that `init` cannot tell, or that were named and do not fit. Every problem is listed. */
  CLI_COLUMNS: (d: { path: string; issues: readonly string[]; found: readonly string[] }) =>
    `cannot tell the columns of ${d.path}:${bullets(d.issues)}\nIts columns are ${names(d.found)}. Name them, for example with \`--user COLUMN --item COLUMN\`; nothing was written`,
  /** A file given as `--items` that describes none of the events' items, or has no title. */
  CLI_ITEMS_FILE: (d: { path: string; issues: readonly string[]; found: readonly string[] }) =>
    `${d.path} does not describe the items of the events:${bullets(d.issues)}\nIts columns are ${names(d.found)}. Pass another file, or leave out --items; nothing was written`,
  /** More rows of an events file cannot be used than may be left out. Every kind is listed. */
  CLI_BAD_ROWS: (d: {
    path: string;
    badCount: number;
    rowCount: number;
    limit: number;
    needed: number;
    kinds: readonly string[];
  }) =>
    `${d.badCount} of ${d.rowCount} rows of ${d.path} cannot be used, a share of more than ${d.limit}, which is all that may be left out:${bullets(d.kinds)}\nMend the file, or pass \`--max-bad-rows ${d.needed}\` if so many may go; nothing was written`,
};
