/** The report of a task that answers row by row: the three differ in what their formulas are of. */
import { formatCount } from "../numbers.ts";
import { rowsSection } from "../sections/data/rows.ts";
import { type FormulaOptions, formulasSection } from "../sections/formulas.ts";
import { leaderboardSection } from "../sections/leaderboard.ts";
import { modelFileSection } from "../sections/model-file.ts";
import { pruningSection } from "../sections/pruning.ts";
import { slicesSection } from "../sections/slices.ts";
import { countUnits } from "../unit-words.ts";
import { choosing, origin, parity, search } from "./common-sections.ts";
import type { RowReport } from "./report-of-task.ts";

const slices = { words: {}, captions: {}, lead: "rows of one kind." };

export function createRowReport(formulas: FormulaOptions): RowReport {
  return {
    sections: [
      {
        id: "leaderboard",
        title: "Leaderboard",
        render: (facts) => {
          const { units, unit } = facts.training;
          return leaderboardSection(
            facts,
            `Every model answered the same rows of the test, ${countUnits(units.test, unit)}.`,
          );
        },
      },
      { id: "slices", title: "Slices", render: (facts) => slicesSection(facts, slices) },
      choosing,
      search,
      { id: "pruning", title: "Pruning", render: pruningSection },
      { id: "data", title: "Data", render: rowsSection },
      { id: "file", title: "Model file", render: (facts) => modelFileSection(facts) },
      parity,
      { id: "formulas", title: "Formulas", render: (facts) => formulasSection(facts, formulas) },
      origin,
    ],
    scope: ({ manifest, training }) => ({
      title: "Columns",
      value: formatCount(manifest.inputs.length),
      note: `read, ${countUnits(training.units.test, training.unit)} tested`,
    }),
  };
}
