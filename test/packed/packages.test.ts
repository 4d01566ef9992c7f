// What we publish, installed from tarballs into an empty project: Node and a Vite page in Chromium.
import path from "node:path";
import { tinyArtifact } from "@attune/testkit";
import { build } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { withChromiumPage } from "../../packages/cli/src/chromium/launch.ts";
import { serveFolders } from "../../packages/cli/src/chromium/static-server.ts";
import { type Consumer, createConsumer } from "./consumer.ts";

const artifact = tinyArtifact();
let consumer: Consumer;

beforeAll(async () => {
  consumer = await createConsumer([
    ...["contracts", "runtime", "runtime-node", "runtime-web"],
    ...["onnx", "numeric", "store", "trace", "compile", "tfjs-export"],
    ...["features", "metrics", "train", "recommenders"],
  ]);
  for (const [name, bytes] of Object.entries(artifact.files)) consumer.write(`artifact/${name}`, bytes);
}, 300_000);

afterAll(() => consumer?.remove());

const request = JSON.stringify({ history: ["item-0", "item-3"], k: 3 });

test("the Node packages recommend, and print nothing of their own", async () => {
  consumer.write(
    "node.js",
    `import { isAttuneError } from "@attune/contracts";
import { openArtifact } from "@attune/runtime-node";

const { personalizer } = await openArtifact("artifact");
const answer = await personalizer.recommend(${request});
const refused = await personalizer.recommend({ history: [], k: 0 }).catch((error) => error);
await personalizer.close();
console.log(JSON.stringify({ answer, refused: isAttuneError(refused, "REQUEST_INVALID") }));
`,
  );
  const { stdout, stderr } = await consumer.node("node.js");
  expect(stderr).toBe("");
  const { answer, refused } = JSON.parse(stdout);
  expect(answer.ids).toHaveLength(3);
  expect(answer).toMatchObject({ source: "model", unknown: 0 });
  expect(refused).toBe(true);
});

test("tfjs code is traced and trained, and the packages print nothing of their own", async () => {
  // Not at the start of lines: the architecture test would take them for imports of this file.
  const imports = [
    'import "@tensorflow/tfjs-backend-cpu";',
    'import * as tf from "@tensorflow/tfjs-core";',
    'import { layers, sequential } from "@tensorflow/tfjs-layers";',
    'import { writeModel } from "@attune/onnx";',
    'import { createNodeSession } from "@attune/runtime-node";',
    'import { traceLayersModel } from "@attune/trace";',
    'import { compileTraining } from "@attune/compile";',
  ];
  consumer.write(
    "train.js",
    `${imports.join("\n")}
tf.env().set("PROD", true);
const model = sequential({ layers: [layers.dense({ units: 1, name: "sum", inputShape: [3] })] });
const x = tf.randomNormal([200, 3], 0, 1, "float32", 1);
const training = await compileTraining(model, {
  optimizer: tf.train.adam(0.05),
  loss: "meanSquaredError",
  createSession: createNodeSession,
});
const { epochs } = await training.fit({ x, y: tf.sum(x, 1, true) }, { epochs: 20 });
await training.close();
const session = await createNodeSession(writeModel(traceLayersModel(model)));
const { sum } = await session.run({ sum_input: { dtype: "float32", dims: [1, 3], data: Float32Array.of(1, 2, 3) } });
await session.close();
console.log(JSON.stringify({ loss: epochs.at(-1).numbers.loss, sum: sum.data[0] }));
`,
  );
  const { stdout, stderr } = await consumer.node("train.js");
  expect(stderr).toBe("");
  const { loss, sum } = JSON.parse(stdout);
  expect(loss).toBeLessThan(0.01);
  expect(sum).toBeCloseTo(6, 0);
});

test("the web package bundles with Vite and recommends in Chromium, as Node does", async () => {
  consumer.write(
    "index.html",
    '<!doctype html><title>page</title><script type="module" src="/page.js"></script>',
  );
  consumer.write(
    "page.js",
    `import { openWebArtifact } from "@attune/runtime-web";

window.recommend = async (request) => {
  const { personalizer } = await openWebArtifact({ baseUrl: "/artifact/" });
  return personalizer.recommend(request);
};
`,
  );
  await build({ root: consumer.dir, logLevel: "silent", configFile: false, worker: { format: "es" } });
  const server = await serveFolders({
    folders: { "/": path.join(consumer.dir, "dist"), "/artifact/": path.join(consumer.dir, "artifact") },
  });
  try {
    const web = await withChromiumPage(`${server.url}/index.html`, async (page) => {
      await page.waitForFunction("window.recommend !== undefined");
      return page.evaluate(`window.recommend(${request})`) as Promise<{ ids: string[]; scores: number[] }>;
    });
    consumer.write(
      "same.js",
      `import { openArtifact } from "@attune/runtime-node";
const { personalizer } = await openArtifact("artifact");
console.log(JSON.stringify(await personalizer.recommend(${request})));
await personalizer.close();
`,
    );
    const node = JSON.parse((await consumer.node("same.js")).stdout);
    expect(web.ids).toEqual(node.ids);
    web.scores.forEach((score, index) => {
      expect(Math.abs(score - node.scores[index])).toBeLessThanOrEqual(1e-5);
    });
  } finally {
    await server.close();
  }
});
