/** How many requests go into one body. */

/** What a server takes. */
export const maxRequestsPerBody = 256;

/** Sum of k over one body, unless the server is told otherwise. */
export const defaultMaxItems = 10_000;

/** Items that a request asks for by itself; the server counts no others. */
export function itemsOf(request: object): number {
  return "k" in request && typeof request.k === "number" ? request.k : 0;
}

/** In their order, each part within what one body may hold. */
export function partsOf<Request extends object>(
  requests: readonly Request[],
  maxItems: number,
): readonly (readonly Request[])[] {
  const parts: Request[][] = [];
  let items = 0;
  for (const request of requests) {
    const last = parts.at(-1);
    items += itemsOf(request);
    if (last === undefined || last.length === maxRequestsPerBody || items > maxItems) {
      parts.push([request]);
      items = itemsOf(request);
    } else last.push(request);
  }
  return parts;
}
