/** A request as a line that a person can paste into a shell. */

import type { HttpRequest } from "../http/http-request.ts";
import type { Address } from "../http/send.ts";

/** Longer bodies are left out: nobody reads them. */
const maxBodyBytes = 2000;

export function toCurl(
  { method, path, headers = {}, body, chunkBytes }: HttpRequest,
  address: Address,
): string {
  const { url } = address;
  const words = ["curl", "-i"];
  if (method !== "GET") words.push("-X", method);
  // A shell's curl tidies up paths otherwise.
  if (/\.\.|%/.test(path)) words.push("--path-as-is");
  for (const name of Object.keys(address.headers)) words.push("-H", quote(`${name}: …`));
  for (const [name, value] of Object.entries(headers)) words.push("-H", quote(`${name}: ${value}`));
  if (body !== undefined && headers["content-type"] === undefined) words.push("-H", quote("content-type:"));
  if (chunkBytes !== undefined) words.push("-H", quote("transfer-encoding: chunked"));
  words.push(quote(url.origin + url.pathname.replace(/\/+$/, "") + path));
  return withBody(words.join(" "), body);
}

function withBody(line: string, body: Buffer | undefined): string {
  if (body === undefined) return line;
  if (body.length > maxBodyBytes) {
    const start = body.toString("latin1", 0, 60).replace(/[^\x20-\x7e]/g, ".");
    return `${line} --data-binary @BODY  # ${body.length} bytes: ${start}…`;
  }
  const text = body.toString();
  const isText = Buffer.from(text).equals(body) && !/[^\P{Cc}\n\t]/u.test(text);
  if (isText) return `${line} --data-binary ${quote(text)}`;
  return `echo ${body.toString("base64")} | base64 -d | ${line} --data-binary @-`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
