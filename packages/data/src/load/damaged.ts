/** Files whose hashes hold, and whose content does not fit the manifest. */
import { AttuneError } from "@attune/contracts";

export const damaged = (dir: string, problem: string) =>
  new AttuneError("DATA_DAMAGED", { dir, files: [problem] });

/** @throws {AttuneError} `DATA_DAMAGED` */
export function checkCount(dir: string, file: string, what: string, found: number, promised: number): void {
  if (found !== promised) throw damaged(dir, `${file}: ${found} ${what}, the manifest says ${promised}`);
}
