/**
 * The one list of kernels: tfjs calls these while tracing, docs/kernels.md is written from it, and the conformance
 * tests run each entry against tfjs-backend-cpu. A new kernel is one entry in a family's file.
 */
import { activationKernels } from "./activation.ts";
import { castKernels } from "./cast.ts";
import { comparisonKernels } from "./comparison.ts";
import { convKernels } from "./conv.ts";
import { conv3dKernels } from "./conv3d.ts";
import { creationKernels } from "./creation.ts";
import { cumulativeKernels } from "./cumulative.ts";
import type { Kernel } from "./define.ts";
import { depthwiseKernels } from "./depthwise.ts";
import { dilationKernels } from "./dilation.ts";
import { einsumKernels } from "./einsum.ts";
import { elementwiseKernels } from "./elementwise.ts";
import { gatherKernels } from "./gather.ts";
import { imageKernels } from "./image.ts";
import { matrixKernels } from "./matrix.ts";
import { normalizationKernels } from "./normalization.ts";
import { orderingKernels } from "./ordering.ts";
import { padKernels } from "./pad.ts";
import { poolKernels } from "./pool.ts";
import { poolGradKernels } from "./pool-grad.ts";
import { reductionKernels } from "./reduction.ts";
import { resizeKernels } from "./resize.ts";
import { scatterKernels } from "./scatter.ts";
import { segmentKernels } from "./segment.ts";
import { shapeKernels } from "./shape.ts";
import { sliceKernels } from "./slice.ts";
import { spaceKernels } from "./space.ts";
import { trigonometryKernels } from "./trigonometry.ts";
import { unaryKernels } from "./unary.ts";

export { refusedKernels } from "./refused.ts";

/** Families of kernels, in the order of docs/kernels.md. */
export const kernelFamilies: Readonly<Record<string, readonly Kernel[]>> = {
  Arithmetic: elementwiseKernels,
  "Functions of one number": unaryKernels,
  Trigonometry: trigonometryKernels,
  Activations: activationKernels,
  "Comparison and logic": comparisonKernels,
  "Casts and copies": castKernels,
  Creation: creationKernels,
  Reductions: reductionKernels,
  "Running totals": cumulativeKernels,
  Order: orderingKernels,
  "Matrix products": matrixKernels,
  "Sums of products": einsumKernels,
  Gather: gatherKernels,
  Scatter: scatterKernels,
  "Segments and bins": segmentKernels,
  "Cut and join": sliceKernels,
  Shape: shapeKernels,
  Padding: padKernels,
  "Space and batch": spaceKernels,
  Convolution: convKernels,
  "Convolution over volumes": conv3dKernels,
  "Depthwise convolution": depthwiseKernels,
  Pooling: [...poolKernels, ...poolGradKernels],
  Morphology: dilationKernels,
  Resize: resizeKernels,
  Normalization: normalizationKernels,
  Images: imageKernels,
};

export const kernels: readonly Kernel[] = Object.values(kernelFamilies).flat();
