import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createServer } from "@attune/server";
import { tinyArtifact } from "@attune/testkit";
import { describe, expect, test } from "vitest";
import { defaultBodyLimit } from "../../apps/server/src/http/create-http.ts";
import { directive, readDeployFile, readYaml, toMs } from "./deploy-files.ts";

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
  readonly periodSeconds: number;
  readonly timeoutSeconds?: number;
  readonly failureThreshold: number;
}

interface Deployment {
  readonly spec: {
    readonly replicas: number;
    readonly strategy: {
      readonly rollingUpdate: { readonly maxUnavailable: number; readonly maxSurge: number };
    };
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly template: {
      readonly metadata: {
        readonly labels: Readonly<Record<string, string>>;
        readonly annotations: Readonly<Record<string, string>>;
      };
      readonly spec: {
        readonly terminationGracePeriodSeconds: number;
        readonly securityContext: { readonly runAsNonRoot: boolean; readonly runAsUser: number };
        readonly containers: readonly Container[];
        readonly volumes: readonly { readonly name: string }[];
      };
    };
  };
}

interface Container {
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly startupProbe: Probe;
  readonly livenessProbe: Probe;
  readonly readinessProbe: Probe;
  readonly resources: Readonly<Record<"requests" | "limits", { readonly memory: string }>>;
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly volumeMounts: readonly {
    readonly name: string;
    readonly mountPath: string;
    readonly readOnly?: boolean;
  }[];
}

/** What a server says of itself when it keeps a connection, in seconds. */
async function serverKeepAliveSeconds(): Promise<number> {
  const dir = mkdtempSync(path.join(tmpdir(), "attune-keep-alive-"));
  for (const [name, bytes] of Object.entries(tinyArtifact().files))
    writeFileSync(path.join(dir, name), bytes);
  const server = await createServer({ artifactDir: dir, port: 0 });
  try {
    await server.ready;
    const header = (await fetch(`${server.url}/healthz`)).headers.get("keep-alive");
    return Number(/timeout=(\d+)/.exec(header ?? "")?.[1]);
  } finally {
    await server.close();
    rmSync(dir, { recursive: true });
  }
}

describe("kubernetes", () => {
  const { spec } = readYaml<Deployment>("kubernetes/deployment.yaml");
  const pod = spec.template.spec;
  const [container] = pod.containers as [Container];
  const { startupProbe, livenessProbe, readinessProbe } = container;
  const option = (name: string) => {
    const found = container.args.find((arg) => arg.startsWith(`--${name}=`));
    if (found === undefined) throw new Error(`no --${name}`);
    return found.slice(name.length + 3);
  };
  const drainDelayMs = Number(option("drain-delay-ms"));

  test("the server is killed only after it had its time to drain", () => {
    const needed = (drainDelayMs + Number(option("drain-ms"))) / 1000;
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(needed + 5);
  });

  test("a server that drains is known not to be ready before it stops listening", () => {
    const { periodSeconds, failureThreshold, timeoutSeconds = 1 } = readinessProbe;
    expect(drainDelayMs / 1000).toBeGreaterThan(periodSeconds * failureThreshold + timeoutSeconds);
  });

  test("probes ask what they are for, on the port that callers use", () => {
    const asked = [startupProbe, livenessProbe, readinessProbe].map(({ httpGet }) => httpGet);
    expect(asked.map((one) => one.path)).toEqual(["/healthz", "/healthz", "/readyz"]);
    expect(new Set(asked.map(({ port }) => port))).toEqual(new Set(["http"]));
    expect(livenessProbe.periodSeconds * livenessProbe.failureThreshold).toBeGreaterThanOrEqual(30);
  });

  test("ports are those of the options, and metrics are scraped on the admin port", () => {
    const ports = Object.fromEntries(container.ports.map(({ name, containerPort }) => [name, containerPort]));
    expect(ports).toEqual({ http: Number(option("port")), admin: Number(option("admin-port")) });
    expect(spec.template.metadata.annotations["prometheus.io/port"]).toBe(option("admin-port"));
    const service = readYaml<{ spec: { ports: { targetPort: string }[] } }>("kubernetes/service.yaml");
    expect(service.spec.ports.map(({ targetPort }) => targetPort)).toEqual(["http"]);
  });

  test("the heap and the bodies fit the memory limit, which is what was asked for", () => {
    const mebibytes = (text: string) => Number(/^(\d+)Mi$/.exec(text)![1]);
    const limit = mebibytes(container.resources.limits.memory);
    expect(mebibytes(container.resources.requests.memory)).toBe(limit);
    const nodeOptions = container.env.find(({ name }) => name === "NODE_OPTIONS")!.value;
    const heap = Number(/--max-old-space-size=(\d+)/.exec(nodeOptions)![1]);
    expect(heap + Number(option("max-in-flight-mb"))).toBeLessThan(limit * 0.75);
  });

  test("nothing runs as root or writes", () => {
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true });
    expect(pod.securityContext.runAsUser).toBeGreaterThan(0);
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
    expect(container.volumeMounts.every(({ readOnly }) => readOnly)).toBe(true);
    expect(container.volumeMounts.map(({ name }) => name)).toEqual(pod.volumes.map(({ name }) => name));
    for (const name of ["models", "keys"]) {
      expect(container.volumeMounts.some(({ mountPath }) => option(name).startsWith(mountPath))).toBe(true);
    }
  });

  test("a release never has fewer servers than before, and all files choose the same pods", () => {
    expect(spec.strategy.rollingUpdate).toEqual({ maxUnavailable: 0, maxSurge: 1 });
    const { labels } = spec.template.metadata;
    const service = readYaml<{ spec: { selector: unknown } }>("kubernetes/service.yaml");
    const budget = readYaml<{ spec: { selector: { matchLabels: unknown }; maxUnavailable: number } }>(
      "kubernetes/pod-disruption-budget.yaml",
    );
    const policy = readYaml<{ spec: { podSelector: { matchLabels: unknown } } }>(
      "kubernetes/network-policy.yaml",
    );
    expect(spec.selector.matchLabels).toEqual(labels);
    expect(service.spec.selector).toEqual(labels);
    expect(budget.spec.selector.matchLabels).toEqual(labels);
    expect(policy.spec.podSelector.matchLabels).toEqual(labels);
    expect(budget.spec.maxUnavailable).toBeLessThan(spec.replicas);
  });
});

describe("systemd", () => {
  const unit = readDeployFile("systemd/attune-server@.service");
  const environment = readDeployFile("systemd/server.env");

  test("stops with the signal that drains, and waits longer than draining takes", () => {
    expect(directive(unit, "KillSignal")).toBe("SIGTERM");
    const drainMs =
      Number(directive(environment, "ATTUNE_DRAIN_DELAY_MS")) +
      Number(directive(environment, "ATTUNE_DRAIN_MS"));
    expect(Number(directive(unit, "TimeoutStopSec")) * 1000).toBeGreaterThan(drainMs + 5000);
    expect(directive(unit, "ExecReload")).toBe("/bin/kill -HUP $MAINPID");
    expect(directive(unit, "Type")).toBe("exec");
  });

  test("the heap fits the memory limit, and code can be compiled at run time", () => {
    const heap = Number(/--max-old-space-size=(\d+)/.exec(directive(environment, "NODE_OPTIONS"))![1]);
    expect(directive(unit, "MemoryMax")).toBe("1G");
    expect(heap).toBeLessThan(1024 * 0.75);
    expect(unit).not.toMatch(/^MemoryDenyWriteExecute=/m);
    expect(unit).toMatch(/^RestrictAddressFamilies=.*AF_NETLINK/m);
  });
});

describe("proxies", () => {
  const nginx = readDeployFile("nginx/attune.conf");
  const haproxy = readDeployFile("haproxy/haproxy.cfg");

  test("bodies have the server's limit", () => {
    expect(Number(directive(nginx, "client_max_body_size"))).toBe(defaultBodyLimit);
    expect(haproxy).toContain(`deny_status 413 if { req.hdr_val(content-length) gt ${defaultBodyLimit} }`);
  });

  test("it is the proxy that closes an idle connection to the server, never the server", async () => {
    const serverMs = (await serverKeepAliveSeconds()) * 1000;
    const upstream = /^upstream attune \{([\s\S]*?)^\}/m.exec(nginx)![1]!;
    expect(toMs(directive(upstream, "keepalive_timeout"))).toBeLessThan(serverMs);
    expect(toMs(/pool-purge-delay (\S+)/.exec(haproxy)![1]!)).toBeLessThan(serverMs);
    expect(directive(nginx, "proxy_http_version")).toBe("1.1");
    expect(directive(nginx, "proxy_set_header Connection")).toBe('""');
  });

  test("a question is asked at most twice, and a busy server is not taken for a broken one", () => {
    expect(Number(directive(nginx, "proxy_next_upstream_tries"))).toBe(2);
    expect(nginx.match(/^ *server [\d.:]+ .*$/gm)).toHaveLength(2);
    for (const [line] of nginx.matchAll(/^ *server [\d.:]+ .*$/gm)) expect(line).toContain("max_fails=0");
  });

  test("HAProxy takes a draining server away before it stops", () => {
    const [, inter = "", fall = ""] = /check inter (\S+) fall (\d+)/.exec(haproxy)!;
    const drainDelayMs = Number(directive(readDeployFile("systemd/server.env"), "ATTUNE_DRAIN_DELAY_MS"));
    expect(toMs(inter) * Number(fall)).toBeLessThan(drainDelayMs / 2);
    expect(haproxy).toContain("http-check send meth GET uri /readyz");
  });

  test("ids of requests and traces go through", () => {
    expect(directive(nginx, "proxy_set_header X-Request-Id")).toBe("$attune_request_id");
    expect(haproxy).toContain("set-header X-Request-Id %[uuid] unless { req.hdr(x-request-id) -m found }");
    for (const text of [nginx, haproxy])
      expect(text).not.toMatch(/(set-header|del-header|proxy_set_header) +traceparent/i);
  });

  test("files keep the coding that the server chose", () => {
    expect(directive(nginx, "gzip")).toBe("off");
    expect(haproxy).not.toContain("compression algo");
  });
});
