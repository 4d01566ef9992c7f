/**
 * Imported first by every entry that needs the newer Node: an older one is refused before anything else loads, not after
 * minutes of work. A file of its own, because imports run before the code of the module that has them.
 */
import { assertNode } from "./node-version.ts";

assertNode(process.version);
