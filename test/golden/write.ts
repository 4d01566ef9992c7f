/**
 * `pnpm golden:write`: makes a golden artifact of today's signature from events written here. Folders that exist are
 * kept as they are: they are yesterday's models, which today's code must still read.
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { type ArtifactManifest, artifactFiles, signatureVersions } from "@attune/contracts/manifest";
import { attune, jsonLine, root } from "../e2e/attune.ts";
import { goldenName } from "./signatures.ts";

const target = path.join(root, "fixtures/golden", goldenName("recommend", signatureVersions.recommend));
if (existsSync(target)) throw new Error(`${target} exists; a new signature version gets a new folder`);

/** 60 users of two tastes over 24 items, one of them with a name that needs care. */
function events(): string {
  const rows = ["user,item,time"];
  for (let user = 0; user < 60; user++) {
    for (let step = 0; step < 9; step++) {
      const item = (user * 5 + step * 2 + (step === 4 ? 1 : 0) + (user % 2)) % 24;
      rows.push(
        `user-${user},${item === 7 ? "žluťoučký kůň 🐎" : `item-${item}`},${1_700_000_000 + user * 100 + step}`,
      );
    }
  }
  return `${rows.join("\n")}\n`;
}

const dir = mkdtempSync(path.join(os.tmpdir(), "attune-golden-"));
writeFileSync(path.join(dir, "events.csv"), events());
writeFileSync(
  path.join(dir, "attune.config.json"),
  JSON.stringify({
    name: "golden",
    seed: 7,
    data: {
      events: { path: "events.csv", columns: { user: "user", item: "item", time: "time" } },
      split: { kind: "leave-last-out" },
    },
    train: { models: ["ease"] },
  }),
);
const outcome = await attune(["quickstart", "--no-serve", "--no-web", "--json"], dir);
if (outcome.code !== 0) throw new Error(outcome.stderr);
const { artifact } = jsonLine<{ artifact: { path: string } }>(outcome);
keep(path.join(dir, artifact.path));
rmSync(dir, { recursive: true });

/** What runtimes read. The report and the card are for people, and would only be large. */
function keep(source: string): void {
  const manifest: ArtifactManifest = JSON.parse(
    readFileSync(path.join(source, artifactFiles.manifest), "utf8"),
  );
  const names = [artifactFiles.model, artifactFiles.golden];
  mkdirSync(target, { recursive: true });
  for (const name of names) cpSync(path.join(source, name), path.join(target, name));
  const files = Object.fromEntries(names.map((name) => [name, manifest.files[name]]));
  writeFileSync(
    path.join(target, artifactFiles.manifest),
    `${JSON.stringify({ ...manifest, files }, null, 2)}\n`,
  );
}
