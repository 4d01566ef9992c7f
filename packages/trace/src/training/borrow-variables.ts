/** Lends variables to a trace and gives them back as they were, whatever the traced code assigned. */
import * as tf from "@tensorflow/tfjs-core";

/**
 * Runs `body` and sets every variable back to the data it had. The data is held meanwhile: an assignment under trace
 * would free it.
 */
export function borrowVariables<Result>(variables: readonly tf.Variable[], body: () => Result): Result {
  const engine = tf.engine();
  const held = variables.map((variable) => {
    const { dataId } = variable;
    const home = engine.state.tensorInfo.get(dataId)?.backend;
    home?.incRef(dataId);
    return { variable, dataId, home };
  });
  try {
    return body();
  } finally {
    for (const { variable, dataId, home } of held) {
      if (variable.dataId === dataId) {
        home?.disposeData(dataId);
        continue;
      }
      const { shape, dtype } = variable;
      const original = engine.makeTensorFromDataId(dataId, [...shape], dtype, home);
      variable.assign(original);
      original.dispose();
    }
  }
}
