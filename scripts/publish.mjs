// Publishes every package to the registry that npm is configured for: `pnpm release:publish [--dry-run] [npm's options]`.
// May be run again after any failure: what is there with the same bytes is skipped, with others it is an error.
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { packAll, publishedPackages } from "./pack.mjs";
import { publishedIntegrity, publishTarball, RegistryError } from "./registry.mjs";

const args = process.argv.slice(2);
const dryRun = args.includes("--dry-run");
/** `--registry URL`, `--otp CODE`, `--tag NAME`: for npm. */
const npmArgs = args.filter((word) => word !== "--dry-run");

/** Each is a process. */
const atOnce = 4;

/** Whoever resumes by hand needs every name. */
function names(packages) {
  return packages.length === 0 ? "nothing" : packages.map(({ name }) => name).join(", ");
}

/** @returns {Promise<Map<string, string>>} name → integrity of what the registry has. One look decides whether it answers. */
async function lookUp(packages) {
  const found = new Map();
  const look = async ({ name, version }) => {
    const integrity = await publishedIntegrity(name, version, npmArgs);
    if (integrity !== undefined) found.set(name, integrity);
  };
  const [first, ...others] = packages;
  await look(first);
  for (let start = 0; start < others.length; start += atOnce)
    await Promise.all(others.slice(start, start + atOnce).map(look));
  return found;
}

function packForPublishing(destination) {
  try {
    return packAll(destination);
  } catch (cause) {
    throw new Error(`nothing was published: ${cause.message}`, { cause });
  }
}

function assertSame(packed, found) {
  const others = packed.filter(({ name, integrity }) => found.has(name) && found.get(name) !== integrity);
  if (others.length === 0) return;
  throw new Error(
    `version ${others[0].version} is in the registry with other content: ${names(others)}. Nothing was published; a version never changes: raise it (\`pnpm changeset\`, \`pnpm changeset version\`), build and publish again`,
  );
}

/** What others depend on goes first; what hangs on nothing that is left goes together. */
async function publishMissing(packed, there) {
  let missing = packed.filter(({ name }) => !there.has(name));
  const published = [];
  while (missing.length > 0) {
    const left = new Set(missing.map(({ name }) => name));
    const free = missing.filter(({ dependencies }) => dependencies.every((name) => !left.has(name)));
    const wave = free.slice(0, atOnce);
    const results = await Promise.allSettled(wave.map(({ file }) => publishTarball(file, npmArgs)));
    const done = wave.filter((_, at) => results[at].status === "fulfilled");
    for (const { name, version } of done) console.log(`${name}@${version} published`);
    published.push(...done);
    missing = missing.filter((entry) => !done.includes(entry));
    const at = results.findIndex(({ status }) => status === "rejected");
    if (at < 0) continue;
    const { reason } = results[at];
    if (!(reason instanceof RegistryError)) throw reason;
    throw new Error(
      `the registry refuses ${wave[at].name}: ${reason.message}. Published now: ${names(published)}; there before: ${names(packed.filter(({ name }) => there.has(name)))}; not published: ${names(missing)}. ${reason.advice}, then run this again: what is published is skipped`,
    );
  }
}

const folder = mkdtempSync(path.join(os.tmpdir(), "attune-publish-"));
try {
  const there = await lookUp(publishedPackages().map(({ manifest }) => manifest));
  const packed = packForPublishing(path.join(folder, "packs"));
  assertSame(packed, there);
  for (const { name, version } of packed) if (there.has(name)) console.log(`${name}@${version} is there`);
  if (!dryRun) await publishMissing(packed, there);
  for (const { name, version } of packed)
    if (dryRun && !there.has(name)) console.log(`${name}@${version} would be published`);
} catch (error) {
  const { message } = error;
  console.error(
    error instanceof RegistryError
      ? `publish: the registry does not answer as it should: ${message}. Nothing was published. ${error.advice}, then run this again`
      : `publish: ${message}`,
  );
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
