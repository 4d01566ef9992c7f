/** Every case. Nothing else lists them: the runner, `--list` and the page of cases are made from this. */
import { binaryCases } from "./binary.ts";
import type { Case } from "./case.ts";
import { errorCases } from "./errors.ts";
import { extensionCases } from "./extensions.ts";
import { healthCases } from "./health.ts";
import { inferCases } from "./infer.ts";
import { modelMetadataCases } from "./model-metadata.ts";
import { binaryRobustnessCases } from "./robustness/binary.ts";
import { bodyCases } from "./robustness/bodies.ts";
import { nameCases } from "./robustness/names.ts";
import { pathCases } from "./robustness/paths.ts";
import { shapeCases } from "./robustness/shapes.ts";
import { valueCases } from "./robustness/values.ts";
import { serverMetadataCases } from "./server-metadata.ts";

export const cases: readonly Case[] = [
  ...healthCases,
  ...serverMetadataCases,
  ...modelMetadataCases,
  ...inferCases,
  ...binaryCases,
  ...errorCases,
  ...extensionCases,
  ...shapeCases,
  ...valueCases,
  ...nameCases,
  ...bodyCases,
  ...binaryRobustnessCases,
  ...pathCases,
];
