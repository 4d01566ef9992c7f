/** The requests of the serving benchmark: made-up histories of the artifact's golden rows, of varying length. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type ArtifactManifest, type GoldenRow, parseGoldenFile } from "@attune/contracts/manifest";
import { BenchError } from "./bench.ts";

/** One request, for the server's body and for the bare graph alike. */
export interface MixedRequest {
  readonly history: readonly string[];
  readonly k: number;
}

const k = 10;

/**
 * Reads the mix. Made-up histories are taken; rows made to probe an edge (empty, unknown ids, repeats) only
 * when there are no others.
 */
export async function readRequestMix(
  artifactDir: string,
  limits: ArtifactManifest<"recommend">["limits"],
): Promise<readonly MixedRequest[]> {
  const path = join(artifactDir, "golden.json");
  const golden = parseGoldenFile(JSON.parse(await readFile(path, "utf8")), path);
  if (golden.task !== "recommend") throw new BenchError(`${path} is of the task ${golden.task}`);
  const { rows } = golden;
  const usable = rows.filter(({ history }) => history.some((id) => id !== ""));
  const histories = usable.filter(({ name }) => name === "made-up");
  const mix = (histories.length > 0 ? histories : usable).map((row) => toRequest(row, limits));
  if (mix.length === 0) throw new BenchError(`${path} has no row with a history; export the artifact again`);
  return mix;
}

function toRequest(
  { history }: GoldenRow<"recommend">,
  limits: ArtifactManifest<"recommend">["limits"],
): MixedRequest {
  const ids = history.filter((id) => id !== "").slice(0, limits.maxHistory);
  return { history: ids, k: Math.min(k, limits.maxK) };
}
