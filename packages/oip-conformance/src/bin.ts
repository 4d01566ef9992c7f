#!/usr/bin/env node
/** What `oip-conformance` starts. An older Node is told so in one line, before anything loads that it cannot run. */
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`oip-conformance: needs Node 20.19 or newer, this is ${process.versions.node}\n`);
  process.exitCode = 1;
} else {
  await import("./main.ts");
}

export {};
