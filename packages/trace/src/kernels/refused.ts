/** Kernels of tfjs-backend-cpu that no ONNX graph of opset 17 to 21 can hold, each with the reason a user is told. */

export interface RefusedKernel {
  readonly kernel: string;
  /** Ends the sentence "cannot trace …: FFT: …", and says what to do instead where there is something. */
  readonly reason: string;
}

function refuse(reason: string, ...kernels: readonly string[]): readonly RefusedKernel[] {
  return kernels.map((kernel) => ({ kernel, reason }));
}

export const refusedKernels: readonly RefusedKernel[] = [
  ...refuse(
    "complex numbers have no ONNX dtype; compute the spectrum before the model and pass its parts as inputs",
    ...["FFT", "IFFT", "Complex", "ComplexAbs", "Real", "Imag"],
  ),
  ...refuse(
    "text is not traced; turn it into numbers before the model",
    ...["StaticRegexReplace", "StringNGrams", "StringSplit", "StringToHashBucketFast"],
  ),
  ...refuse(
    "the size of its result hangs on the values; pad the rows to one length and mask them",
    ...["RaggedGather", "RaggedRange", "RaggedTensorToTensor", "SparseFillEmptyRows"],
  ),
  ...refuse(
    "the size of its result hangs on the values; find the distinct values before the model",
    "Unique",
  ),
  ...refuse(
    "the number of boxes hangs on the values; use tf.image.nonMaxSuppressionPadded with padToMaxOutputSize",
    ...["NonMaxSuppressionV3", "NonMaxSuppressionV5"],
  ),
  ...refuse(
    "it draws random numbers; draw before the model and pass what was drawn as an input",
    "Multinomial",
  ),
  ...refuse("it draws on a canvas; return the tensor and draw outside", "Draw"),
];
