/** The help text of `attune-server`, and the table of docs/serving.md. */
import { describeDefault, flagOf, type OptionDefinition, variableOf } from "./option.ts";
import { serverOptions } from "./table.ts";

const ownFlags: readonly (readonly [flag: string, meaning: string])[] = [
  ["--config FILE", 'read options from a JSON file, such as { "port": 8080, "maxQueueMs": 50 }'],
  ["--print-config", "print every option in force, and where it was given, as JSON; then end"],
  ["--help", "show this text"],
];

function rows(): readonly (readonly [name: string, definition: OptionDefinition])[] {
  return Object.entries(serverOptions);
}

export function helpText(): string {
  const lines = [
    ...rows().map(([name, definition]): readonly [string, string] => [
      `--${flagOf(name)} ${definition.placeholder}`,
      `${definition.description}${describeDefault(definition)}`,
    ]),
    ...ownFlags,
  ];
  const width = Math.max(...lines.map(([flag]) => flag.length));
  return `attune-server --artifact DIR [options], or --models DIR

Answers over HTTP with the model of an artifact, or with those of a repository.

Options:
${lines.map(([flag, meaning]) => `  ${flag.padEnd(width)}  ${meaning}`).join("\n")}

--max-queue-ms is ATTUNE_MAX_QUEUE_MS in the environment and maxQueueMs in a file (--config, or ATTUNE_CONFIG). A flag
counts before the environment, the environment before the file.

Signals: SIGTERM and SIGINT drain, a second one ends at once. Exit codes: 0 drained and closed, 1 failed, 2 misused.
`;
}

/** Rows of markdown: flag, environment, file, default, meaning. */
export function optionsTable(): string {
  const cell = (text: string) => text.replaceAll("|", "\\|");
  return [
    "| flag | environment | file | default | meaning |",
    "|---|---|---|---|---|",
    ...rows().map(([name, definition]) => {
      const { placeholder, description, default: value = "" } = definition;
      const shown = String(value) === "" ? "" : `\`${value}\``;
      return `| \`--${flagOf(name)} ${cell(placeholder)}\` | \`${variableOf(name)}\` | \`${name}\` | ${shown} | ${cell(description)} |`;
    }),
  ].join("\n");
}
