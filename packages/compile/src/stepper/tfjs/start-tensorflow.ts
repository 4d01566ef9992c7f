/** Starts tfjs-node, an optional peer: TensorFlow's own kernels. Loaded only when it is asked for. */
import { startTfjsBackend } from "./start-cpu.ts";

/** In a variable, so that neither compiler nor bundler looks for a package that need not be there. */
const packageName: string = "@tensorflow/tfjs-node";

/** @returns why it does not start. */
export async function startTensorflow(): Promise<string | undefined> {
  try {
    await import(/* @vite-ignore */ packageName);
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
    return `${packageName} does not load (${reason}); install it beside @attune/compile, on a platform it has a binary for`;
  }
  return startTfjsBackend("tensorflow");
}
