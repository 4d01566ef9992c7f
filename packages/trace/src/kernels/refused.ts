/** Kernels of tfjs-backend-cpu that no ONNX graph of opset 17 to 21 can hold, each with the reason a user is told. */

export interface RefusedKernel {
  readonly kernel: string;
  /** Ends the sentence "cannot trace …: FFT: …", and says what to do instead where there is something. */
  readonly reason: string;
}

export const refusedKernels: readonly RefusedKernel[] = [
  { kernel: "FFT", reason: "complex numbers have no ONNX dtype" },
];
