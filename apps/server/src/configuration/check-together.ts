/** What is wrong with options that are right one by one. */
import type { Configuration } from "./table.ts";

export function checkTogether(configuration: Configuration): readonly string[] {
  const { artifact, models, tlsCert, tlsKey, bodyLimit, maxInFlightMb } = configuration;
  const { host, port, adminHost, adminPort } = configuration;
  const issues: string[] = [];
  if (artifact !== undefined && models !== undefined) {
    issues.push("artifact and models: give one of them; a folder of artifacts is for models");
  }
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    issues.push(`${tlsCert === undefined ? "tlsCert" : "tlsKey"} is missing: TLS needs tlsCert and tlsKey`);
  }
  if (adminPort !== "off") {
    if (adminPort > 65_535)
      issues.push("adminPort: the one after --port would be 65536; give another, or off");
    if (port !== 0 && adminPort === port && sharesAddress(host, adminHost)) {
      issues.push(`adminPort and port are both ${port}; give another, or off`);
    }
  }
  if (bodyLimit > maxInFlightMb * 1024 * 1024) {
    issues.push(`maxInFlightMb: ${maxInFlightMb} MB do not hold one body of bodyLimit, ${bodyLimit} bytes`);
  }
  return issues;
}

function sharesAddress(a: string, b: string): boolean {
  const all = ["0.0.0.0", "::"];
  return a === b || all.includes(a) || all.includes(b);
}
