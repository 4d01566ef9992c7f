/** Values that a JSON Schema allows, its bounds above all, and values that are one step away from them. */
import fc from "fast-check";
import type { JsonSchema } from "../json-schema.ts";

export type Schemas = Readonly<Record<string, JsonSchema>>;

/** As many as each kind of list is tried with, unless its bound is looked for. */
const fewEntries = 4;

/** Characters of a text, unless its bound is looked for. */
const usualLength = 24;

/** Lists of up to this many entries are tried at their bound. */
const longestList = 64;

/** @param schemas - the components that `$ref` leads to. */
export function valuesOf(schema: JsonSchema, schemas: Schemas): fc.Arbitrary<unknown> {
  if (typeof schema.$ref === "string") return valuesOf(schemas[schema.$ref.split("/").at(-1)!]!, schemas);
  const choices = (schema.oneOf ?? schema.anyOf) as readonly JsonSchema[] | undefined;
  if (choices !== undefined) {
    const { oneOf: _one, anyOf: _any, ...rest } = schema;
    return fc.oneof(...choices.map((choice) => valuesOf({ ...rest, ...choice }, schemas)));
  }
  const types = [schema.type].flat();
  return fc.oneof(...types.map((type) => valuesOfType(String(type), schema, schemas)));
}

function valuesOfType(type: string, schema: JsonSchema, schemas: Schemas): fc.Arbitrary<unknown> {
  switch (type) {
    case "null":
      return fc.constant(null);
    case "string":
      return texts(schema);
    case "integer":
      return integers(schema);
    case "number":
      return numbers(schema);
    case "array":
      return lists(schema, schemas);
    case "object":
      return objects(schema, schemas);
    default:
      throw new Error(`no values for ${JSON.stringify(schema)}`);
  }
}

/** A usual text; a long one is rare, and as long as it may be. */
function texts({ pattern = "", maxLength = usualLength }: JsonSchema): fc.Arbitrary<string> {
  const expression = new RegExp(pattern as string, "u");
  const longest = Number(maxLength);
  const lengths = { maxLength: Math.min(usualLength, longest) };
  const long = fc.string({
    unit: fc.constantFrom("a", "😀"),
    minLength: longest,
    maxLength: longest,
    size: "max",
  });
  return fc
    .oneof(
      { arbitrary: fc.string({ unit: "grapheme", ...lengths }), weight: 10 },
      { arbitrary: fc.string({ unit: "binary", ...lengths }), weight: 10 },
      { arbitrary: fc.constantFrom("__proto__", "constructor", " ", "item-0", "\ud800", "\n"), weight: 10 },
      { arbitrary: long, weight: 1 },
    )
    .filter((value) => expression.test(value) && [...value].length <= longest);
}

function integers({ minimum, maximum = 1_000_000 }: JsonSchema): fc.Arbitrary<number> {
  const min = minimum as number;
  const max = maximum as number;
  return fc.oneof(fc.integer({ min, max }), fc.constantFrom(min, max));
}

function numbers({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonSchema): fc.Arbitrary<number> {
  const min = (minimum ?? exclusiveMinimum ?? -Number.MAX_VALUE) as number;
  const max = (maximum ?? exclusiveMaximum ?? Number.MAX_VALUE) as number;
  const bounds = {
    min,
    max,
    minExcluded: exclusiveMinimum !== undefined,
    maxExcluded: exclusiveMaximum !== undefined,
  };
  const inner = fc.double({ ...bounds, noNaN: true });
  return minimum === undefined ? inner : fc.oneof(inner, fc.constantFrom(min, max));
}

function lists(schema: JsonSchema, schemas: Schemas): fc.Arbitrary<unknown[]> {
  const entries = valuesOf(schema.items as JsonSchema, schemas);
  const minLength = Number(schema.minItems ?? 0);
  const maxItems = Number(schema.maxItems ?? fewEntries);
  const few = fc.array(entries, { minLength, maxLength: Math.min(fewEntries, maxItems) });
  if (maxItems > longestList) return few;
  return fc.oneof(
    { arbitrary: few, weight: 7 },
    { arbitrary: fc.array(entries, { minLength: maxItems, maxLength: maxItems }), weight: 1 },
  );
}

function objects(schema: JsonSchema, schemas: Schemas): fc.Arbitrary<object> {
  const properties = (schema.properties ?? {}) as Readonly<Record<string, JsonSchema>>;
  const required = (schema.required ?? []) as string[];
  const known = Object.entries(properties).map(([name, one]) =>
    (required.includes(name)
      ? valuesOf(one, schemas).map((value) => ({ value }))
      : fc.option(
          valuesOf(one, schemas).map((value) => ({ value })),
          { nil: undefined },
        )
    ).map((entry) => (entry === undefined ? [] : [[name, entry.value] as const])),
  );
  const others = schema.additionalProperties;
  const more =
    typeof others === "object" && others !== null
      ? fc.array(fc.tuple(fc.string(), valuesOf(others as JsonSchema, schemas)), { maxLength: fewEntries })
      : fc.constant([]);
  return fc
    .tuple(fc.tuple(...known), more)
    .map(([entries, extra]) => Object.fromEntries([...entries.flat(), ...extra]));
}

const strangers = [
  "a".repeat(4097),
  null,
  true,
  false,
  0,
  1,
  -1,
  0.5,
  1e-16,
  1e16,
  1e300,
  -1e300,
  257,
  "",
  "a\0b",
  "5",
  [],
  [[]],
  [""],
  {},
  { item: "" },
  { a: 1 },
] as const;

/** One change somewhere in a JSON value: often no longer what the schema allows, sometimes still. */
export function changed(value: unknown): fc.Arbitrary<unknown> {
  return fc
    .record({
      at: fc.array(fc.nat(1000), { maxLength: 6 }),
      how: fc.constantFrom("replace", "replace", "remove", "add", "repeat"),
      stranger: fc.constantFrom(...strangers),
      name: fc.constantFrom(
        "k",
        "history",
        "item",
        "weight",
        "time",
        "inputs",
        "requests",
        "__proto__",
        "other",
        "",
      ),
    })
    .map((change) => applied(value, change));
}

interface Change {
  readonly at: readonly number[];
  readonly how: string;
  readonly stranger: unknown;
  readonly name: string;
}

function applied(value: unknown, { at: [step, ...at], ...change }: Change): unknown {
  const isList = Array.isArray(value);
  const entries: [string, unknown][] =
    typeof value === "object" && value !== null ? Object.entries(value) : [];
  if (step !== undefined && entries.length > 0) {
    const index = step % entries.length;
    const [name, inner] = entries[index]!;
    entries[index] = [name, applied(inner, { at, ...change })];
    return rebuilt(entries, isList);
  }
  if (change.how === "replace" || (entries.length === 0 && change.how !== "add")) return change.stranger;
  if (change.how === "remove") return rebuilt(entries.slice(1), isList);
  if (change.how === "repeat") {
    const many = Array.from({ length: 60 }, () => entries[0]!);
    return rebuilt(isList ? many : entries, isList);
  }
  return rebuilt([...entries, [change.name, change.stranger]], isList);
}

function rebuilt(entries: readonly (readonly [string, unknown])[], isList: boolean): unknown {
  return isList ? entries.map(([, value]) => value) : Object.fromEntries(entries);
}
