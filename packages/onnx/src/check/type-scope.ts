/** Types by name, as far as a graph sees: its own values, and those of the graphs around it. */
import type { ValueType } from "../ops/define.ts";

export interface TypeScope {
  get(name: string): ValueType | undefined;
  has(name: string): boolean;
  set(name: string, type: ValueType): void;
}

/** An empty scope inside `outer`. */
export function createTypeScope(outer?: TypeScope): TypeScope {
  const own = new Map<string, ValueType>();
  return {
    get: (name) => own.get(name) ?? outer?.get(name),
    has: (name) => own.has(name) || outer?.has(name) === true,
    set: (name, type) => own.set(name, type),
  };
}
