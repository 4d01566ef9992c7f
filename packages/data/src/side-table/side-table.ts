/** A file that describes users or items: what is read from it, and what of that goes where. */
import type { Column } from "@attune/contracts";
import type { RecommendDataConfig } from "@attune/contracts/config";
import { type Sql, sql, table } from "../sql/sql.ts";

export interface SideFeature {
  readonly name: string;
  readonly kind: Column["kind"];
  readonly separator: string;
}

export interface SideTable {
  /** What its ids are of. */
  readonly of: "items" | "users";
  /** Columns to read, each once, in the order of `c0`, `c1`, …; the first is the id. */
  readonly columns: readonly string[];
  /** Absent for users. */
  readonly title: string | undefined;
  readonly show: readonly string[];
  readonly features: readonly SideFeature[];
}

/** The side tables that a config names. */
export function listSideTables({ items, users }: RecommendDataConfig): readonly SideTable[] {
  const tables: SideTable[] = [];
  if (items)
    tables.push(describe("items", items.columns.item, items.columns.title, items.show, items.features));
  if (users) tables.push(describe("users", users.columns.user, undefined, [], users.features));
  return tables;
}

function describe(
  of: SideTable["of"],
  id: string,
  title: string | undefined,
  show: readonly string[],
  features: NonNullable<RecommendDataConfig["users"]>["features"],
): SideTable {
  const columns = [id, ...(title === undefined ? [] : [title]), ...show, ...Object.keys(features)];
  return {
    of,
    columns: [...new Set(columns)],
    title,
    show,
    features: Object.entries(features).map(([name, { kind, separator }]) => ({ name, kind, separator })),
  };
}

/** A column of the imported file. */
export function sideCell({ columns }: SideTable, name: string): Sql {
  return table(`c${columns.indexOf(name)}`);
}

/** Rows of the file as imported, all of them text. */
export const sideRows = ({ of }: SideTable) => `${of}_rows`;

/** The first row of each id that an event has, with its `code`. */
export const sideDetails = ({ of }: SideTable) => `${of}_details`;

/** The ids behind the codes. */
export function idsOf({ of }: SideTable): { readonly table: Sql; readonly id: Sql; readonly code: Sql } {
  return of === "items"
    ? { table: sql`all_items`, id: sql`item_id`, code: sql`item_code` }
    : { table: sql`all_users`, id: sql`user_id`, code: sql`user_code` };
}
