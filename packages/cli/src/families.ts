/** The one list of tasks and trainers. A new trainer is a folder in its family and one line here. */
import { AttuneError, type TaskName } from "@attune/contracts";
import { autoencoder, ease, itemKnn, popularity, recommendTask } from "@attune/recommenders";
import { classifyTask, type Family, hierarchicalTask, regressTask } from "@attune/train";

/** Trainers in any order: each says how complex it is, and all of a task are compared unless the config names some. */
export const families: { readonly [T in TaskName]: Family<T> } = {
  recommend: { task: recommendTask, trainers: [popularity, itemKnn, ease, autoencoder] },
  classify: { task: classifyTask, trainers: [] },
  regress: { task: regressTask, trainers: [] },
  hierarchical: { task: hierarchicalTask, trainers: [] },
};

/**
 * The family that serves a config.
 *
 * @throws {AttuneError} `TRAIN_NO_TRAINER` when its task has no trainer, naming the tasks that have.
 */
export function familyOf<T extends TaskName>(task: T): Family<T> {
  const family: Family<T> = families[task];
  if (family.trainers.length > 0) return family;
  const served = Object.values(families)
    .filter(({ trainers }) => trainers.length > 0)
    .map((one) => one.task.name);
  throw new AttuneError("TRAIN_NO_TRAINER", { task, served });
}
