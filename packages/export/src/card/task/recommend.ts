import { formatCount } from "../../report/numbers.ts";
import { countUnits } from "../../report/unit-words.ts";
import type { CardOfTask } from "./card-of-task.ts";
import { describeColumns, feedOf } from "./columns.ts";

export const recommendCard: CardOfTask<"recommend"> = {
  hubTask: "recommendation",
  tags: ["recommendation", "personalization"],
  promise:
    "One ONNX file takes item ids and gives a ranked list: preprocessing, model and ranking are all inside.",
  use: ({ manifest }) =>
    `Ranks ${formatCount(manifest.catalogue.items)} items for somebody with a history of items they used, new users included: without a known item in the
history the answer is popularity and says so (\`source\` is \`"fallback"\`). Not meant for decisions about people, and not
for items that were not in the data: an unknown id is ignored and counted (\`unknown\`).${describeColumns(manifest.inputs)}`,
  snippet: ({ manifest }) => {
    const hasTime = manifest.signature.inputs.some(({ name }) => name === "history_time");
    const time = hasTime
      ? `\n  history_time: new Tensor("float64", history.map(() => NaN), [1, history.length]), // epoch seconds; NaN: unknown`
      : "";
    const columns = manifest.inputs.map((column) => `\n  ${feedOf(column, undefined)},`).join("");
    return `import { InferenceSession, Tensor } from "onnxruntime-node";
const session = await InferenceSession.create("model.onnx");
const history = ["an item id", "another"]; // oldest first; ids that are not known are ignored
const { items, scores, source } = await session.run({
  history: new Tensor("string", history, [1, history.length]),
  history_weight: new Tensor("float32", history.map(() => 1), [1, history.length]),${time}
  exclude: new Tensor("string", [], [1, 0]), allow: new Tensor("string", [], [1, 0]), // ids never, or alone, to return${columns}
  k: new Tensor("int64", [10n], [1]),
});
process.stdout.write(JSON.stringify({ items: items.data, scores: [...scores.data], source: source.data }));`;
  },
  holds:
    "The file holds item ids, their popularity and the weights of the model; no user ids and no vectors of users.",
  evaluation: ({ dataset, training }) =>
    `Ranking of the ${formatCount(training.measured.items)} items of the measured catalogue for ${countUnits(training.units.test, training.unit)} of the test, items of the history ${dataset.repeats === "drop" ? "left out" : "ranked too"}`,
  limits: ({ manifest }) => {
    const { maxK, maxHistory, maxExclude, maxAllow } = manifest.limits;
    return [
      `A request may send up to ${formatCount(maxHistory)} history entries, ${formatCount(maxExclude)} ids to exclude and ${formatCount(maxAllow)} to restrict the list to, and ask for up to ${formatCount(maxK)} items.`,
      manifest.repeats === "drop"
        ? "Items of the history never come back."
        : "Items of the history may come back; send them in `exclude` if they must not.",
      "Scores can only be compared within one answer. Equal scores rank by item index.",
      "The model knows what was popular and used together in its data, with the biases of that data.",
    ];
  },
};
