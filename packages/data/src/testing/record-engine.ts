/** Engines around an engine: one that remembers every query, one whose disk is full. */
import type { Engine, EngineFactory } from "../engine/engine.ts";
import type { Sql } from "../sql/sql.ts";

function wrapEngine(factory: EngineFactory, wrap: (engine: Engine) => Partial<Engine>): EngineFactory {
  return {
    ...factory,
    async open(options) {
      const engine = await factory.open(options);
      return { ...engine, ...wrap(engine) };
    },
  };
}

/** Adds every query that is run to `queries`. */
export function recordEngine(factory: EngineFactory, queries: Sql[]): EngineFactory {
  return wrapEngine(factory, (engine) => ({
    materialize(name, query) {
      queries.push(query);
      return engine.materialize(name, query);
    },
    write(path, query) {
      queries.push(query);
      return engine.write(path, query);
    },
    stream(query) {
      queries.push(query);
      return engine.stream(query);
    },
  }));
}

/** Writes to `path` whatever the file: `/dev/full` refuses every byte as a full disk does. */
export function redirectEngine(factory: EngineFactory, path: string): EngineFactory {
  return wrapEngine(factory, (engine) => ({ write: (_, query) => engine.write(path, query) }));
}
