/** Recommenders: the task, its trainers, and what they share. Node only. */

// An older Node is refused before anything else loads.
import "@attune/store/require-node";

// Trainers, a folder each
export { autoencoder } from "./autoencoder/trainer.ts";
export { ease } from "./ease/trainer.ts";
export { itemKnn } from "./item-knn/trainer.ts";
// What an artifact answers to an empty history
export { scoreNobody } from "./popularity/model.ts";
export { popularity } from "./popularity/trainer.ts";
// What is asked of a split
export { createRankingTask, type RankingTask, selectFitEvents } from "./ranking/task.ts";
// Task
export { recommendTask } from "./task/recommend-task.ts";
