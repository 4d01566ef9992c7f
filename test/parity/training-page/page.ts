/** Trains models inside the browser: the test calls `trainModel` through `page.evaluate`. */
import { createWebSession } from "@attune/runtime-web";
import { type TabTraining, trainOn } from "./train-model.ts";

export interface TrainingPage {
  trainModel(name: string, stepCount: number): Promise<TabTraining>;
}

const trainingPage: TrainingPage = {
  trainModel: (name, stepCount) => trainOn((modelBytes) => createWebSession({ modelBytes }), name, stepCount),
};

Object.assign(globalThis, { trainingPage });
