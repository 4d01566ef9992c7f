/** `GET /v1/items`: what a person reads of an item. Exists only when the artifact has an items table. */
import { AttuneError, type ItemDetails } from "@attune/contracts";
import type { FastifyInstance } from "fastify";
import type { ItemSearch } from "../catalogue/item-search.ts";
import { failureResponses } from "../openapi/responses.ts";
import { itemsQuery, itemsSchema } from "../openapi/schemas.ts";
import { noSuchRoute, type RouteContext } from "./route-context.ts";

const defaultLimit = 20;
export const maxItems = 200;

export function addItemsRoute(app: FastifyInstance, context: RouteContext): void {
  app.get(
    "/v1/items",
    {
      schema: {
        operationId: "items",
        summary: "Search items by title, or look them up by id",
        description:
          "query= searches titles (every word must occur); ids= gives the items of these ids in this order, as ids=a&ids=b or ids=a,b, and lists the unknown ones.",
        tags: ["catalogue"],
        querystring: itemsQuery,
        response: {
          200: { description: "Items", ...itemsSchema },
          ...failureResponses(400, 404, 503),
        },
      },
    },
    (request, reply) => {
      const { items } = context.service();
      if (items === undefined) throw noSuchRoute("GET", "/v1/items");
      const { query, limit, ids } = parseQuery(request.query);
      reply.header("cache-control", "no-cache");
      return reply.send(
        ids === undefined ? { items: items.search(query, limit), unknown: [] } : lookUp(items, ids),
      );
    },
  );
}

interface ItemsQuery {
  readonly query: string;
  readonly limit: number;
  readonly ids: readonly string[] | undefined;
}

function parseQuery(raw: unknown): ItemsQuery {
  const parameters = raw as Readonly<Record<string, string | readonly string[]>>;
  const issues: string[] = [];
  for (const name of Object.keys(parameters)) {
    if (!["query", "limit", "ids"].includes(name))
      issues.push(`${name.slice(0, 60)}: unknown; known are query, limit, ids`);
  }
  const { query, limit = String(defaultLimit), ids } = parameters;
  if (query !== undefined && (typeof query !== "string" || query.length > 200)) {
    issues.push("query: expected one text of at most 200 characters");
  }
  const count = typeof limit === "string" && /^[0-9]{1,6}$/.test(limit) ? Number(limit) : 0;
  if (count < 1 || count > maxItems) issues.push(`limit: expected an integer from 1 to ${maxItems}`);
  if (ids !== undefined && query !== undefined) issues.push("ids: give either query or ids");
  if (issues.length > 0) throw new AttuneError("SERVER_QUERY_INVALID", { issues });
  return { query: String(query ?? ""), limit: count, ids: ids === undefined ? undefined : [ids].flat() };
}

/** An id may hold a comma, so a value is first tried whole. */
function lookUp(items: ItemSearch, values: readonly string[]): { items: ItemDetails[]; unknown: string[] } {
  const ids = values.flatMap((value) => (items.find(value) === undefined ? value.split(",") : [value]));
  if (ids.length > maxItems) {
    throw new AttuneError("SERVER_QUERY_INVALID", {
      issues: [`ids: ${ids.length} ids, at most ${maxItems} are allowed`],
    });
  }
  const found: ItemDetails[] = [];
  const unknown: string[] = [];
  for (const id of ids) {
    const item = items.find(id);
    if (item === undefined) unknown.push(id);
    else found.push(item);
  }
  return { items: found, unknown };
}
