/** Whether a file with a secret is as private as it can be. */
import type { Stats } from "node:fs";

/**
 * Its owner alone may read it. Where that is root and this process is not, the file's group may read it too: that is how a
 * secret gets to a process that must not change it, in Kubernetes and elsewhere. PostgreSQL has the same rule.
 *
 * @param ownUid - of this process; undefined on Windows, which has no such modes: there every file is private.
 */
export function isPrivate(
  { mode, uid }: Pick<Stats, "mode" | "uid">,
  ownUid: number | undefined = process.getuid?.(),
): boolean {
  if (ownUid === undefined) return true;
  const forbidden = uid === 0 && ownUid !== 0 ? 0o037 : 0o077;
  return (mode & forbidden) === 0;
}

/** `640` */
export function modeText({ mode }: Pick<Stats, "mode">): string {
  return (mode & 0o777).toString(8).padStart(3, "0");
}
