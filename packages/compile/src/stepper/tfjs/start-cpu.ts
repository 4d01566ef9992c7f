/** Starts tfjs's plain JavaScript backend. */
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";

/** @returns why it does not start. */
export async function startCpu(): Promise<string | undefined> {
  return startTfjsBackend("cpu");
}

/** Starts a registered backend of tfjs and sets tfjs back to the one it was on. */
export async function startTfjsBackend(name: string): Promise<string | undefined> {
  // tfjs greets on the console unless told that this is production.
  tf.env().set("PROD", true);
  const before = tf.engine().backendName;
  try {
    return (await tf.setBackend(name)) ? undefined : `tfjs cannot start its ${name} backend`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    if (before) await tf.setBackend(before);
  }
}
