/** Pieces that every schema of the document is made of. */
import { toJSONSchema, type ZodMiniType } from "zod/mini";

export type JsonSchema = Readonly<Record<string, unknown>>;

/** Exactly these properties. */
export function object(
  properties: JsonSchema,
  required: readonly string[] = Object.keys(properties),
): JsonSchema {
  return { type: "object", properties, required, additionalProperties: false };
}

/** A schema of contracts as JSON Schema. */
export function fromZod(schema: ZodMiniType): JsonSchema {
  const { $schema: _, ...rest } = toJSONSchema(schema, {
    // zod bounds integers by what a double holds; the real bound of k is the artifact's.
    override({ jsonSchema }) {
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
  return rest;
}

/** A component by its name. */
export function reference(name: string): JsonSchema {
  return { $ref: `#/components/schemas/${name}` };
}
