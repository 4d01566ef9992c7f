/** Every file that the config names: found, hashed and checked before any work. */
import type { RecommendDataConfig } from "@attune/contracts/config";
import { openSource, type SourceFile } from "./open-source.ts";

export type { SourceFile } from "./open-source.ts";

export interface EventFiles {
  readonly events: SourceFile;
  /** Files of a given split. */
  readonly validation: SourceFile | undefined;
  readonly test: SourceFile | undefined;
}

export interface ProjectFiles extends EventFiles {
  readonly items: SourceFile | undefined;
  readonly users: SourceFile | undefined;
}

/** @throws {AttuneError} what `openSource` throws, for the first file that cannot be read. */
export async function openFiles(data: RecommendDataConfig, projectDir: string): Promise<ProjectFiles> {
  const { items, users } = data;
  return {
    ...(await openEventFiles(data, projectDir)),
    items: items && (await openSource(items, projectDir, "items")),
    users: users && (await openSource(users, projectDir, "users")),
  };
}

/** @throws {AttuneError} what `openSource` throws, for the first file that cannot be read. */
export async function openEventFiles(
  { events, split }: Pick<RecommendDataConfig, "events" | "split">,
  projectDir: string,
): Promise<EventFiles> {
  const given = split?.kind === "given" ? split : undefined;
  const beside = (path: string | undefined, role: string) =>
    path === undefined ? undefined : openSource({ path, format: events.format }, projectDir, role);
  return {
    events: await openSource(events, projectDir, "events"),
    validation: await beside(given?.validationFile, "validation"),
    test: await beside(given?.testFile, "test"),
  };
}

/** Their hashes by what they are, for the content key. */
export function hashesOf(files: ProjectFiles): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).flatMap(([name, file]: [string, SourceFile | undefined]) =>
      file === undefined ? [] : [[name, file.sha256]],
    ),
  );
}
