/** Values against the schemas, in words. */
import { Ajv, type ErrorObject } from "ajv";
import { extensions } from "./extensions.ts";
import { openInferenceRest } from "./open-inference-rest.ts";

const schemas = { ...openInferenceRest, ...extensions };

export type SchemaName = keyof typeof schemas;

const ajv = new Ajv({ allErrors: true, strict: true, strictRequired: false });
for (const [name, schema] of Object.entries(schemas)) ajv.addSchema(schema, name);

/** What is wrong with `value`, at most three problems; undefined when it is as the schema says. */
export function checkSchema(name: SchemaName, value: unknown): string | undefined {
  const validate = ajv.getSchema(name)!;
  if (validate(value)) return undefined;
  const problems = [...new Set(validate.errors!.map(describe))];
  return problems.slice(0, 3).join("; ");
}

/** True when `value` is what the schema says, for callers that go on with it. */
export function fitsSchema(name: SchemaName, value: unknown): boolean {
  return checkSchema(name, value) === undefined;
}

function describe({ instancePath, message }: ErrorObject): string {
  const path = instancePath.slice(1).replaceAll("/", ".");
  return `${path === "" ? "the body" : path} ${message}`;
}
