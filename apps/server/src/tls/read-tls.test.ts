import { generateKeyPairSync } from "node:crypto";
import { chmod, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startReadyServer, temporaryFolder } from "../testing/harness.ts";
import { readTls, type TlsFiles } from "./read-tls.ts";
import { expiredCertificate, testCertificate, testKey } from "./testing/certificates.ts";

async function pemFiles(cert: string, key: string, mode = 0o600): Promise<TlsFiles> {
  const dir = await temporaryFolder();
  const files = { cert: join(dir, "cert.pem"), key: join(dir, "key.pem") };
  await writeFile(files.cert, cert);
  await writeFile(files.key, key);
  await chmod(files.key, mode);
  return files;
}

function getOverTls(url: string): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { ca: testCertificate, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
    });
    asked.on("error", reject).end();
  });
}

test("a server with them answers over TLS, and to nobody without", async () => {
  const { tls, warnings } = await readTls(await pemFiles(testCertificate, testKey));
  expect(warnings).toEqual([]);
  const server = await startReadyServer({ tls });
  expect(server.url).toMatch(/^https:/);
  expect(await getOverTls(`${server.url}/healthz`)).toMatchObject({ status: 200 });
  await expect(fetch(`${server.url.replace("https", "http")}/healthz`)).rejects.toThrow();
});

test.skipIf(process.platform === "win32")("a key that others can read is warned of", async () => {
  const { warnings } = await readTls(await pemFiles(testCertificate, testKey, 0o644));
  expect(warnings).toEqual([expect.stringMatching(/can read the private key .*key\.pem; run `chmod 600`/)]);
});

test("a certificate that has expired is warned of, and used: the clock may be wrong", async () => {
  const { warnings } = await readTls(await pemFiles(expiredCertificate, testKey));
  expect(warnings).toEqual([expect.stringMatching(/has expired .*2002/)]);
});

const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const otherKey = privateKey.export({ type: "pkcs8", format: "pem" }) as string;
const locked = { type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "secret" } as const;
const lockedKey = privateKey.export(locked) as string;

test.each([
  [
    "a key of another certificate",
    testCertificate,
    otherKey,
    /key\.pem is not the key of the first certificate/,
  ],
  [
    "a key with a passphrase",
    testCertificate,
    lockedKey,
    /without a passphrase; `openssl pkey` takes one off/,
  ],
  ["a certificate for a key", testCertificate, testCertificate, /key\.pem is no private key/],
  ["a key for a certificate", testKey, testKey, /cert\.pem is no certificate/],
  ["an empty certificate", "", testKey, /cert\.pem is no certificate/],
])("%s is refused", async (_, cert, key, message) => {
  await expect(readTls(await pemFiles(cert, key))).rejects.toMatchObject({
    code: "SERVER_TLS",
    details: { issues: [expect.stringMatching(message)] },
  });
});

test("everything that is wrong stands in one error, and nothing of the files", async () => {
  const files = { ...(await pemFiles("no certificate", lockedKey)), cert: "no-such-file.pem" };
  const error = await readTls(files).catch(
    (cause: { details: { issues: string[] }; message: string }) => cause,
  );
  expect(error).toMatchObject({
    details: {
      issues: [expect.stringContaining("no-such-file.pem cannot be read (ENOENT)"), expect.anything()],
    },
  });
  expect(JSON.stringify(error)).not.toContain(lockedKey.split("\n")[1]);
});
