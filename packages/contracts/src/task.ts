/** What a model may be asked for. Everything that differs by task is a union that this name discriminates. */

/** In the order of every table. `elasticity` is a preset of `hierarchical`, not a task of its own. */
export const taskNames = ["recommend", "classify", "regress", "hierarchical"] as const;

export type TaskName = (typeof taskNames)[number];
