/** The content key of a dataset: the same files, config and code give the same folder. */
import { contentKey } from "@attune/store";

/** Raised whenever the same input would give another dataset. */
const prepareCodeVersion = 3;

/** The name of the dataset's folder, from everything that shapes it. */
export function datasetKey(inputs: {
  readonly parameters: unknown;
  readonly files: Readonly<Record<string, string>>;
  readonly engine: { readonly name: string; readonly version: string };
}): string {
  return contentKey({ step: "prepare", code: prepareCodeVersion, ...inputs });
}
