/** Our own engine. It joins the others once `compileTraining` can trace a loss into a step graph. */
import { serveEngine } from "./child.ts";

await serveEngine(async () => {
  throw new Error("compileTraining does not exist yet");
});
