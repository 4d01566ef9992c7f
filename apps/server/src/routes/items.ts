/** `GET /v1/items`: what a person reads of an item. 404 where the artifact has no items table. */
import type { FastifyInstance } from "fastify";
import { findItems, parseItemsQuery } from "../catalogue/find-items.ts";
import { itemsQuery, lookUpHeaders, servedByHeaders } from "../openapi/parameters.ts";
import { failureResponses, modelStatuses } from "../openapi/responses.ts";
import { itemsSchema } from "../openapi/schemas.ts";
import { noSuchRoute, type RouteContext, withVersion } from "./route-context.ts";

export function addItemsRoute(app: FastifyInstance, context: RouteContext): void {
  app.get(
    "/v1/items",
    {
      schema: {
        operationId: "items",
        summary: "Search items by title, or look them up by id",
        description:
          "query= searches titles (every word must occur); ids= gives the items of these ids in this order, and lists the unknown ones; both search among those ids. Another parameter is refused.",
        tags: ["catalogue"],
        querystring: itemsQuery,
        headers: lookUpHeaders,
        response: {
          200: { description: "Items", headers: servedByHeaders, ...itemsSchema },
          ...failureResponses(...modelStatuses),
        },
      },
    },
    (request, reply) =>
      withVersion(context.models, request, reply, ({ items }) => {
        if (items === undefined) throw noSuchRoute("GET", "/v1/items");
        const query = parseItemsQuery(request.query);
        return reply.header("cache-control", "no-cache").send(findItems(items, query));
      }),
  );
}
