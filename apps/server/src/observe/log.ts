/** What the server asks of a logger. A pino logger fits; so does any object with these four methods. */

type LogMethod = (fields: Readonly<Record<string, unknown>>, message: string) => void;

/**
 * Successful requests are logged at `debug`, refused ones at `info`, failures of ours at `error`.
 * Histories, item ids asked for and search words are never logged.
 */
export interface ServerLogger {
  debug: LogMethod;
  info: LogMethod;
  warn: LogMethod;
  error: LogMethod;
}

const ignore: LogMethod = () => {};

/** Default: a library says nothing unless asked. */
export const silentLogger: ServerLogger = { debug: ignore, info: ignore, warn: ignore, error: ignore };
