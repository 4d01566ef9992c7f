/** Bad requests that servers answer, or refuse in the wrong way. */

import { json } from "../reference-server.ts";
import {
  answers,
  error,
  isDeep,
  isGet,
  isInfer,
  type KnownDefect,
  type Output,
  reads,
  readsMessage,
  refusals,
  shapesOf,
} from "./defect.ts";

export const errorDefects: readonly KnownDefect[] = [
  {
    name: "errors as a framework has them, where inputs are missing",
    defect: refusals(
      (request) => isInfer(request) && request.body.toString() === "{}",
      () => json(422, { detail: [{ msg: "field required" }] }),
    ),
    found: ["errors.no-inputs"],
  },
  {
    name: "the error is an object",
    defect: refusals(
      ({ path }) => path.endsWith("no-such-model/infer"),
      () => json(404, { error: { code: "X", message: "no" } }),
    ),
    found: ["errors.unknown-model"],
  },
  {
    name: "errors as plain text type",
    defect: refusals(isInfer, (sent) => ({ ...sent, headers: { "content-type": "text/plain" } })),
    found: ["errors.content-type"],
  },
  {
    name: "a stack in the error",
    defect: refusals(
      (request) => isInfer(request) && shapesOf(request).includes('["x"]'),
      () => error(400, "bad shape\n    at readShape (/srv/server/shape.js:10:3)"),
    ),
    found: ["errors.nothing-internal"],
  },
  {
    name: "a path of the machine in the error",
    defect: refusals(
      ({ path }) => path === "/v2/models/oip-conformance-no-such-model",
      () => error(404, "cannot open /opt/models/oip-conformance-no-such-model"),
    ),
    found: ["errors.nothing-internal"],
  },
  {
    name: "GET of infer answers 200",
    defect: answers(
      (request) => isInfer(request) && request.method === "GET",
      () => json(200, {}),
    ),
    found: ["errors.wrong-method"],
  },
  {
    name: "an output that is not there is passed over",
    defect: readsMessage((message) => ({
      ...message,
      outputs: (message.outputs as Output[] | undefined)?.filter(
        ({ name }) => !String(name).includes("no-such"),
      ),
    })),
    found: ["robustness.unknown-output"],
  },
  {
    name: "data longer than the shape is cut",
    defect: readsMessage((message) => ({
      ...message,
      inputs: (message.inputs as Output[]).map((input) => {
        const count = Array.isArray(input.shape) ? input.shape.reduce((product, dim) => product * dim, 1) : 0;
        const isLonger =
          Array.isArray(input.data) && !input.data.some(Array.isArray) && input.data.length > count;
        return isLonger && count > 0 ? { ...input, data: input.data!.slice(0, count) } : input;
      }),
    })),
    found: ["robustness.data-longer"],
  },
  {
    name: "an INT64 beyond 2⁵³ is rounded",
    defect: (next) => (request) => {
      const body = request.body.toString("latin1");
      if (!body.includes("9007199254740993")) return next(request);
      const sent = next({
        ...request,
        body: Buffer.from(body.replace("9007199254740993", "77777"), "latin1"),
      });
      if (sent === "hang up") return sent;
      return { ...sent, body: Buffer.from(sent.body.toString().replace("77777", "9007199254740992")) };
    },
    found: ["robustness.unsafe-integer"],
  },
  {
    name: "500 on a shape of 2⁶⁴",
    defect: refusals(
      ({ body }) => body.includes('"shape":[18446744073709551616]'),
      () => error(500, "internal"),
    ),
    found: ["robustness.shape-2-64"],
  },
  {
    name: "negative sizes are taken as free",
    defect: readsMessage((message) => ({
      ...message,
      inputs: (message.inputs as Output[]).map((input) =>
        Array.isArray(input.shape) && input.shape[0] === -1 && input.shape[1] !== -1
          ? { ...input, shape: [1, ...input.shape.slice(1)] }
          : input,
      ),
    })),
    found: ["robustness.shape-negative"],
  },
  {
    name: "any datatype is taken for the model's",
    defect: readsMessage((message) => ({
      ...message,
      inputs: (message.inputs as Output[]).map((input) =>
        typeof input.datatype === "string" && input.name === "text" ? { ...input, datatype: "BYTES" } : input,
      ),
    })),
    found: ["robustness.unknown-datatype", "robustness.wrong-datatype"],
  },
  {
    name: "an output asked for twice comes once",
    defect: readsMessage((message) => {
      const outputs = message.outputs as Output[] | undefined;
      const isFirst = (one: Output, at: number) => outputs!.findIndex(({ name }) => name === one.name) === at;
      return { ...message, outputs: outputs?.filter(isFirst) };
    }),
    found: ["robustness.duplicate-output"],
  },
  {
    name: "text behind the JSON is passed over",
    defect: reads((request) => {
      const text = request.body.toString("latin1");
      return text.endsWith("} {}") ? { ...request, body: request.body.subarray(0, -3) } : request;
    }),
    found: ["robustness.trailing-text"],
  },
  {
    name: "deep JSON ends the connection",
    defect: answers(isDeep, () => "hang up"),
    found: ["robustness.deep-json"],
  },
  {
    name: "an empty body is answered as a good request",
    defect: answers(
      (request) => isInfer(request) && request.method === "POST" && request.body.length === 0,
      () => json(200, { model_name: "identity", outputs: [] }),
    ),
    found: ["robustness.empty-body"],
  },
  {
    name: "__proto__ in a body breaks what comes after",
    defect: (next) => {
      let isPolluted = false;
      return (request) => {
        if (request.body.includes('{"__proto__"')) {
          isPolluted = true;
          return next(request);
        }
        const sent = isPolluted && isInfer(request) ? error(500, "polluted") : next(request);
        isPolluted = false;
        return sent;
      };
    },
    found: ["robustness.proto-member"],
  },
  {
    name: "an input with a name of objects ends the connection",
    defect: refusals(
      ({ body }) => body.includes('"name":"constructor"'),
      () => "hang up",
    ),
    found: ["robustness.proto-input"],
  },
  {
    name: "constructor is a model",
    defect: answers(isGet("/v2/models/constructor"), () => json(200, { name: "constructor", platform: "x" })),
    found: ["robustness.proto-model"],
  },
  {
    name: "a model's name is a path of the file system",
    defect: answers(
      ({ path }) => path === "/v2/models/..%2f..%2f..%2f..%2fetc%2fpasswd",
      () => error(404, "no model in:\nroot:x:0:0:root:/root:/bin/bash"),
    ),
    found: ["robustness.path-tricks"],
  },
];
