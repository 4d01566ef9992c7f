/** The page's loaded artifacts. Sharing them is the point, so this one list belongs to the module. */
import { createPool } from "./create-pool.ts";
import { openArtifact } from "./open.ts";

/** How long an artifact that nobody uses stays loaded. */
const graceMs = 5_000;

export const artifactPool = createPool(openArtifact, (run) => void setTimeout(run, graceMs));
