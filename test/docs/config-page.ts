/** docs/config.md from the config's schema: every key with its type, default and meaning. */
import { configJsonSchema } from "@attune/contracts/config";

interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly additionalProperties?: Schema | boolean;
}

function typeOf(schema: Schema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(" \\| ");
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return choices.map(typeOf).join(" or ");
  if (schema.type === "array") return `list of ${typeOf(schema.items ?? {})}`;
  if (schema.type === "object" && schema.properties === undefined)
    return `name → ${typeOf(schema.additionalProperties as Schema)}`;
  return schema.type ?? "any";
}

function* rows(schema: Schema, path: string, required: boolean): Generator<string> {
  const variants = schema.oneOf ?? schema.anyOf;
  if (variants?.every((variant) => variant.properties?.kind?.const !== undefined)) {
    for (const variant of variants) {
      const kind = variant.properties!.kind!;
      yield `| \`${path}.kind\` | ${typeOf(kind)} |  | ${kind.description ?? ""} |`;
      for (const [key, child] of Object.entries(variant.properties!)) {
        if (key !== "kind") yield* rows(child, `${path}.${key}`, false);
      }
    }
    return;
  }
  if (schema.properties !== undefined) {
    for (const [key, child] of Object.entries(schema.properties)) {
      yield* rows(child, path === "" ? key : `${path}.${key}`, schema.required?.includes(key) ?? false);
    }
    return;
  }
  const fallback =
    schema.default === undefined ? (required ? "needed" : "") : `\`${JSON.stringify(schema.default)}\``;
  yield `| \`${path}\` | ${typeOf(schema)} | ${fallback} | ${schema.description ?? ""} |`;
}

/** One table a task: keys that only one task has stand nowhere else. */
function taskSection(schema: Schema): string[] {
  const task = schema.properties!.task!;
  return [
    `## \`task: ${JSON.stringify(task.const)}\``,
    "",
    `${task.description![0]!.toUpperCase()}${task.description!.slice(1)}.`,
    "",
    "| key | type | default | meaning |",
    "|---|---|---|---|",
    ...Object.entries(schema.properties!)
      .filter(([key]) => key !== "task")
      .flatMap(([key, child]) => [...rows(child, key, schema.required?.includes(key) ?? false)]),
    "",
  ];
}

export function configPage(): string {
  const { oneOf = [] } = configJsonSchema() as Schema;
  return [
    "# The config",
    "",
    "Generated from its schema (`pnpm generate:docs`). A project is a folder with an `attune.config.ts`, `attune.config.mjs`,",
    "`attune.config.js` (each `export default { … }`) or `attune.config.json`; of several the first in this order is taken. Paths are relative to it.",
    "(A `.ts` config needs Node 22.18 or newer; where `@attune/contracts` is installed, `defineConfig` of `@attune/contracts/config` types it.) A misspelt",
    "key is an error; all mistakes are reported at once.",
    "",
    "`task` says what the model is asked for; without it, it is `recommend`, the one task that has trainers and a data step today: the others are refused",
    "with `TRAIN_NO_TRAINER`. A config of an earlier version is refused with what to change.",
    "",
    ...oneOf.flatMap(taskSection),
  ].join("\n");
}
