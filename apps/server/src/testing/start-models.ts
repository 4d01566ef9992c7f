/** The served models without a server around them. */
import { onTestFinished } from "vitest";
import { createReadiness, type Readiness } from "../model/readiness.ts";
import { createModels, type LoadingModels, type ModelsOptions } from "../models/create-models.ts";
import type { ServerLogger } from "../observe/log.ts";
import { type LightOpener, type LightVersion, lightOpener } from "./model-repository.ts";

export interface StartedModels {
  readonly models: LoadingModels<LightVersion>;
  readonly opener: LightOpener;
  readonly readiness: Readiness;
  /** Messages logged as warnings or errors, with what they are about. */
  readonly complaints: readonly {
    readonly message: string;
    readonly fields: Readonly<Record<string, unknown>>;
  }[];
  readonly swaps: { swapped: number; refused: number };
  /** `movies/3`, or the code of the error. */
  ask(reference?: string, options?: { readonly version?: number; readonly key?: string }): string;
}

/**
 * Models over real folders and sessions, closed after the test. Not necessarily ready.
 *
 * @param watches - whether a replaced alias file is noticed.
 */
export function startModels(
  options: Pick<ModelsOptions<LightVersion>, "artifactDir" | "modelsDir" | "defaultModel">,
  watches = false,
): StartedModels {
  const opener = lightOpener();
  const readiness = createReadiness();
  const complaints: { message: string; fields: Readonly<Record<string, unknown>> }[] = [];
  const swaps = { swapped: 0, refused: 0 };
  const complain: ServerLogger["warn"] = (fields, message) => complaints.push({ message, fields });
  const ignore = () => {};
  const models = createModels<LightVersion>({
    ...options,
    readiness,
    logger: { debug: ignore, info: ignore, warn: complain, error: complain },
    // Steps as the server records them; what they prove is tested where they are.
    open: (dir, served, steps) => steps.run("load", () => opener.open(dir, served)),
    onSwap(outcome) {
      swaps[outcome]++;
    },
    // A reload that the test did not ask for would take what the test waits for.
    ...(!watches && { watchTimer: () => () => {} }),
  });
  onTestFinished(() => models.close());
  return {
    models,
    opener,
    readiness,
    complaints,
    swaps,
    ask(reference, how) {
      try {
        const lease = models.lease(reference, how);
        lease.release();
        return `${lease.version.name}/${lease.version.version}`;
      } catch (error) {
        return String((error as { code?: string }).code);
      }
    },
  };
}

/** Models that are ready. */
export async function startReadyModels(...args: Parameters<typeof startModels>): Promise<StartedModels> {
  const started = startModels(...args);
  await started.models.ready;
  return started;
}
