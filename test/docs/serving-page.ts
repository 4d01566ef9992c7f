/** docs/serving.md: every option of the server. The table is the one that flags, environment and files are read by. */
import { optionsTable } from "../../apps/server/src/configuration/help.ts";

export function servingPage(): string {
  return `${beforeTable}${optionsTable()}\n${afterTable}`;
}

const beforeTable = `# Options of the server

\`attune-server\` and \`attune serve\` take the same options, and each of them from three places: a flag, a variable of the environment, a
JSON file. A flag counts before the environment, the environment before the file, the file before the default. Generated
(\`pnpm generate:docs\`).

\`\`\`sh
attune-server --models /srv/attune/models --port 8080 --max-queue-ms 50
ATTUNE_MODELS=/srv/attune/models ATTUNE_PORT=8080 ATTUNE_MAX_QUEUE_MS=50 attune-server
attune-server --config server.json
\`\`\`

\`\`\`json
{ "models": "/srv/attune/models", "port": 8080, "maxQueueMs": 50 }
\`\`\`

The file is named by \`--config\`, or by \`ATTUNE_CONFIG\`. In \`attune serve\`, where \`--config\` is the project's, it is \`--server-config\`; there the
log level is \`warn\` unless it is given, \`--artifact\` is the project's newest, and \`--assets\` the demo page that comes with the program.
Relative paths of a file start at its folder, others where the command runs. A list is several values with commas, several flags, or a
list of the file.

Whatever does not fit is refused before anything is loaded, all of it in one error, with exit code 2: unknown flags and names in the
file, values out of range, options that exclude each other. An unknown variable that looks like one of these is a warning. \`--print-config\`
shows what is in force and where each value came from; secrets are \`***\` there.

`;

const afterTable = `
Times are in milliseconds, and no option may be left without a value: an empty variable counts as none.

## Keys

Without keys everybody who reaches the port may ask. A file of keys closes groups of routes, each of which stays open as long as no key is
of it:

\`\`\`json
{
  "keys": [
    { "id": "web", "key": "at least 16 characters, no spaces", "groups": ["inference"], "ratePerSecond": 50, "burst": 100 },
    { "id": "prometheus", "sha256": "the sha256 of a key, in hexadecimal", "groups": ["metrics"] },
    { "id": "deploy", "key": "…", "groups": ["admin"] }
  ]
}
\`\`\`

| group | what it opens |
|---|---|
| \`inference\` | questions to the models: \`/v1/recommend\`, \`/v1/predict\`, \`infer\` of \`/v2\` |
| \`feedback\` | kept for routes that take what people chose |
| \`metrics\` | \`/metrics\`, on the admin port |
| \`admin\` | loading and unloading of versions, on the admin port; without a key of this group, callers on the server's own machine only |

A key is sent as \`authorization: Bearer KEY\` or as \`x-api-key: KEY\`. Without one the answer is 401, with one of another group 403, and past
its rate 429 with \`retry-after\`. Make a key with \`node -e "console.log(crypto.randomBytes(24).toString('base64url'))"\`.

The file is refused when other users of the machine can read it: \`chmod 600\` (a file of root may be readable by its group when the server
is not root, as secrets of Kubernetes are). \`ATTUNE_KEYS\` may hold the JSON itself instead of a file's name; a flag and the options file may
not. The server keeps hashes only, compares them in constant time, and shows no key in logs, answers or errors.

\`ratePerSecond\` limits a key, \`burst\` is what it may ask at once after a pause (one second's worth unless given). \`--rate-per-address\` limits
callers without a known key, by address, an IPv6 network of 64 bits as one. Behind a proxy every caller has the proxy's address: give keys,
or limit there.

## Pages of other origins

Browsers keep pages of other origins from reading answers, and this server refuses what they post (403). \`--allow-origin https://shop.example\`
lets the pages of that origin load the public files (\`/artifact/\`, the widget and its assets, \`/v1/model\`, \`/v1/items\`) and ask the models.
An origin is scheme, host and port as the browser sends it, without a path. \`*\` is every origin: do not give keys to such pages, everybody
can read them. The admin port is for no page of another origin, and answers to nothing but addresses, localhost and names given with \`--allow-host\`
when it is asked to change something.

A proxy in front must hand the \`host\` header on (\`proxy_set_header Host $host;\`), or the page behind it counts as one of another origin.

## TLS

\`--tls-cert\` and \`--tls-key\` are PEM files, the key without a passphrase. The certificate comes first in its file, those between it and the
authority behind it. A pair that does not belong together is refused at start; an expired certificate is a warning. They are read once: a
new certificate needs a restart. The admin port stays without TLS, for this machine.
`;
