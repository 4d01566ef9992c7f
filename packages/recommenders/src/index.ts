/** Recommenders: the task, its trainers, and what they share. Node only. */

// Trainers, a folder each
export { autoencoder } from "./autoencoder/trainer.ts";
export { ease } from "./ease/trainer.ts";
export { itemKnn } from "./item-knn/trainer.ts";
// What an artifact answers to an empty history
export { scoreNobody } from "./popularity/model.ts";
export { popularity } from "./popularity/trainer.ts";
// What is asked of a split
export { createRankingTask, type RankingTask } from "./ranking/task.ts";
// Task
export { recommendTask } from "./task/recommend-task.ts";
