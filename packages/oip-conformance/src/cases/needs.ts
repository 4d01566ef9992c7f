/** What a case needs beyond what it is about. Where that is missing it is skipped, with these words. */
import { datatypes } from "../protocol/datatypes.ts";
import type { Tensor } from "../protocol/tensor.ts";
import type { InferFacts, ModelFacts, ServerFacts } from "../subject/facts.ts";

export interface Need<Facts> {
  /** Why it is skipped. */
  readonly otherwise: string;
  isMet(facts: Facts): boolean;
}

function advertised(name: string): Need<ServerFacts> {
  return {
    otherwise: `the server does not advertise ${name}`,
    isMet: ({ extensions }) => extensions.includes(name),
  };
}

export const advertisesBinary = advertised("binary_tensor_data");
export const advertisesConfiguration = advertised("model_configuration");
export const advertisesStatistics = advertised("statistics");

/** The address says enough: the one that serves models often advertises nothing of it. */
export const adminAddress: Need<ServerFacts> = {
  otherwise:
    "loading is asked of no address that is not given for it; give --admin-url URL, nothing is unloaded",
  isMet: ({ hasAdmin }) => hasAdmin,
};

export const readableMetadata: Need<ModelFacts> = {
  otherwise: "the model's metadata cannot be read",
  isMet: ({ model }) => model.metadata !== undefined,
};

export const listedVersions: Need<ModelFacts> = {
  otherwise: "the model's metadata lists no versions",
  isMet: ({ model }) => (model.metadata?.versions?.length ?? 0) > 0,
};

export const requestToTry: Need<ModelFacts> = {
  otherwise: "no request can be made from the model's metadata; give --request FILE",
  isMet: ({ tried }) => tried !== undefined,
};

function anInput(what: string, fits: (input: Tensor) => boolean): Need<InferFacts> {
  return {
    otherwise: `the model's request has no input ${what}`,
    isMet: ({ good }) => good.request.inputs.some(fits),
  };
}

export const wideInput = anInput("of datatype INT64 or UINT64", isWide);
export const bytesInput = anInput("of datatype BYTES", isBytes);
export const numberInput = anInput("of numbers", isNumeric);
export const unfloatedInput = anInput("of integers, booleans or texts", isUnfloated);
export const nestedInput = anInput("of two axes or more", ({ shape }) => shape.length > 1);
export const filledInput = anInput("of at least one element", hasElements);

export const encodableInputs: Need<InferFacts> = {
  otherwise: "an input has a datatype that this kit cannot write as bytes",
  isMet: ({ good }) => good.request.inputs.every(({ datatype }) => datatypes.has(datatype)),
};

export const oneInput: Need<InferFacts> = {
  otherwise: "a raw body stands for one input; the model's request has several, or texts",
  isMet: ({ good }) => good.request.inputs.length === 1 && !isBytes(good.request.inputs[0]!),
};

export const severalInputs: Need<InferFacts> = {
  otherwise: "the model's request has one input only",
  isMet: ({ good }) => good.request.inputs.length > 1,
};

export const severalOutputs: Need<InferFacts> = {
  otherwise: "the model gave one output only",
  isMet: ({ good }) => good.response.outputs.length > 1,
};

/** The first axis of every input and output is free, and has one row in the request. */
export const batchAxis: Need<InferFacts> = {
  otherwise: "not every input and output of the model has a free first axis, of one row in the request",
  isMet: ({ model, good }) => {
    const { inputs = [], outputs = [] } = model.metadata ?? {};
    const declared = [...inputs, ...outputs];
    return (
      declared.length > 0 &&
      declared.every(({ shape }) => shape[0] === -1) &&
      good.request.inputs.every(({ shape }) => shape[0] === 1)
    );
  },
};

export function isWide({ datatype }: Tensor): boolean {
  return datatype === "INT64" || datatype === "UINT64";
}

export function isBytes({ datatype }: Tensor): boolean {
  return datatype === "BYTES";
}

export function isNumeric({ datatype }: Tensor): boolean {
  return /^(U?INT|FP)/.test(datatype);
}

/** With an element for which there is no NaN. */
export function isUnfloated(input: Tensor): boolean {
  return !input.datatype.startsWith("FP") && hasElements(input);
}

export function hasElements({ data }: Tensor): boolean {
  return data !== undefined && data.length > 0;
}
