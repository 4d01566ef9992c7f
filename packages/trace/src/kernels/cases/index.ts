/** The cases of every kernel, family by family. */
import { activationCases } from "./activation.ts";
import { castCases } from "./cast.ts";
import { comparisonCases } from "./comparison.ts";
import { convCases } from "./conv.ts";
import { conv3dCases } from "./conv3d.ts";
import { creationCases } from "./creation.ts";
import { cumulativeCases } from "./cumulative.ts";
import { depthwiseCases } from "./depthwise.ts";
import { dilationCases } from "./dilation.ts";
import { einsumCases } from "./einsum.ts";
import { elementwiseCases } from "./elementwise.ts";
import { gatherCases } from "./gather.ts";
import { imageCases } from "./image.ts";
import type { KernelCases } from "./kernel-case.ts";
import { matrixCases } from "./matrix.ts";
import { normalizationCases } from "./normalization.ts";
import { orderingCases } from "./ordering.ts";
import { padCases } from "./pad.ts";
import { poolCases } from "./pool.ts";
import { poolGradCases } from "./pool-grad.ts";
import { reductionCases } from "./reduction.ts";
import { resizeCases } from "./resize.ts";
import { scatterCases } from "./scatter.ts";
import { segmentCases } from "./segment.ts";
import { shapeCases } from "./shape.ts";
import { sliceCases } from "./slice.ts";
import { spaceCases } from "./space.ts";
import { trigonometryCases } from "./trigonometry.ts";
import { unaryCases } from "./unary.ts";

export const kernelCases: KernelCases = {
  ...elementwiseCases,
  ...unaryCases,
  ...trigonometryCases,
  ...activationCases,
  ...comparisonCases,
  ...castCases,
  ...creationCases,
  ...reductionCases,
  ...cumulativeCases,
  ...orderingCases,
  ...matrixCases,
  ...einsumCases,
  ...gatherCases,
  ...scatterCases,
  ...segmentCases,
  ...sliceCases,
  ...shapeCases,
  ...padCases,
  ...spaceCases,
  ...convCases,
  ...conv3dCases,
  ...depthwiseCases,
  ...poolCases,
  ...poolGradCases,
  ...dilationCases,
  ...resizeCases,
  ...normalizationCases,
  ...imageCases,
};
