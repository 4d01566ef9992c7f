/** The four workloads. */
import { autoencoder } from "./autoencoder.ts";
import { mlp } from "./mlp.ts";
import { transformer } from "./transformer.ts";
import { twoTower } from "./two-tower.ts";
import type { Workload } from "./workload.ts";

/** The one list: the bench runs it, `--workloads` chooses from it, an engine finds its loss in it. */
export const workloads: readonly Workload[] = [autoencoder, twoTower, transformer, mlp];
