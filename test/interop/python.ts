/** The Python of this folder, where somebody has set it up. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { collectOutput } from "../collect-output.ts";

const folder = fileURLToPath(new URL(".", import.meta.url));
const python = `${folder}.venv/bin/python`;

/** Undefined when it is there; otherwise the line to show. */
export const whyNoPython = existsSync(python)
  ? undefined
  : "no Python clients here: run test/interop/set-up.sh to set them up";

/** Runs a script with a value on its stdin. @returns the value on its stdout. */
export async function runPython<Answer>(script: string, question: unknown): Promise<Answer> {
  const child = spawn(python, [script], {
    cwd: folder,
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" },
    stdio: "pipe",
  });
  child.stdin.end(JSON.stringify(question));
  const { code, stdout, stderr } = await collectOutput(child);
  if (code !== 0) throw new Error(`${script} ended with ${code}:\n${stderr}`);
  return JSON.parse(stdout) as Answer;
}
