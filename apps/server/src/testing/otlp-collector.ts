/** A collector of traces for tests: OTLP over HTTP as JSON, on a free port. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

export interface CollectedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly status: { readonly code?: number };
}

export interface Collector {
  readonly endpoint: string;
  readonly spans: readonly CollectedSpan[];
  readonly resource: Readonly<Record<string, unknown>>;
  /** Everything received, as it came: path, headers and bodies. */
  readonly received: string;
}

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

interface Export {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly {
      readonly spans: readonly (Omit<CollectedSpan, "attributes"> & {
        readonly attributes: readonly Attribute[];
      })[];
    }[];
  }[];
}

/** @param status - what it answers; `"never"` leaves senders waiting. Closed after the test. */
export async function startCollector(status: number | "never" = 200): Promise<Collector> {
  const spans: CollectedSpan[] = [];
  let resource: Readonly<Record<string, unknown>> = {};
  let received = "";
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    received += `${request.method} ${request.url}\n${request.rawHeaders.join("\n")}\n${body}\n`;
    if (status === "never") return;
    for (const { resource: of, scopeSpans } of (JSON.parse(body) as Export).resourceSpans) {
      resource = toRecord(of.attributes);
      for (const scope of scopeSpans) {
        spans.push(...scope.spans.map((span) => ({ ...span, attributes: toRecord(span.attributes) })));
      }
    }
    response.writeHead(status, { "content-type": "application/json" }).end("{}");
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    get resource() {
      return resource;
    },
    get received() {
      return received;
    },
  };
}

function toRecord(attributes: readonly Attribute[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}
