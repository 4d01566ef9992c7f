/** Groups in the order in which they run and are shown. */
export const groups = {
  health: { title: "Health" },
  server: { title: "Server metadata" },
  model: { title: "Model metadata" },
  infer: { title: "Infer, JSON" },
  binary: { title: "Infer, binary tensors" },
  errors: { title: "Errors" },
  configuration: { title: "Extension: model configuration" },
  statistics: { title: "Extension: statistics" },
  repository: { title: "Extension: model repository" },
  robustness: { title: "Robustness" },
} as const;

export type GroupName = keyof typeof groups;

export const groupNames = Object.keys(groups) as readonly GroupName[];

/** After each of its cases the next good request must be answered as before. */
export const groupsThatShake: readonly GroupName[] = ["errors", "robustness"];
