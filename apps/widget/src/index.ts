/** `@attune/widget`: importing it registers `<attune-recommendations>`. */
import { defineAttuneRecommendations } from "./element/define.ts";

defineAttuneRecommendations();

// Words on the page
export type { ItemDetailsInput, ItemDirectory, ItemWords } from "./catalogue/details.ts";
export { splitTitle, type TitleParts, tidyTitle } from "./catalogue/title.ts";
// The element
export { AttuneRecommendations, type RecommendationsDetail, type SelectDetail } from "./element/element.ts";
export { defaultWords, type Words } from "./element/words.ts";
