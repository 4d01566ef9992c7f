/** `pnpm generate:client`: writes the types of `@attune/client`. */
import { writeFileSync } from "node:fs";
import { apiTypes, apiTypesFile } from "./api-types.ts";

writeFileSync(apiTypesFile, await apiTypes());
