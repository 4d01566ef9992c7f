/** How columns of side tables are called in the files of a dataset: names of people and of models never collide. */

export const storedTitle = "title";

const showPrefix = "show:";
const featurePrefix = "feature:";

export const storedShow = (name: string) => `${showPrefix}${name}`;
export const storedFeature = (name: string) => `${featurePrefix}${name}`;

/** The name of a shown column, or undefined for another column. */
export const shownName = (stored: string) =>
  stored.startsWith(showPrefix) ? stored.slice(showPrefix.length) : undefined;
