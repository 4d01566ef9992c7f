/** The certificate and key that the server speaks TLS with, looked at before it listens. */
import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { createSecureContext } from "node:tls";
import { AttuneError } from "@attune/contracts";
import { isPrivate } from "../access/private-file.ts";

export interface TlsFiles {
  /** PEM: the server's certificate, and those between it and the authority's behind it. */
  readonly cert: string;
  /** PEM, without a passphrase. */
  readonly key: string;
}

export interface ReadTls {
  readonly tls: { readonly cert: Buffer; readonly key: Buffer };
  /** What works and should not stay so, one sentence each. */
  readonly warnings: readonly string[];
}

/** @throws {AttuneError} `SERVER_TLS` with every problem: files that cannot be read, are no PEM, or do not belong together. */
export async function readTls(files: TlsFiles): Promise<ReadTls> {
  const issues: string[] = [];
  const cert = await readPem(files.cert, issues);
  const key = await readPem(files.key, issues);
  const certificate = cert && parseOr(() => new X509Certificate(cert), issues, notCertificate(files.cert));
  const privateKey = key && parseOr(() => createPrivateKey(key), issues, notKey(files.key));
  if (certificate && privateKey) {
    checkPair(certificate, privateKey, files, issues);
    if (issues.length === 0) {
      const problem = `${files.cert} and ${files.key} are refused by TLS; use a key of RSA with 2048 bits or more, or of an elliptic curve`;
      parseOr(() => createSecureContext({ cert, key }), issues, problem);
    }
  }
  if (issues.length > 0 || !cert || !key || !certificate) throw new AttuneError("SERVER_TLS", { issues });
  return {
    tls: { cert, key },
    warnings: [...(await warnOfMode(files.key)), ...warnOfDates(certificate, files.cert, Date.now())],
  };
}

async function readPem(path: string, issues: string[]): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (cause) {
    issues.push(`${path} cannot be read (${(cause as NodeJS.ErrnoException).code}); name a file in PEM form`);
    return undefined;
  }
}

function parseOr<Result>(parse: () => Result, issues: string[], problem: string): Result | undefined {
  try {
    return parse();
  } catch {
    issues.push(problem);
    return undefined;
  }
}

const notCertificate = (path: string) =>
  `${path} is no certificate in PEM form; it begins with -----BEGIN CERTIFICATE-----`;
const notKey = (path: string) =>
  `${path} is no private key in PEM form without a passphrase; \`openssl pkey\` takes one off`;

function checkPair(certificate: X509Certificate, key: KeyObject, files: TlsFiles, issues: string[]): void {
  if (certificate.checkPrivateKey(key)) return;
  issues.push(
    `${files.key} is not the key of the first certificate in ${files.cert}; the server's own must come first`,
  );
}

async function warnOfMode(path: string): Promise<string[]> {
  if (isPrivate(await stat(path))) return [];
  return [`other users of this machine can read the private key ${path}; run \`chmod 600\` on it`];
}

/** A clock that is wrong must not keep the server from starting: clients judge by their own. */
function warnOfDates({ validFrom, validTo }: X509Certificate, path: string, nowMs: number): string[] {
  if (Date.parse(validTo) < nowMs)
    return [`the certificate ${path} has expired (${validTo}); clients refuse it`];
  if (Date.parse(validFrom) > nowMs) return [`the certificate ${path} begins to hold on ${validFrom} only`];
  return [];
}
