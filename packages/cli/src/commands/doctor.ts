import pc from "picocolors";
import { defineCommand } from "../command.ts";

export const doctorCommand = defineCommand({
  name: "doctor",
  summary: "Say whether this machine has what Attune needs, and what to do if not.",
  options: {},
  async run(_input, io) {
    const { checks } = await import("../doctor/checks.ts");
    const results: { name: string; ok: boolean; detail: string; needed: string }[] = [];
    for (const { name, needed, run } of checks) {
      const result = await run(io).then(
        (detail) => ({ ok: true, detail }),
        (error: unknown) => ({ ok: false, detail: error instanceof Error ? error.message : String(error) }),
      );
      results.push({ name, needed, ...result });
      const { ok, detail } = result;
      const mark = ok ? pc.green("ok  ") : pc.red("FAIL");
      io.say(`${mark} ${name.padEnd(17)} ${detail}${ok ? "" : pc.dim(` (needed for: ${needed})`)}`);
    }
    const ok = results.every((result) => result.ok);
    io.result({ ok, checks: results });
    return ok ? 0 : 1;
  },
});
