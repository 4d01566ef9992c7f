/** Does this graph belong to this manifest, and can it be fed and read? */
import { AttuneError, type Dim, type Session, type ValueInfo } from "@attune/contracts";
import { type ArtifactManifest, signatureVersions } from "@attune/contracts/manifest";
import { columnDtype } from "../request/columns.ts";
import { taskSignatures } from "./task-signatures.ts";

/**
 * Compares a loaded graph with its manifest, and the manifest with the signature of its task that this package serves.
 *
 * @throws {AttuneError} `RUNTIME_SIGNATURE` with every difference.
 */
export function assertSignature(session: Session, manifest: ArtifactManifest): void {
  const { signature, task } = manifest;
  const issues: string[] = [];
  const version = signatureVersions[task];
  if (signature.version !== version) {
    const advice = signature.version > version ? "upgrade @attune packages" : "export the model again";
    issues.push(
      `signature.version: ${signature.version}, this package serves ${version} of ${task}; ${advice}`,
    );
  }
  checkInputs(manifest, issues);
  checkOutputs(manifest, issues);
  compareValues("input", signature.inputs, session.inputs, issues);
  compareValues("output", signature.outputs, session.outputs, issues);
  if (issues.length > 0) throw new AttuneError("RUNTIME_SIGNATURE", { issues });
}

/** The manifest must have what the task feeds; an input that is neither the task's nor a column could not be fed. */
function checkInputs({ task, signature, inputs: columns }: ArtifactManifest, issues: string[]): void {
  const { inputs, optionalInputs } = taskSignatures[task];
  const fixed = { ...inputs, ...optionalInputs };
  const needed = new Map<string, string>(Object.entries(inputs));
  for (const { name, kind } of columns) {
    if (Object.hasOwn(fixed, name))
      issues.push(`inputs: the column ${name} has the name of an input of ${task}`);
    else needed.set(name, columnDtype(kind));
  }
  for (const [name, dtype] of Object.entries(optionalInputs)) {
    if (signature.inputs.some((value) => value.name === name)) needed.set(name, dtype);
  }
  requireValues(`input`, task, needed, signature.inputs, issues);
  for (const { name } of signature.inputs) {
    if (!needed.has(name)) issues.push(`input ${name}: ${task} has no such input, and inputs no such column`);
  }
}

function checkOutputs(manifest: ArtifactManifest, issues: string[]): void {
  const { task, signature } = manifest;
  const { outputs, optionalOutputs } = taskSignatures[task];
  const needed = new Map<string, string>(Object.entries(outputs));
  const isThere = (name: string) => signature.outputs.some((value) => value.name === name);
  if (Object.keys(optionalOutputs).some(isThere)) {
    for (const [name, dtype] of Object.entries(optionalOutputs)) needed.set(name, dtype);
  }
  requireValues("output", task, needed, signature.outputs, issues);
  if (manifest.task !== "classify") return;
  const width = signature.outputs.find(({ name }) => name === "probabilities")?.dims[1];
  if (typeof width === "number" && width !== manifest.classes.length) {
    issues.push(`output probabilities: ${width} classes, the manifest names ${manifest.classes.length}`);
  }
}

function requireValues(
  kind: "input" | "output",
  task: string,
  needed: ReadonlyMap<string, string>,
  declared: readonly ValueInfo[],
  issues: string[],
): void {
  for (const [name, dtype] of needed) {
    const found = declared.find((value) => value.name === name);
    if (found === undefined)
      issues.push(`${kind} ${name}: the manifest lacks it; ${task} needs it as ${dtype}`);
    else if (found.dtype !== dtype) {
      issues.push(`${kind} ${name}: the manifest says ${found.dtype}, ${task} needs ${dtype}`);
    }
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
