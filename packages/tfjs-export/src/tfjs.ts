/** The parts of tfjs that load a model, imported when one is asked for: other exports do not wait for them. */

export interface Tfjs {
  readonly core: typeof import("@tensorflow/tfjs-core");
  readonly layers: typeof import("@tensorflow/tfjs-layers");
  readonly converter: typeof import("@tensorflow/tfjs-converter");
}

/**
 * tfjs's core, layers and converter, with the cpu backend unless the process chose another. Layers also brings the ops'
 * gradients, which are not part of core's Node build.
 */
export async function importTfjs(): Promise<Tfjs> {
  const [core, layers, converter] = await Promise.all([
    import("@tensorflow/tfjs-core"),
    import("@tensorflow/tfjs-layers"),
    import("@tensorflow/tfjs-converter"),
    import("@tensorflow/tfjs-backend-cpu"),
  ]);
  // tfjs greets on the console unless told that this is production.
  core.env().set("PROD", true);
  // Not `core.ready()`: it takes whichever backend ranks highest, and another package may have registered one.
  if (core.getBackend() === undefined) await core.setBackend("cpu");
  return { core, layers, converter };
}
