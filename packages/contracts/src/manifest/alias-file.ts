/** The alias file of a repository of models: which names lead to which versions. Written beside the models' folders. */
import * as z from "zod/mini";

export const aliasFileVersion = 1;

/** Its name in the repository's folder. */
export const aliasFileName = "aliases.json";

/** Names of models and of aliases: a folder's name, and a part of a URL as it is. */
export const modelNamePattern = /^(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

const name = z.string().check(z.regex(modelNamePattern, "expected 1 to 128 letters, digits, . _ - (no ..)"));
const version = z.int().check(z.minimum(1));

const share = z.strictObject({
  model: name,
  version,
  /** In `[0, 1]`; the shares of a split add up to 1. 0 keeps a version ready without sending it anything. */
  share: z.number().check(z.minimum(0), z.maximum(1)),
});

const entry = z.strictObject({
  alias: name,
  model: z.optional(name),
  version: z.optional(version),
  /** Decides, with a request's key, which version of a split answers. Default 0. Another seed deals the keys anew. */
  seed: z.optional(z.int().check(z.minimum(0), z.maximum(0xffff_ffff))),
  split: z.optional(z.array(share).check(z.minLength(1))),
});

/** A list, not an object: two claims of one alias are seen. */
export const aliasFile = z.strictObject({
  schemaVersion: z.literal(aliasFileVersion),
  aliases: z.array(entry),
});

export type AliasFile = z.output<typeof aliasFile>;
export type AliasEntry = AliasFile["aliases"][number];

/** A version and the part of an alias's traffic that it gets, in `[0, 1]`. */
export type AliasTarget = z.output<typeof share>;

/** What an alias leads to: one version with all of it, or the versions of its split. */
export function aliasTargets({ model, version, split }: AliasEntry): readonly AliasTarget[] {
  if (split !== undefined) return split;
  return model === undefined || version === undefined ? [] : [{ model, version, share: 1 }];
}

/** How far a sum of decimal fractions may be from 1: `0.7 + 0.2 + 0.1` is not exactly 1. */
const sumTolerance = 1e-9;

/** What is wrong with a file that fits the schema: one line per problem, whatever the repository holds. */
export function checkAliasFile({ aliases }: AliasFile): readonly string[] {
  const issues: string[] = [];
  const seen = new Set<string>();
  for (const [index, entry] of aliases.entries()) {
    const at = `aliases[${index}]`;
    if (seen.has(entry.alias)) issues.push(`${at}: the alias ${entry.alias} is claimed twice`);
    seen.add(entry.alias);
    for (const issue of checkEntry(entry)) issues.push(`${at}: ${issue}`);
  }
  return issues;
}

function checkEntry({ alias, model, version, seed, split }: AliasEntry): readonly string[] {
  if (split === undefined) {
    const issues = [];
    if (model === undefined || version === undefined) {
      issues.push(`${alias} needs a model and a version, or a split`);
    }
    if (seed !== undefined) issues.push(`${alias} has a seed, but no split to use it`);
    return issues;
  }
  const issues = [];
  if (model !== undefined || version !== undefined) {
    issues.push(`${alias} has a split, and a model or a version beside it; leave one of them out`);
  }
  const targets = split.map((target) => `${target.model}/${target.version}`);
  const twice = targets.filter((target, index) => targets.indexOf(target) !== index);
  for (const target of new Set(twice)) issues.push(`the split of ${alias} names ${target} twice`);
  const sum = split.reduce((total, target) => total + target.share, 0);
  if (Math.abs(sum - 1) > sumTolerance) {
    issues.push(`the shares of ${alias} add up to ${Number(sum.toFixed(9))}, not to 1`);
  }
  return issues;
}
