/** Whether one model may take another's place without breaking those who ask it. */
import { AttuneError } from "@attune/contracts";
import type { ArtifactManifest } from "@attune/contracts/manifest";

/**
 * What callers of `from` would miss in `to`: the task, the version of the graph's signature, an input or output of the
 * graph, a column of a request; or one that is of another kind. More of them is fine, and so are other limits.
 */
export function swapIssues(from: ArtifactManifest, to: ArtifactManifest): readonly string[] {
  if (from.task !== to.task) return [`task: ${from.task}, then ${to.task}`];
  const issues: string[] = [];
  if (from.signature.version !== to.signature.version) {
    issues.push(`signature: version ${from.signature.version}, then ${to.signature.version}`);
  }
  compare("input", typesOf(from.signature.inputs), typesOf(to.signature.inputs), issues);
  compare("output", typesOf(from.signature.outputs), typesOf(to.signature.outputs), issues);
  compare("column", kindsOf(from), kindsOf(to), issues);
  return issues;
}

/** @throws {AttuneError} `SERVER_SWAP`. */
export function assertSwap(
  from: { readonly id: string; readonly manifest: ArtifactManifest },
  to: { readonly id: string; readonly manifest: ArtifactManifest },
): void {
  const issues = swapIssues(from.manifest, to.manifest);
  if (issues.length > 0) throw new AttuneError("SERVER_SWAP", { from: from.id, to: to.id, issues });
}

type Kinds = ReadonlyMap<string, string>;

const typesOf = (values: ArtifactManifest["signature"]["inputs"]): Kinds =>
  new Map(values.map(({ name, dtype }) => [name, dtype]));

const kindsOf = ({ inputs }: ArtifactManifest): Kinds =>
  new Map(inputs.map(({ name, kind }) => [name, kind]));

function compare(what: string, from: Kinds, to: Kinds, issues: string[]): void {
  for (const [name, kind] of from) {
    const other = to.get(name);
    if (other === undefined) issues.push(`${what} ${name}: is gone`);
    else if (other !== kind) issues.push(`${what} ${name}: ${kind}, then ${other}`);
  }
}
