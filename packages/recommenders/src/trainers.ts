/** The one list of trainers, simplest first: a later model must beat the best earlier one to be chosen. */
import { AttuneError } from "@attune/contracts";
import { autoencoder } from "./autoencoder/trainer.ts";
import { ease } from "./ease/trainer.ts";
import { itemKnn } from "./item-knn/trainer.ts";
import { popularity } from "./popularity/trainer.ts";
import type { Trainer } from "@attune/train";

/** The bar for the others, and what the artifact answers when a history is empty. */
export const baseline: Trainer = popularity;

export const trainers: readonly Trainer[] = [popularity, itemKnn, ease, autoencoder];

/**
 * The trainers of some kinds, in the list's order.
 *
 * @throws {AttuneError} `TRAIN_UNKNOWN_KIND` with every kind that is not in the list.
 */
export function findTrainers(kinds: readonly string[]): Trainer[] {
  const known = new Set(trainers.map((trainer) => trainer.kind));
  const unknown = [...new Set(kinds.filter((kind) => !known.has(kind)))];
  if (unknown.length > 0) {
    throw new AttuneError("TRAIN_UNKNOWN_KIND", { kinds: unknown, supported: [...known] });
  }
  return trainers.filter((trainer) => kinds.includes(trainer.kind));
}
