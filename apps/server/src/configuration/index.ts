/** The options of a server and where they come from, without the server: quick to load. */

// An older Node is refused before anything else loads.
import "@attune/store/require-node";

// From flags, environment and file to options of `createServer`
export { type OpenedConfiguration, openConfiguration } from "./open-configuration.ts";
// The table
export { describeDefault, flagOf, type OptionDefinition, variableOf } from "./option.ts";
export { type PrintedConfiguration, printedConfiguration } from "./print-configuration.ts";
export {
  type ConfigurationInput,
  type ReadConfiguration,
  readConfiguration,
  type ValueSource,
} from "./read-configuration.ts";
export { type Configuration, type ServerOptionName, serverOptions } from "./table.ts";
