/** What `GET /v1/items` is asked for and answers: a search, a look-up by id, or a search among ids. */
import { AttuneError, type ItemDetails } from "@attune/contracts";
import { createItemSearch, type ItemSearch } from "./item-search.ts";

export interface ItemsQuery {
  /** Words of a title; undefined without a search. */
  readonly query: string | undefined;
  /** Items of a search. */
  readonly limit: number;
  /** As they were given: one value may be a list. */
  readonly ids: readonly string[] | undefined;
}

export interface FoundItems {
  readonly items: readonly ItemDetails[];
  /** Asked ids that the table does not have. */
  readonly unknown: readonly string[];
}

const defaultLimit = 20;

/** Items in one answer, ids in one request, and characters of a query. */
const most = 200;

const known = ["query", "limit", "ids", "model"];

/**
 * @param raw - parameters by name; one that was given more than once is a list.
 * @throws {AttuneError} `SERVER_QUERY_INVALID` with every problem.
 */
export function parseItemsQuery(raw: unknown): ItemsQuery {
  const parameters = raw as Readonly<Record<string, string | readonly string[]>>;
  const issues = Object.keys(parameters)
    .filter((name) => !known.includes(name))
    .map((name) => `${name.slice(0, 60)}: unknown; known are ${known.join(", ")}`);
  const { query, limit = String(defaultLimit), ids } = parameters;
  if (query !== undefined && (typeof query !== "string" || [...query].length > most)) {
    issues.push(`query: expected one text of at most ${most} characters`);
  }
  const count = typeof limit === "string" && /^[0-9]{1,6}$/.test(limit) ? Number(limit) : 0;
  if (count < 1 || count > most) issues.push(`limit: expected an integer from 1 to ${most}`);
  const values = ids === undefined ? undefined : [ids].flat();
  const idCount = Math.max(values?.length ?? 0, ...(values ?? []).map((value) => value.split(",").length));
  if (idCount > most) issues.push(`ids: ${idCount} ids, at most ${most} are allowed`);
  if (issues.length > 0) throw new AttuneError("SERVER_QUERY_INVALID", { issues });
  return { query: query as string | undefined, limit: count, ids: values };
}

/** Without ids: the search, or the first items. With both: the search among those ids. */
export function findItems(items: ItemSearch, { query, limit, ids }: ItemsQuery): FoundItems {
  if (ids === undefined) return { items: items.search(query ?? "", limit), unknown: [] };
  const found: ItemDetails[] = [];
  const unknown: string[] = [];
  for (const id of listed(items, ids)) {
    const item = items.find(id);
    if (item === undefined) unknown.push(id);
    else found.push(item);
  }
  return { items: query === undefined ? found : createItemSearch(found).search(query, limit), unknown };
}

/** Given once, it may be a list; but an id may hold a comma, so the value is first tried whole. */
function listed(items: ItemSearch, values: readonly string[]): readonly string[] {
  const [value = ""] = values;
  return values.length === 1 && items.find(value) === undefined ? value.split(",") : values;
}
