import { openArtifact } from "@attune/runtime-node";
import { defineCommand, parseInteger } from "../command.ts";
import { artifactOption, resolveArtifact } from "../project/artifacts.ts";
import { projectOption } from "../project/resolve.ts";
import { slateTable } from "../terminal/slate.ts";

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
    k: { type: "string", placeholder: "N", description: "how many items", default: "10" },
  },
  async run({ values }, io) {
    const k = parseInteger("recommend", "k", values.k, 1, Number.MAX_SAFE_INTEGER);
    const dir = await resolveArtifact(values, io);
    const { personalizer, items } = await openArtifact(dir);
    try {
      const answer = await personalizer.recommend({
        history: splitIds(values.history),
        exclude: splitIds(values.exclude),
        allow: splitIds(values.allow),
        k,
      });
      const source =
        answer.source === "model" ? "from the model" : "popular items: no known id in the history";
      const unknown =
        answer.unknown > 0 ? `, ${answer.unknown} unknown id${answer.unknown > 1 ? "s" : ""} ignored` : "";
      io.say(`${answer.ids.length} items, ${source}${unknown}`);
      io.print(slateTable(answer, items));
      io.result(answer);
      return 0;
    } finally {
      await personalizer.close();
    }
  },
});

function splitIds(text: string): string[] {
  return text
    .split(",")
    .map((id) => id.trim())
    .filter((id) => id !== "");
}
