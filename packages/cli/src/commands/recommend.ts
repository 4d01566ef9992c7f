import type { Recommendation } from "@attune/contracts";
import { defineCommand } from "../command.ts";
import { artifactOption, describeArtifact, resolveArtifact } from "../project/artifacts.ts";
import { projectOption } from "../project/resolve.ts";

export const recommendCommand = defineCommand({
  name: "recommend",
  summary: "Ask a released model: a history in, the best items out.",
  options: {
    ...artifactOption,
    ...projectOption,
    history: {
      type: "string",
      placeholder: "IDS",
      description: "item ids the user liked, comma separated",
      default: "",
    },
    exclude: {
      type: "string",
      placeholder: "IDS",
      description: "item ids that must not come back",
      default: "",
    },
    allow: {
      type: "string",
      placeholder: "IDS",
      description: "rank only these item ids (default: the whole catalogue)",
      default: "",
    },
    k: {
      type: "string",
      placeholder: "N",
      description: "how many items",
      default: "10",
      range: [1, Number.MAX_SAFE_INTEGER],
    },
  },
  examples: [
    "attune recommend --history 318,593,296 --k 5",
    "attune recommend --history 318 --exclude 296 --json",
  ],
  async run({ values }, io) {
    const [{ openArtifact }, { slateTable }] = await Promise.all([
      import("@attune/runtime-node"),
      import("../terminal/slate.ts"),
    ]);
    const dir = await resolveArtifact(values, io);
    const { personalizer, items } = await openArtifact(dir);
    try {
      const history = splitIds(values.history);
      const answer = await personalizer.recommend({
        history,
        exclude: splitIds(values.exclude),
        allow: splitIds(values.allow),
        k: values.k,
      });
      const source = describeSource(answer, history.length);
      const unknown =
        answer.unknown > 0 ? `, ${answer.unknown} unknown id${answer.unknown > 1 ? "s" : ""} ignored` : "";
      io.say(`${answer.ids.length} items, ${source}${unknown}`);
      io.print(slateTable(answer, items));
      io.result({ ...answer, artifact: describeArtifact({ dir, manifest: personalizer.manifest }, io) });
      return 0;
    } finally {
      await personalizer.close();
    }
  },
});

function describeSource({ source, unknown }: Recommendation, historyCount: number): string {
  if (source === "model") return "from the model";
  return unknown < historyCount
    ? "popular items: this version's model is the same for everyone"
    : "popular items: no known id in the history";
}

function splitIds(text: string): string[] {
  return text
    .split(",")
    .map((id) => id.trim())
    .filter((id) => id !== "");
}
