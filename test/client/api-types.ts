/** The types of `@attune/client`, written from the document of a server. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createServer } from "@attune/server";
import { compile } from "json-schema-to-typescript";

/** Where they are checked in. */
export const apiTypesFile = path.resolve(import.meta.dirname, "../../packages/client/src/api.ts");

const banner =
  "/** Requests and answers of the scoring server. Written by `test/client/write.ts` from its OpenAPI document. */\n\n";

/** Bodies of many: the client makes and takes them apart itself. */
const unused = ["RecommendRequests", "Recommendations", "PredictRequests", "Predictions"];

/** The source of `api.ts` as the server's document has it today. */
export async function apiTypes(): Promise<string> {
  const schemas = JSON.stringify(await readSchemas()).replaceAll("#/components/schemas/", "#/$defs/");
  const root = { $defs: JSON.parse(schemas), title: "Api", type: "object", additionalProperties: false };
  const source = await compile(root as never, "Api", {
    bannerComment: "",
    ignoreMinAndMaxItems: true,
    style: { printWidth: 110, trailingComma: "all" },
    unreachableDefinitions: true,
  });
  return banner + readable(source);
}

/** Of a server without a model: the general document, whatever is served where this runs. */
async function readSchemas(): Promise<unknown> {
  const artifactDir = await mkdtemp(path.join(tmpdir(), "attune-client-"));
  const server = await createServer({ artifactDir, port: 0, adminPort: "off" });
  try {
    const response = await fetch(`${server.url}/openapi.json`);
    const document = (await response.json()) as { readonly components: { readonly schemas: object } };
    const entries = Object.entries(document.components.schemas);
    return Object.fromEntries(entries.filter(([name]) => !unused.includes(name)));
  } finally {
    await server.close();
    await rm(artifactDir, { recursive: true });
  }
}

/** Without what the compiler says about itself; everything readonly; comments in one line. */
function readable(source: string): string {
  return source
    .replace("export interface Api {}\n", "")
    .replace(
      /(\n \*)?\n \* This interface was referenced by `Api`'s JSON-Schema\n \* via the `definition` "\w+"\./g,
      "",
    )
    .replace(/\/\*\*\n \*\/\n/g, "")
    .replace(/^( *)\/\*\*((?:\n *\* @m\w+Items \d+)+)\n *\*\/\n/gm, "")
    .replace(/^( *)\/\*\*\n *\* (.*)\n *\*\/$/gm, "$1/** $2 */")
    .replace(/^( +)((?:\[k: string\]|\w+)\??:)/gm, "$1readonly $2")
    .replace(/: \(([^()]*)\)\[\]/g, ": readonly ($1)[]")
    .replace(/([:|] )(\w+)\[\]/g, "$1readonly $2[]")
    .replace(/\n(?=\/\*\*|export)/g, "\n\n")
    .replace(/\*\/\n\nexport/g, "*/\nexport")
    .replace(/\n{3,}/g, "\n\n")
    .trimStart();
}
