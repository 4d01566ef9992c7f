/** Help texts and docs/cli.md, both written from the command list. */
import type { Command } from "./command.ts";
import { commonOptions, type OptionSpecs } from "./option.ts";

const exitCodeText = "Exit codes: 0 done, 1 failed, 2 misused, 3 a worse release (see --allow-worse)";

function optionRows(options: OptionSpecs): [string, string][] {
  const all: OptionSpecs = { ...options, ...commonOptions };
  return Object.entries(all).map(([name, spec]) => {
    const shown = spec.type === "string" ? `--${name} ${spec.placeholder ?? "VALUE"}` : `--${name}`;
    // An empty text says nothing a reader could use.
    const hasDefault = spec.default !== undefined && spec.default !== false && spec.default !== "";
    return [shown, `${spec.description}${hasDefault ? ` (default ${spec.default})` : ""}`];
  });
}

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join("\n");
}

function usage(command: Command): string {
  return ["attune", command.name, ...command.positionals, "[options]"].join(" ");
}

export function commandHelp(command: Command): string {
  const { summary, options, examples } = command;
  const parts = [summary, `Usage: ${usage(command)}`, `Options:\n${columns(optionRows(options))}`];
  if (examples.length > 0) {
    const lines = examples.map((example) => `  ${example}`).join("\n");
    parts.push(`${examples.length === 1 ? "Example" : "Examples"}:\n${lines}`);
  }
  return parts.join("\n\n");
}

export function overview(commands: readonly Command[]): string {
  const rows = commands.map((command): [string, string] => [command.name, command.summary]);
  return [
    "attune: one model, attuned to every user.",
    "",
    "Usage: attune <command> [options]",
    "",
    "Commands:",
    columns(rows),
    "",
    "Begin with your own events (csv, tsv, jsonl or parquet):",
    "  attune init --events ratings.csv",
    "  attune quickstart",
    "",
    "`attune <command> --help` shows a command's options; `attune --version` the version.",
    `${exitCodeText}.`,
  ].join("\n");
}

/** A bar would end the cell. */
function inTable(text: string): string {
  return text.replaceAll("|", "\\|");
}

/** docs/cli.md */
export function commandReference(commands: readonly Command[]): string {
  const sections = commands.map((command) => {
    const rows = optionRows(command.options).map(
      ([option, text]) => `| \`${inTable(option)}\` | ${inTable(text)} |`,
    );
    return [
      `## attune ${command.name}`,
      "",
      command.summary,
      "",
      `    ${usage(command)}`,
      "",
      "| option | meaning |",
      "|---|---|",
      ...rows,
      ...(command.examples.length > 0 ? ["", "For example:", ""] : []),
      ...command.examples.map((example) => `    ${example}`),
    ].join("\n");
  });
  return [
    "# Commands",
    "",
    `Generated from the command list (\`pnpm generate:docs\`). Text for people goes to stderr; \`--json\` prints one JSON line on stdout, also for errors: \`{ "error": { code, message, details } }\`. ${exitCodeText}. \`attune --version\` prints the version.`,
    "",
    sections.join("\n\n"),
    "",
  ].join("\n");
}
