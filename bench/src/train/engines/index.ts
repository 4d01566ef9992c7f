/** The engines, by name. */
import { fileURLToPath } from "node:url";
import type { Engine } from "./engine.ts";

const nodeFlags = ["--disable-warning=ExperimentalWarning", "--conditions=@attune/source"];
const python = process.env.ATTUNE_BENCH_PYTHON ?? "python3";
const requirements = "bench/peers/train/requirements.txt";
const install = `pip install -r ${requirements} in an environment, then ATTUNE_BENCH_PYTHON=<its python>`;

const tfjsFile = fileURLToPath(new URL("./tfjs.ts", import.meta.url));
const attuneFile = fileURLToPath(new URL("./attune.ts", import.meta.url));
const peerFile = (file: string) => fileURLToPath(new URL(`../../../peers/train/${file}`, import.meta.url));

function tfjs(backend: "wasm" | "cpu"): Engine {
  return {
    name: `tfjs-${backend}`,
    summary: `tfjs on its ${backend} backend`,
    kind: "tfjs",
    command: [process.execPath, ...nodeFlags, tfjsFile, backend],
    firstStepLimitSeconds: 60,
  };
}

/** Compilers may take minutes over the first step; -B leaves no bytecode in the work tree. */
function peer(name: string, summary: string, file: string, ...args: string[]): Engine {
  const command = [python, "-B", peerFile(file), ...args] as const;
  return { name, summary, kind: "peer", command, install, firstStepLimitSeconds: 300 };
}

/** Many steps a call pay where a step costs less than calling it. */
const manyStepsACall = { workloads: ["mlp"] };

/** The one list: `--engines` chooses from it. */
export const engines: readonly Engine[] = [
  {
    name: "attune",
    summary: "the loss traced into one step graph, on ONNX Runtime",
    kind: "ours",
    command: [process.execPath, ...nodeFlags, "--expose-gc", attuneFile],
    firstStepLimitSeconds: 60,
  },
  tfjs("wasm"),
  tfjs("cpu"),
  peer("jax", "jit, donated state", "jax_peer.py"),
  { ...peer("jax-loop", "lax.fori_loop, many steps a call", "jax_peer.py", "--loop"), ...manyStepsACall },
  peer("tensorflow", "tf.function, fused Adam", "tensorflow_peer.py"),
  peer("tensorflow-xla", "tf.function(jit_compile=True)", "tensorflow_peer.py", "--xla"),
  {
    ...peer("tensorflow-loop", "a loop in a tf.function, many steps a call", "tensorflow_peer.py", "--loop"),
    ...manyStepsACall,
  },
  peer("pytorch", "eager, Adam(fused=True)", "pytorch_peer.py"),
  peer("pytorch-compile", "torch.compile of the whole step", "pytorch_peer.py", "--compile"),
];
