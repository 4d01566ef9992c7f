/** Makes the tag known to the page. */
import { AttuneRecommendations } from "./element.ts";

/** Registers `<attune-recommendations>`; a second copy of this module leaves the first in place. */
export function defineAttuneRecommendations(): void {
  if (globalThis.customElements === undefined) return;
  if (customElements.get("attune-recommendations") === undefined) {
    customElements.define("attune-recommendations", AttuneRecommendations);
  }
}
