/** Does this graph belong to this manifest, and can the personalizer feed it? */
import { AttuneError, type DataType, type Dim, type Session, type ValueInfo } from "@attune/contracts";
import { type ArtifactManifest, recommendSignatureVersion } from "@attune/contracts/manifest";

interface NamedValue {
  readonly name: string;
  readonly dtype: DataType;
}

/** What the `recommend` task feeds and reads, version 1 (docs/artifact.md). */
const recommendInputs: readonly NamedValue[] = [
  { name: "history", dtype: "string" },
  { name: "history_weight", dtype: "float32" },
  { name: "exclude", dtype: "string" },
  { name: "k", dtype: "int64" },
];
const recommendOutputs: readonly NamedValue[] = [
  { name: "items", dtype: "string" },
  { name: "scores", dtype: "float32" },
  { name: "source", dtype: "string" },
  { name: "unknown", dtype: "int64" },
];

/**
 * Compares a loaded graph with its manifest, and the manifest with the signature this package can serve.
 *
 * @throws {AttuneError} `RUNTIME_SIGNATURE` with every difference.
 */
export function assertSignature(session: Session, manifest: ArtifactManifest): void {
  const { signature } = manifest;
  const issues: string[] = [];
  if (signature.version > recommendSignatureVersion) {
    issues.push(
      `signature.version: ${signature.version}, this package serves up to ${recommendSignatureVersion}; upgrade @attune packages`,
    );
  }
  compareNames("input", recommendInputs, signature.inputs, issues);
  compareNames("output", recommendOutputs, signature.outputs, issues);
  compareValues("input", signature.inputs, session.inputs, issues);
  compareValues("output", signature.outputs, session.outputs, issues);
  if (issues.length > 0) throw new AttuneError("RUNTIME_SIGNATURE", { issues });
}

/** The manifest must have what the task needs; an input the task does not know could not be fed. */
function compareNames(
  kind: "input" | "output",
  needed: readonly NamedValue[],
  declared: readonly NamedValue[],
  issues: string[],
): void {
  for (const { name, dtype } of needed) {
    const found = declared.find((value) => value.name === name);
    if (found === undefined)
      issues.push(`${kind} ${name}: the manifest lacks it; recommend needs it as ${dtype}`);
    else if (found.dtype !== dtype) {
      issues.push(`${kind} ${name}: the manifest says ${found.dtype}, recommend needs ${dtype}`);
    }
  }
  if (kind === "output") return;
  for (const { name } of declared) {
    if (!needed.some((value) => value.name === name))
      issues.push(`input ${name}: recommend has no such input`);
  }
}

function compareValues(
  kind: "input" | "output",
  declared: readonly ValueInfo[],
  actual: readonly ValueInfo[],
  issues: string[],
): void {
  for (const value of declared) {
    const found = actual.find((other) => other.name === value.name);
    if (found === undefined) issues.push(`${kind} ${value.name}: the manifest names it, the model lacks it`);
    else if (found.dtype !== value.dtype || !sameDims(value.dims, found.dims)) {
      issues.push(`${kind} ${value.name}: the manifest says ${format(value)}, the model ${format(found)}`);
    }
  }
  for (const { name } of actual) {
    if (!declared.some((value) => value.name === name)) {
      issues.push(`${kind} ${name}: the model has it, the manifest does not`);
    }
  }
}

/** Rank and fixed sizes must agree. Names of symbolic dims are for people. */
function sameDims(declared: readonly Dim[], actual: readonly Dim[]): boolean {
  return (
    declared.length === actual.length &&
    declared.every((dim, axis) => {
      const other = actual[axis];
      return typeof dim === "number" || typeof other === "number" ? dim === other : true;
    })
  );
}

function format({ dtype, dims }: ValueInfo): string {
  return `${dtype} [${dims.map((dim) => dim ?? "?").join(", ")}]`;
}
