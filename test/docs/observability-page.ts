/** docs/observability.md: what a server tells of itself. The table is the list that the scrape is written from. */
import { metricList } from "../../apps/server/src/observe/metric-list.ts";

export function observabilityPage(): string {
  const rows = Object.entries(metricList).map(
    ([name, { type, labels, help }]) =>
      `| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(" ")} | ${help} |`,
  );
  return `${beforeTable}${rows.join("\n")}\n${afterTable}`;
}

const beforeTable = `# What a server tells

Metrics, logs and traces of \`attune-server\`. None of them ever holds a history, an id of an item or a person, a search word, a key or
a path that a caller made up. Generated (\`pnpm generate:docs\`).

## Metrics

\`GET /metrics\` on the admin port, which is the port after the server's own and only this machine's unless \`--admin-host\` says
otherwise, in the text format of Prometheus. \`examples/deploy/prometheus/\` has the lines for prometheus.yml and alert rules,
\`examples/deploy/grafana/attune.json\` a dashboard to import.

\`\`\`sh
curl http://127.0.0.1:8081/metrics
\`\`\`

\`model\` and \`version\` are those of the repository, \`route\` is a pattern such as \`/v1/recommend\` (\`unmatched\` for every path that there is
not), \`status\` a number. Figures of a version that is gone are given at one more scrape, and then no more: a hundred releases do not grow
the list.

| metric | type | labels | meaning |
|---|---|---|---|
`;

const afterTable = `
Where the time of a request goes: \`attune_http_request_duration_seconds\` is \`attune_queue_wait_seconds\`, then
\`attune_inference_duration_seconds\` of the run that it shared with \`attune_batch_size\` requests, then HTTP. A wait that grows asks for
processors, an inference time that grows for a smaller model or shorter histories.

A request that is refused before it is read (no room) has a duration of 0 and no model. \`attune_sheds_total\` counts refusals by what ran
out; they are not failures, callers were told when to come back.

## Logs

One JSON object a line, to stderr. Answered requests are lines of level \`debug\`, refused ones of \`info\`, failures of the server of \`error\`;
requests that were shed are at \`debug\` too, because the log would be the next thing to be overloaded. A request's line has \`requestId\`,
\`method\`, \`route\`, \`status\`, and \`code\` where it was refused: the one of the answer, see [errors](errors.md).

\`requestId\` is the caller's \`x-request-id\` where it has at most 128 letters, digits and \`. _ : / + = -\`, else one of ours. It is in the
answer's header, in the body of an error, in the log and in the trace, so that a caller's complaint leads to its line.

## Traces

Off unless \`--otlp-endpoint\` names a collector, such as \`http://127.0.0.1:4318\`: nothing of OpenTelemetry is loaded then, and no answer has
a header of it. With one, spans are sent to \`/v1/traces\` below it, by OTLP over HTTP as JSON, in batches and beside the requests: a
collector that is slow or gone loses spans, never answers, and the log says so once. Headers that it asks for are read from
\`OTEL_EXPORTER_OTLP_HEADERS\`.

| span | from, to | attributes |
|---|---|---|
| \`POST /v1/recommend\` and so on | headers read, answer sent | \`http.request.method\` \`http.route\` \`http.response.status_code\` \`url.scheme\` \`attune.model\` \`attune.version\` \`attune.request_id\` |
| \`queue\` | put in line, run begins | |
| \`model\` | run begins, run ends | \`attune.batch_size\` |

A valid \`traceparent\` ([W3C Trace Context](https://www.w3.org/TR/trace-context/)) is continued, and its sender's choice whether to record is
kept; every answer carries the \`traceparent\` of the server's span, and its log line the \`traceId\`. \`tracestate\` and \`baggage\` are neither
stored nor sent. In front of the open internet, let the proxy remove \`traceparent\`: otherwise strangers decide what is recorded.
`;
