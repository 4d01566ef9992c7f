import { formatCount } from "../numbers.ts";
import { curvesSection } from "../sections/curves.ts";
import { eventsSection } from "../sections/data/events.ts";
import { formulasSection } from "../sections/formulas.ts";
import { leaderboardSection } from "../sections/leaderboard.ts";
import { modelFileSection } from "../sections/model-file.ts";
import { pruningSection } from "../sections/pruning.ts";
import { slicesSection } from "../sections/slices.ts";
import { countUnits } from "../unit-words.ts";
import { choosing, origin, parity, search } from "./common-sections.ts";
import type { ReportOfTask } from "./report-of-task.ts";

const slices = {
  words: {
    "users:new": "New users, no history",
    "users:light": "Light users",
    "users:heavy": "Heavy users",
    "items:head": "Popular items",
    "items:tail": "Long-tail items",
  },
  captions: { users: "By user", items: "By relevant item" },
  lead: "users by how much history they bring (light and heavy meet at the median), items by how popular they are (the head holds 80 % of the train events). An item slice counts only relevant items of its kind.",
};

const formulas = {
  letters:
    "R is the set of a user’s relevant items (their test events, also those no list can hold), r a rank from 1, hit(r) is 1 when the item at rank r is in R and else 0, hits(k) the sum of hit(r) up to k.",
  of: "one list",
};

export const recommendReport: ReportOfTask<"recommend"> = {
  sections: [
    {
      id: "leaderboard",
      title: "Leaderboard",
      render: (facts) => {
        const { measured, units, unit } = facts.training;
        const ranked = `Every model ranked all ${formatCount(measured.items)} items of the measured catalogue`;
        return leaderboardSection(
          facts,
          `${ranked} for the same ${countUnits(units.test, unit)} of the test.`,
        );
      },
    },
    { id: "curves", title: "List length", render: curvesSection },
    { id: "slices", title: "Slices", render: (facts) => slicesSection(facts, slices) },
    choosing,
    search,
    { id: "pruning", title: "Pruning", render: pruningSection },
    { id: "data", title: "Data", render: eventsSection },
    {
      id: "file",
      title: "Model file",
      render: (facts) => {
        const { maxK, maxHistory, maxExclude, maxAllow } = facts.manifest.limits;
        return modelFileSection(
          facts,
          `A request may ask for up to ${formatCount(maxK)} items, and send up to ${formatCount(maxHistory)} history entries, ${formatCount(maxExclude)} ids to exclude and ${formatCount(maxAllow)} to restrict the list to.`,
        );
      },
    },
    parity,
    { id: "formulas", title: "Formulas", render: (facts) => formulasSection(facts, formulas) },
    origin,
  ],
  scope: ({ manifest, training }) => ({
    title: "Catalogue",
    value: formatCount(manifest.catalogue.items),
    note: `items, ${countUnits(training.units.test, training.unit)} tested`,
  }),
};
