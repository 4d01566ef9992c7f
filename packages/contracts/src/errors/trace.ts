import { bullets } from "./list.ts";

export const traceErrors = {
  /** Kernels, dtypes or options that have no ONNX form. All that the trace met are listed. */
  TRACE_UNSUPPORTED: (d: { what: string; issues: readonly string[] }) =>
    `cannot trace ${d.what}:${bullets(d.issues)}\ndocs/kernels.md lists what can be traced`,
  /** The code asked for numbers that exist only when the graph runs. */
  TRACE_HOST_READ: (d: { what: string; where: string }) =>
    `cannot trace ${d.what}: ${d.where} reads a tensor on the host (dataSync, data, array, print, or a branch on its values), but while tracing it has no values yet; keep the computation in tf ops (tf.where instead of if), or move the read out of the traced function`,
  /** Values made on the host that would be the same in every run of the graph. */
  TRACE_FROZEN: (d: { what: string; issues: readonly string[] }) =>
    `cannot trace ${d.what}: values made on the host changed between two traces and would be frozen in the graph:${bullets(d.issues)}\npass them in as inputs; a loss draws its noise from its second argument (noise.normal, noise.uniform, dropout of @attune/trace)`,
  /** The computation itself, not only its sizes, changes with a symbolic dim. */
  TRACE_SHAPE_DEPENDENT: (d: { what: string; issues: readonly string[] }) =>
    `cannot trace ${d.what} with symbolic dims:${bullets(d.issues)}\ngive these dims as numbers, or change the code to do the same for every size`,
  /** The code itself threw, or tfjs on its behalf: shapes that do not go together, most often. */
  TRACE_FAILED: (d: { what: string; inputs: readonly string[]; reason: string }) =>
    `the code of ${d.what} threw while it was traced with inputs of these shapes:${bullets(d.inputs)}
${d.reason}
check the signature, and that the code runs with tensors of these shapes outside of a trace`,
  /** The signature and the function do not fit. */
  TRACE_SIGNATURE: (d: { what: string; issues: readonly string[] }) =>
    `the signature of ${d.what} does not fit:${bullets(d.issues)}`,
  /** The loss of a training step is not one number. */
  TRACE_LOSS: (d: { what: string; reason: string }) => `the loss of ${d.what} ${d.reason}`,
  /** Variables that training would never change. */
  TRACE_UNREACHED: (d: { what: string; variables: readonly string[] }) =>
    `the loss of ${d.what} does not depend on these variables:${bullets(d.variables)}\nleave them out of \`variables\`, or use them in the loss`,
};
