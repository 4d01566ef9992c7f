/** The one list of model cards by task. */
import type { TaskName } from "@attune/contracts";
import type { CardOfTask } from "./card-of-task.ts";
import { recommendCard } from "./recommend.ts";
import { createRowCard } from "./row-card.ts";

export const taskCards: { readonly [T in TaskName]: CardOfTask<T> } = {
  recommend: recommendCard,
  classify: createRowCard({
    hubTask: "tabular-classification",
    tags: ["tabular-classification"],
    promise: "One ONNX file takes a row of raw values and gives a class with the probability of each.",
    use: "Answers with the most probable TARGET of a row, and with the probability of every class. A class that the data never had is never the answer.",
    outputs: ["label", "probabilities"],
    limits: ["Of equally probable classes the first is the answer."],
  }),
  regress: createRowCard({
    hubTask: "tabular-regression",
    tags: ["tabular-regression"],
    promise: "One ONNX file takes a row of raw values and gives a number.",
    use: "Answers with the TARGET of a row.",
    outputs: ["value"],
    limits: [],
  }),
  hierarchical: createRowCard({
    hubTask: "tabular-regression",
    tags: ["tabular-regression", "hierarchical", "bayesian"],
    promise: "One ONNX file takes a row of raw values and gives a number with its posterior interval.",
    use: "Answers with the mean of TARGET for a row and with its 95 % interval. A group that the data never had is answered with its parent’s level, at last with the population’s, and `level` says which.",
    outputs: ["mean", "lower", "upper", "level"],
    limits: [
      "The interval is right only as far as the model is; the interval score among the figures fines truths outside of it.",
    ],
  }),
};
