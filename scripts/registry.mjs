// The npm client as functions: which registry, which account and which proxy it is, npm's own settings say.
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);
const windows = process.platform === "win32";

/** A registry, or the way to it, says no. `advice` is what a person can do. */
export class RegistryError extends Error {
  constructor(message, advice, options) {
    super(message, options);
    this.advice = advice;
  }
}

const advice = [
  [/^(E401|ENEEDAUTH|EOTP)$/, "Log in to it (`npm login`, with the same --registry)"],
  [/^E403$/, "Ask its owner for the right to publish these names"],
  [/^E5\d\d$/, "Wait until it works again"],
  [
    /^(ECONN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ERR_SOCKET)/,
    "Check that it runs and that the network and npm's `registry` and `proxy` settings lead to it",
  ],
];

/** npm says its code, then the reason, each on a line of its own. */
function toRegistryError(cause) {
  const lines = [...String(cause.stderr ?? "").matchAll(/^npm error (.+)$/gm)].map(([, line]) => line);
  const code = lines.map((line) => /^code (\S+)/.exec(line)?.[1]).find(Boolean) ?? "";
  const reason =
    lines.find((line) => !/^(code|errno|syscall|method|A complete log)\b/.test(line)) ??
    cause.message.split("\n")[0];
  const [, whatToDo = "See npm's debug log for more"] = advice.find(([pattern]) => pattern.test(code)) ?? [];
  const text = reason.startsWith(code) ? reason : `${code} ${reason}`.trim();
  return new RegistryError(text.replace(/\.$/, ""), whatToDo, { cause });
}

/** @returns {Promise<string | undefined>} the sha512 of what a registry has under this name and version */
export async function publishedIntegrity(name, version, npmArgs) {
  try {
    const args = ["view", `${name}@${version}`, "dist.integrity", "--json", "--prefer-online", ...npmArgs];
    const { stdout } = await run("npm", args, { shell: windows });
    return stdout.trim() === "" ? undefined : JSON.parse(stdout);
  } catch (cause) {
    if (/\bE404\b/.test(String(cause.stderr ?? "") + String(cause.stdout ?? ""))) return undefined;
    throw toRegistryError(cause);
  }
}

/** @throws {RegistryError} */
export async function publishTarball(file, npmArgs) {
  try {
    await run("npm", ["publish", file, "--access", "public", ...npmArgs], { shell: windows });
  } catch (cause) {
    throw toRegistryError(cause);
  }
}
