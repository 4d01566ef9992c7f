// Bad input as a user meets it: one error with a code that reads well, exit code 1, and nothing left behind.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { readModel, writeModel } from "@attune/onnx";
import { tinyArtifact } from "@attune/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createFolder, type Folder } from "./testing/terminal.ts";

let folder: Folder;
beforeEach(() => {
  folder = createFolder();
});
afterEach(() => folder.remove());

interface Failure {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly details: Record<string, unknown>;
  };
}

const columns = { user: "user", item: "item", rating: "rating", time: "time" };

/** 40 users × 12 of 20 items, every rating from 1 to 5. */
function goodRows(): string[] {
  return Array.from(
    { length: 480 },
    (_, index) =>
      `u${index % 40},i${(index * 3 + (index % 40)) % 20},${1 + (index % 5)},${1_700_000_000 + index}`,
  );
}

/** 600 events of 40 users who meet different items. */
function variedRows(): string[] {
  return Array.from({ length: 600 }, (_, index) => `u${index % 40},i${(index * index + 3 * index) % 23}`);
}

async function prepare(
  csv: string | Uint8Array | undefined,
  data: object = {},
  rest: object = {},
): Promise<Failure["error"]> {
  if (csv !== undefined) folder.write("events.csv", csv);
  const config = { name: "shop", data: { events: { path: "events.csv", columns }, ...data }, ...rest };
  folder.write("attune.config.json", JSON.stringify(config));
  const { code, json, text } = await folder.attune("prepare");
  expect(code, text).toBe(1);
  const { error } = json as Failure;
  expect(text).toContain(`${error.code}: `);
  expect(listDatasets()).toEqual([]);
  return error;
}

function listDatasets(): string[] {
  try {
    return readdirSync(path.join(folder.dir, ".attune/datasets"));
  } catch {
    return [];
  }
}

const header = "user,item,rating,time\n";
const csv = (rows: readonly string[]) => `${header}${rows.join("\n")}\n`;

describe("an events file", () => {
  test("that is missing", async () => {
    const { code, message } = await prepare(undefined);
    expect(code).toBe("DATA_FILE_NOT_FOUND");
    expect(message).toContain("events.csv");
  });

  test("without a header", async () => {
    const { code, message } = await prepare(`${goodRows().join("\n")}\n`);
    expect(code).toBe("DATA_NO_HEADER");
    expect(message).toContain("u0,i0,1,1700000000");
  });

  test("without mapped columns: all of them named", async () => {
    const { code, message } = await prepare("user,film,stars,time\nu1,i1,3,1700000000\n");
    expect(code).toBe("DATA_MISSING_COLUMN");
    expect(message).toMatch(/lacks the columns item, rating; it has user, film, stars, time/);
  });

  test("with numbers and times that are none: lines and columns named", async () => {
    const rows = goodRows();
    rows[2] = "u2,i2,five,1700000002";
    rows[9] = "u9,i9,3,yesterday";
    const { code, message } = await prepare(csv(rows));
    expect(code).toBe("DATA_BAD_ROWS");
    expect(message).toMatch(/line 4\b.*rating.*five/);
    expect(message).toMatch(/line 11\b.*time.*yesterday/);
  });

  test("that a rule empties: the rule named", async () => {
    const { code, message } = await prepare(csv(goodRows()), { rules: { minRating: 99 } });
    expect(code).toBe("DATA_EMPTY");
    expect(message).toContain('after the rule "minimum rating" (480 before it)');
  });

  test("that is not UTF-8: the byte named", async () => {
    const { code, message } = await prepare(
      Buffer.concat([Buffer.from(header), Buffer.from("u1,caf\xe9,3,1\n", "latin1")]),
    );
    expect(code).toBe("DATA_ENCODING");
    expect(message).toContain(`offset ${header.length + 6}`);
  });

  test("whose ratings are all equal", async () => {
    const rows = goodRows().map((row) => row.replace(/,\d,/, ",4,"));
    expect((await prepare(csv(rows))).code).toBe("DATA_CONSTANT_RATING");
  });

  test("of one user", async () => {
    const rows = Array.from(
      { length: 50 },
      (_, index) => `u1,i${index},${1 + (index % 5)},${1_700_000_000 + index}`,
    );
    expect((await prepare(csv(rows), { rules: { minItemEvents: 1 } })).code).toBe("DATA_TOO_FEW_USERS");
  });

  test("mapped twice to one column", async () => {
    const { code, message } = await prepare(csv(goodRows()), {
      events: { path: "events.csv", columns: { ...columns, item: "user" } },
    });
    expect(code).toBe("DATA_DUPLICATE_MAPPING");
    expect(message).toContain("user");
  });
});

test("a config with three mistakes: all three", async () => {
  const { code, details } = await prepare(
    csv(goodRows()),
    { split: { kind: "never" } },
    { seed: "x", sede: 1 },
  );
  expect(code).toBe("CONFIG_INVALID");
  expect(details.issues).toHaveLength(3);
});

describe("a config", () => {
  const data = { events: { path: "events.csv", columns: { user: "user", item: "item" } } };
  const refuse = async (config: object, command = "train") => {
    folder.write("events.csv", `user,item\n${variedRows().join("\n")}\n`);
    folder.write("attune.config.json", JSON.stringify(config));
    const { code, json, text } = await folder.attune(command);
    expect(code, text).toBe(1);
    return (json as Failure).error;
  };

  test("of the former version is told what to change", async () => {
    const items = { path: "items.csv", columns: { item: "id", title: "title" }, extra: ["genres"] };
    const { code, message } = await refuse({ name: "shop", data: { ...data, items } });
    expect(code).toBe("CONFIG_VERSION");
    expect(message).toContain("data.items.extra: is data.items.show since version 2; rename it");
    expect((await refuse({ name: "shop", version: 1, data })).message).toContain("version: set it to 2");
  });

  test("whose task no trainer serves: the tasks that are served are named, nothing is prepared", async () => {
    const table = { path: "events.csv", target: "rating" };
    const { code, message } = await refuse({ task: "regress", name: "shop", data: { table } });
    expect(code).toBe("TRAIN_NO_TRAINER");
    expect(message).toContain('the task "regress"; there are trainers for recommend');
    expect(listDatasets()).toEqual([]);
  });

  test("that asks by name for a trainer the data is too large for", async () => {
    const models = [{ kind: "autoencoder", hyperparameters: { hidden: 20_000_000 } }];
    const { code, message } = await refuse({ name: "shop", data, train: { models } });
    expect(code).toBe("TRAIN_UNFIT");
    expect(message).toMatch(
      /autoencoder: the state of Adam .* needs \d+ MB, the limit is \d+ MB; lower hidden/,
    );
  });

  test("with a metric of another task", async () => {
    const { code, message } = await refuse({ name: "shop", data, train: { metric: "log-loss" } });
    expect(code).toBe("CONFIG_INVALID");
    expect(message).toContain("a ranking metric at k, such as ndcg@10");
  });
});

test("a trainer of the default list that does not fit is left out with a line, and the run goes on", async () => {
  folder.write("events.csv", `user,item\n${variedRows().join("\n")}\n`);
  const data = { events: { path: "events.csv", columns: { user: "user", item: "item" } } };
  // Nothing of more than 2 kB: popularity and item-kNN of 20 items fit, with all pairs; the autoencoder does not.
  const config = { name: "shop", data, export: { maxBytes: 6000 } };
  folder.write("attune.config.json", JSON.stringify(config));
  const { code, json, text } = await folder.attune("train");
  expect(code, text).toBe(0);
  expect(text).toMatch(
    /Left out: autoencoder, its file would have .* MB, the limit is .* MB \(export\.maxBytes\)\./,
  );
  expect(json).toMatchObject({ leftOut: [{ kind: "autoencoder" }] });
});

test("a folder that cannot be written is refused before any work, nothing half written", async () => {
  // `.attune` is a file, so no folder can be made under it, whoever runs the test.
  folder.write(".attune", "");
  const { code, message } = await prepare(csv(goodRows()));
  expect(code).toBe("CLI_CANNOT_START");
  expect(message).toContain("cannot be written");
  expect(readdirSync(folder.dir).sort()).toEqual([".attune", "attune.config.json", "events.csv"]);
});

describe("an artifact", () => {
  const artifact = tinyArtifact();

  async function refuse(
    change: (files: Record<string, Uint8Array>) => void,
    ...command: string[]
  ): Promise<Failure["error"]> {
    const files = { ...artifact.files };
    change(files);
    for (const [name, bytes] of Object.entries(files)) folder.write(name, bytes);
    const { code, json } = await folder.attune(...command, "--artifact", folder.dir);
    expect(code).toBe(1);
    return (json as Failure).error;
  }

  test("with one flipped byte", async () => {
    const { code, message } = await refuse((files) => {
      const bytes = Uint8Array.from(files["model.onnx"]!);
      bytes[bytes.length >> 1]! ^= 1;
      files["model.onnx"] = bytes;
    }, "recommend");
    expect(code).toBe("ARTIFACT_HASH");
    expect(message).toContain("model.onnx");
  });

  test("that lacks a file", async () => {
    const { code, message } = await refuse((files) => delete files["golden.json"], "recommend");
    expect(code).toBe("ARTIFACT_MISSING_FILE");
    expect(message).toContain("golden.json");
  });

  test.each([
    ["newer", 3, "upgrade"],
    ["older", 1, "make it again"],
  ])("of a(n) %s version", async (_, schemaVersion, advice) => {
    const { code, message } = await refuse((files) => {
      files["manifest.json"] = Buffer.from(JSON.stringify({ ...artifact.manifest, schemaVersion }));
    }, "verify");
    expect(code).toBe("MANIFEST_VERSION");
    expect(message).toContain(advice);
  });

  test.each(["verify", "serve"])("whose graph has an unknown op is refused by %s", async (command) => {
    const { code, message } = await refuse(
      (files) => {
        const model = readModel(files["model.onnx"]!);
        const nodes = model.graph.nodes.map((node, index) =>
          index === 0 ? { ...node, op: "Frobnicate" } : node,
        );
        const bytes = writeModel({ ...model, graph: { ...model.graph, nodes } });
        const promised = { ...artifact.manifest.files, "model.onnx": hash(bytes) };
        files["model.onnx"] = bytes;
        files["manifest.json"] = Buffer.from(JSON.stringify({ ...artifact.manifest, files: promised }));
      },
      command,
      ...(command === "serve" ? ["--port", "0", "--log-level", "silent"] : ["--no-web"]),
    );
    expect(code).toBe("ONNX_INVALID");
    expect(message).toContain("Frobnicate");
  });

  test("that answers otherwise than its trainer is refused by verify, and says nothing of parity", async () => {
    const { code, message } = await refuse(
      (files) => {
        const golden = JSON.parse(Buffer.from(files["golden.json"]!).toString("utf8"));
        golden.rows[0].expected.scores[0] += 0.5;
        const bytes = Buffer.from(JSON.stringify(golden));
        const promised = { ...artifact.manifest.files, "golden.json": hash(bytes) };
        files["golden.json"] = bytes;
        files["manifest.json"] = Buffer.from(
          JSON.stringify({ ...artifact.manifest, parity: undefined, files: promised }),
        );
      },
      "verify",
      "--no-web",
    );
    expect(code).toBe("VERIFY_MISMATCH");
    expect(message).toContain("onnxruntime-node disagrees with the trainer");
    expect(readFileSync(path.join(folder.dir, "manifest.json"), "utf8")).not.toContain("parity");
  });

  test("asked for more than its limits", async () => {
    for (const [name, bytes] of Object.entries(artifact.files)) folder.write(name, bytes);
    const ask = async (...argv: string[]) => {
      const { code, json } = await folder.attune("recommend", "--artifact", folder.dir, ...argv);
      expect(code).toBe(2);
      return (json as Failure).error;
    };
    expect((await ask("--k", "1000000000")).code).toBe("REQUEST_INVALID");
    const history = Array.from({ length: 100_000 }, (_, index) => `i${index}`).join(",");
    expect((await ask("--history", history)).message).toMatch(/history/);
  });

  test("served on a port in use", async () => {
    for (const [name, bytes] of Object.entries(artifact.files)) folder.write(name, bytes);
    const other = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => other.once("listening", resolve));
    const { port } = other.address() as AddressInfo;
    const { code, json } = await folder.attune(
      "serve",
      "--artifact",
      folder.dir,
      "--port",
      String(port),
      "--log-level",
      "silent",
    );
    other.close();
    expect(code).toBe(1);
    expect((json as Failure).error).toMatchObject({
      code: "SERVER_PORT_IN_USE",
      message: expect.stringContaining(String(port)),
    });
  });
});

test("inspect says why a model with external data is not loaded", async () => {
  folder.write("good.onnx", sumModel([]));
  expect((await folder.attune("inspect", "good.onnx")).code).toBe(0);
  const location = [...field(1, "location"), ...field(2, "weights.bin")];
  folder.write("external.onnx", sumModel([...field(13, location), 14 << 3, 1]));
  const { code, json } = await folder.attune("inspect", "external.onnx");
  expect(code).toBe(1);
  expect((json as { issues: string[] }).issues.join("\n")).toContain("weights.bin");
});

/** One length-delimited protobuf field; short enough for one-byte lengths. */
function field(number: number, content: string | readonly number[]): number[] {
  const bytes = typeof content === "string" ? [...Buffer.from(content)] : content;
  return [(number << 3) | 2, bytes.length, ...bytes];
}

/** y = x + weights, written by hand: our writer refuses external data. `data` are further fields of the weights. */
function sumModel(data: readonly number[]): Uint8Array {
  const shape = field(2, [...field(1, [8, 2])]);
  const value = (name: string) => [...field(1, name), ...field(2, field(1, [8, 1, ...shape]))];
  const inline = data.length === 0 ? field(9, [0, 0, 128, 63, 0, 0, 0, 64]) : [];
  const weights = [8, 2, 16, 1, ...field(8, "weights"), ...inline, ...data];
  const node = [
    ...field(1, "x"),
    ...field(1, "weights"),
    ...field(2, "y"),
    ...field(3, "add"),
    ...field(4, "Add"),
  ];
  const graph = [
    ...field(1, node),
    ...field(2, "sum"),
    ...field(5, weights),
    ...field(11, value("x")),
    ...field(12, value("y")),
  ];
  return Uint8Array.from([8, 10, ...field(7, graph), ...field(8, [...field(1, ""), 16, 21])]);
}

function hash(bytes: Uint8Array): { sha256: string; bytes: number } {
  return { sha256: createHash("sha256").update(bytes).digest("hex"), bytes: bytes.length };
}
