/** Help texts and docs/cli.md, both written from the command list. */
import { type Command, commonOptions, type OptionSpecs } from "./command.ts";

function optionRows(options: OptionSpecs): [string, string][] {
  return Object.entries({ ...options, ...commonOptions }).map(([name, spec]) => {
    const shown = spec.type === "string" ? `--${name} ${spec.placeholder ?? "VALUE"}` : `--${name}`;
    const fallback = spec.default === undefined || spec.default === false ? "" : ` (default ${spec.default})`;
    return [shown, `${spec.description}${fallback}`];
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
  return `${command.summary}\n\nUsage: ${usage(command)}\n\nOptions:\n${columns(optionRows(command.options))}`;
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
    "`attune <command> --help` shows a command's options. Exit codes: 0 done, 1 failed, 2 misused.",
  ].join("\n");
}

/** docs/cli.md */
export function commandReference(commands: readonly Command[]): string {
  const sections = commands.map((command) => {
    const rows = optionRows(command.options).map(([option, text]) => `| \`${option}\` | ${text} |`);
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
    ].join("\n");
  });
  return [
    "# Commands",
    "",
    'Generated from the command list (`pnpm generate:docs`). Text for people goes to stderr; `--json` prints one JSON line on stdout, also for errors: `{ "error": { code, message, details } }`. Exit codes: 0 done, 1 failed, 2 misused.',
    "",
    sections.join("\n\n"),
    "",
  ].join("\n");
}
