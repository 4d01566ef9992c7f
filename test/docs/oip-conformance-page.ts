/** docs/oip-conformance.md from the cases of the kit. */
import { cases, caseTables } from "@attune/oip-conformance";

export function oipConformancePage(): string {
  return `# Open Inference Protocol: the conformance kit

Generated from the cases (\`pnpm generate:docs\`): ${cases.length} of them, put to any server that speaks the Open Inference Protocol v2
over HTTP.

    npx @attune/oip-conformance http://127.0.0.1:8000

**Levels.** *must*: without it clients break, or the protocol's text forbids it; one that fails is exit code 1. *should*: a warning.
*may*: told, and no more. Within a *must* case a status of 5xx for a bad request is a warning, as the protocol leaves the status open
("typically 400"). Where published readings of the protocol disagree, all of them pass; the note of the case says which.

**Who is asked.** The models of \`--model\`, otherwise those that \`GET /v2/models\` or \`POST /v2/repository/index\` lists. Requests are
made from a model's metadata: −1 becomes 1, elements are 1 (or 0) and \`"a"\`. Where the model refuses that, the cases that need an answer are
skipped, and the report says so; \`--request FILE.json\` gives it a request that it answers. Each other request is that one with something
altered. Values are compared only where the model gives the same answer twice.

**What is asked of the server.** One request at a time, no load. Nothing is unloaded; with \`--admin-url\` the model is loaded again.
Bodies are validated against the protocol's own schemas. After each bad request (groups errors and robustness) the good one is sent
again and must be answered. Cases of an extension are asked where \`GET /v2\` advertises it, those of the repository where \`--admin-url\`
says where it is.

${caseTables(cases)}
`;
}
