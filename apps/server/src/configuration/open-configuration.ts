/** From checked options to what a server is made with: files of keys and certificates are read here. */
import { AttuneError, isAttuneError } from "@attune/contracts";
import { parseKeys } from "../access/parse-keys.ts";
import { readKeys } from "../access/read-keys.ts";
import { listWarnings } from "../access/warnings.ts";
import type { ServerOptions } from "../server-options.ts";
import { readTls } from "../tls/read-tls.ts";
import { variableOf } from "./option.ts";
import { isKeysJson } from "./read-configuration.ts";
import type { Configuration } from "./table.ts";

export interface OpenedConfiguration {
  /** All but the logger. */
  readonly options: Omit<ServerOptions, "logger">;
  /** What works and may not be meant, one sentence each. */
  readonly warnings: readonly string[];
}

/** @throws {AttuneError} `SERVER_KEYS`, `SERVER_TLS`; `SERVER_CONFIG` with both when both are wrong. */
export async function openConfiguration(configuration: Configuration): Promise<OpenedConfiguration> {
  const {
    artifact,
    models,
    assets,
    keys,
    tlsCert,
    tlsKey,
    maxInFlightMb,
    logLevel: _,
    ...same
  } = configuration;
  const [read, certificate] = await readBoth(
    keys === undefined ? undefined : isKeysJson(keys) ? parseLater(keys) : readKeys(keys),
    tlsCert === undefined || tlsKey === undefined ? undefined : readTls({ cert: tlsCert, key: tlsKey }),
  );
  const options = {
    ...same,
    artifactDir: artifact,
    modelsDir: models,
    assetsDir: assets,
    maxInFlightBytes: maxInFlightMb * 1024 * 1024,
    keys: read,
    tls: certificate?.tls,
  };
  return { options, warnings: [...(certificate?.warnings ?? []), ...listWarnings(options)] };
}

async function parseLater(text: string) {
  return parseKeys(text, variableOf("keys"));
}

async function readBoth<A, B>(
  a: Promise<A> | undefined,
  b: Promise<B> | undefined,
): Promise<[A | undefined, B | undefined]> {
  const [first, second] = await Promise.allSettled([a, b]);
  const failures = [first, second].flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
  if (failures.length > 1 && failures.every((cause) => isAttuneError(cause))) {
    throw new AttuneError("SERVER_CONFIG", { issues: failures.map(({ message }) => message) });
  }
  if (failures.length > 0) throw failures[0];
  return [
    first.status === "fulfilled" ? first.value : undefined,
    second.status === "fulfilled" ? second.value : undefined,
  ];
}
