/** The one list of layer cases: factory of `tf.layers` → its cases. A new factory without an entry fails the tests. */
import { activationCases } from "./activation.ts";
import { basicCases } from "./basic.ts";
import { convolutionCases } from "./convolution.ts";
import type { LayerCases } from "./layer-case.ts";
import { mergeCases } from "./merge.ts";
import { normalizationCases } from "./normalization.ts";
import { poolingCases } from "./pooling.ts";
import { preprocessingCases } from "./preprocessing.ts";
import { recurrentCases } from "./recurrent.ts";
import { wrapperCases } from "./wrapper.ts";

export const layerCases: LayerCases = {
  ...basicCases,
  ...activationCases,
  ...convolutionCases,
  ...mergeCases,
  ...normalizationCases,
  ...poolingCases,
  ...recurrentCases,
  ...wrapperCases,
  ...preprocessingCases,
};
