/** Names of hosts and origins as browsers and callers send them. */
import { isIP } from "node:net";

/** Whether only this machine reaches a server that listens there. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, "").toLowerCase();
  if (name === "localhost" || name.endsWith(".localhost") || name === "::1") return true;
  return isIP(name.replace(/^::ffff:/, "")) === 4 && /^(::ffff:)?127\./.test(name);
}

/** The name of a `host` header: without the port, in small letters; undefined when it is none. */
export function hostNameOf(header: string | undefined): string | undefined {
  const found = /^(\[[0-9a-f:.]+\]|[^\s:/@[\]]+)(?::[0-9]{1,5})?$/i.exec(header ?? "")?.[1];
  return found?.replace(/^\[|\]$/g, "").toLowerCase();
}

/** Whether a page of `origin` was sent by the host that it asks. The scheme may differ: a proxy may have taken TLS off. */
export function isOwnOrigin(origin: string, host: string | undefined): boolean {
  if (host === undefined || host === "") return false;
  if (origin === `http://${host}` || origin === `https://${host}`) return true;
  const { protocol, host: name } = parseUrl(origin) ?? {};
  return name !== undefined && /^https?:$/.test(protocol!) && parseUrl(`${protocol}//${host}`)?.host === name;
}

/** Whether it is an origin as browsers send it: scheme, host and port if it is not the scheme's, nothing behind. */
export function isOrigin(text: string): boolean {
  const url = parseUrl(text);
  return url !== undefined && url.origin !== "null" && url.origin === text;
}

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}
