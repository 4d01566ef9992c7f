/** The effective configuration, as `--print-config` shows it: each value, where it came from, and no secret. */
import type { OptionDefinition } from "./option.ts";
import type { ReadConfiguration, ValueSource } from "./read-configuration.ts";
import { type ServerOptionName, serverOptions } from "./table.ts";

export type PrintedConfiguration = Readonly<
  Record<ServerOptionName, { readonly value: unknown; readonly source: ValueSource }>
>;

export function printedConfiguration({ configuration, sources }: ReadConfiguration): PrintedConfiguration {
  const names = Object.keys(serverOptions) as ServerOptionName[];
  return Object.fromEntries(
    names.map((name) => {
      const { isSecret }: OptionDefinition = serverOptions[name];
      // `null`: JSON has no other word for what is not set.
      const value = configuration[name] ?? null;
      return [name, { value: isSecret && value !== null ? "***" : value, source: sources[name] }];
    }),
  ) as PrintedConfiguration;
}
