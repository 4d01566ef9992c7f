/** The versions that are served: loaded beside the old ones, proven, and put in their place in one step. */
import { AttuneError, isAttuneError } from "@attune/contracts";
import type { Readiness } from "../model/readiness.ts";
import type { ServerLogger } from "../observe/log.ts";
import { loadByHand, unknownModel, unloadByHand } from "./by-hand.ts";
import { listVersions, readinessOf } from "./list-versions.ts";
import type { Models, ReloadReport, ServedVersion } from "./models.ts";
import { createPlacement } from "./placement.ts";
import { codeOf } from "./public-reason.ts";
import { type ReloadOutcome, type ReloadParts, reloadOnce } from "./reloading.ts";
import { repository } from "./source/repository.ts";
import { singleArtifact } from "./source/single-artifact.ts";
import { type Timer, watchAliasFile } from "./source/watch-alias-file.ts";
import { createTurns, joinCalls } from "./turns.ts";
import { createShelf, type OpenedVersion, type OpenVersion } from "./version-shelf.ts";

export interface ModelsOptions<Version> {
  /** One artifact's folder; read only without `modelsDir`. */
  readonly artifactDir?: string | undefined;
  /** A repository: `<name>/<version>/` folders of artifacts, and aliases.json. */
  readonly modelsDir?: string | undefined;
  /** The alias or model that answers when a request names none. Default: the alias champion, else the only model. */
  readonly defaultModel?: string | undefined;
  readonly readiness: Readiness;
  readonly logger: ServerLogger;
  /** Opens and proves one version. On failure nothing stays open. */
  readonly open: OpenVersion<Version>;
  /** Told of each version that came into place of another, and of each that was refused. */
  onSwap(outcome: "swapped" | "refused"): void;
  /** What the alias file is watched by; default Node's timers. */
  readonly watchTimer?: Timer;
}

export interface LoadingModels<Version = ServedVersion> extends Models<Version> {
  /**
   * Resolves when the first load was enough to answer by: the default is there. Rejects with what went wrong; a later
   * reload may still make the server ready. Nobody has to wait for it.
   */
  readonly ready: Promise<void>;
}

/** Begins to load at once. A repository's alias file is watched until `close`. */
export function createModels<Version extends OpenedVersion = ServedVersion>({
  artifactDir = ".",
  modelsDir,
  defaultModel,
  readiness,
  logger,
  open,
  onSwap,
  watchTimer,
}: ModelsOptions<Version>): LoadingModels<Version> {
  const source = modelsDir === undefined ? singleArtifact(artifactDir) : repository(modelsDir);
  const shelf = createShelf(open, logger);
  const placement = createPlacement(shelf, defaultModel);
  const turns = createTurns();
  const unloaded = new Set<string>();
  let isReady = false;
  let isClosed = false;
  const parts: ReloadParts<Version> = {
    source,
    shelf,
    placement,
    readiness,
    logger,
    defaultModel,
    unloaded,
    isReady: () => isReady,
    isClosed: () => isClosed,
    onScan: warnOnce(logger),
  };
  if (modelsDir !== undefined) readiness.describeModels(() => readinessOf(shelf, placement));

  /** The server answers as soon as its default does; without a default, as soon as anything does. */
  function checkReady(cause: unknown): void {
    if (isReady || isClosed) return;
    const { table } = placement;
    const found = table.find()?.target;
    const isEnough = found !== undefined || (table.defaultReference === undefined && table.names.size > 0);
    if (!isEnough) {
      readiness.fail(source.kind, codeOf(cause ?? nothingThere(table.defaultReference)));
      return;
    }
    isReady = true;
    readiness.begin();
    readiness.becomeReady();
    logger.info(found === undefined ? {} : fieldsOf(found.served), "ready");
  }

  async function reloadAndReport(): Promise<ReloadOutcome> {
    if (isClosed) return { loaded: [], retired: [], refused: [] };
    const wasReady = isReady;
    const outcome = await reloadOnce(parts);
    for (const _ of outcome.refused) onSwap("refused");
    for (const id of outcome.loaded) {
      logger.info({ version: id }, "loaded a version");
      if (wasReady) onSwap("swapped");
    }
    checkReady(outcome.cause);
    return outcome;
  }

  const reload = joinCalls(turns, reloadAndReport);
  const ready = reload().then(({ cause }) => {
    if (isClosed) throw new AttuneError("SERVER_NOT_READY", { state: "draining" });
    if (!isReady) throw cause ?? nothingThere(placement.table.defaultReference);
  });
  // Whoever waits for it is told; nobody has to.
  ready.catch(() => {});
  const watch =
    modelsDir === undefined
      ? undefined
      : watchAliasFile(modelsDir, { logger, onChange: reload, ...(watchTimer && { timer: watchTimer }) });

  async function load(name: string, version: number | undefined): Promise<void> {
    assertOpen();
    const wasReady = isReady;
    try {
      const isNew = await loadByHand(name, version, parts);
      if (isNew && wasReady) onSwap("swapped");
    } catch (err) {
      if (!isAttuneError(err, "SERVER_MODEL_UNKNOWN")) {
        onSwap("refused");
        logger.error({ err, model: name, version }, "the artifact cannot be served");
      }
      throw err;
    }
    checkReady(undefined);
  }

  async function unload(name: string, version: number | undefined): Promise<void> {
    assertOpen();
    unloadByHand(name, version, parts);
  }

  function assertOpen(): void {
    if (isClosed) throw new AttuneError("SERVER_NOT_READY", { state: "draining" });
  }

  /** Why nothing is found: known and away, or unknown. */
  function missing(asked: string | undefined, version: number | undefined): AttuneError {
    const reference = asked ?? placement.table.defaultReference;
    if (reference === undefined) return unknownModel("");
    const absent = shelf
      .absent()
      .find((one) => one.name === reference && (version === undefined || one.version === version));
    const reason = placement.refused.get(reference) ?? absent?.reason;
    if (reason === undefined) return unknownModel(reference, version);
    return new AttuneError("SERVER_MODEL_UNAVAILABLE", {
      model: reference,
      ...(version !== undefined && { version }),
      reason: reason === "" ? "it is being loaded" : reason,
    });
  }

  let closing: Promise<void> | undefined;
  return {
    ready,
    lease(reference, options) {
      if (!isReady || isClosed) throw new AttuneError("SERVER_NOT_READY", { state: readiness.state });
      const route = placement.table.find(reference, options);
      if (route === undefined) throw missing(reference, options?.version);
      const { target, alias } = route;
      const release = target.acquire();
      return { version: target.served, release, ...(alias !== undefined && { alias }) };
    },
    current: () => (isReady ? placement.table.find()?.target.served : undefined),
    bySha256: (sha256) =>
      [...shelf.slots].find(({ state, served }) => state === "ready" && served.sha256 === sha256)?.served,
    list: () => listVersions(shelf, placement),
    reload: async (): Promise<ReloadReport> => {
      const { loaded, retired, refused } = await reload();
      return { loaded, retired, refused };
    },
    load: (name, version) => turns.take(() => load(name, version)),
    unload: (name, version) => turns.take(() => unload(name, version)),
    close() {
      isClosed = true;
      watch?.close();
      closing ??= turns.take(() => shelf.close());
      return closing;
    },
  };
}

function fieldsOf({ name, version, sha256, parity }: OpenedVersion) {
  return { name, version, sha256, parity };
}

/** Every problem of the folder in one line of the log, and again only when they are others. */
function warnOnce(logger: ServerLogger): (problems: readonly string[]) => void {
  let told = "";
  return (problems) => {
    const text = problems.join("\n");
    if (text !== told && text !== "") logger.warn({ problems }, "passed over in the folder of models");
    told = text;
  };
}

/** Nothing went wrong, and still nothing is there: an empty repository, or a default that it does not hold. */
function nothingThere(reference: string | undefined): AttuneError {
  if (reference !== undefined) return unknownModel(reference);
  return new AttuneError("SERVER_REPOSITORY", { issues: ["no complete version is there"] });
}
