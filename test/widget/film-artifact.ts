/** A small catalogue of films whose answers are known by construction: films that share genres follow each other. */
import type { ItemDetails } from "@attune/contracts";
import {
  type ChangeManifest,
  encodeTinyModel,
  type TinyCatalogue,
  tinyGolden,
  tinyManifest,
} from "@attune/testkit";

/** Most popular first. */
const titles: readonly (readonly [id: string, title: string, genres: string])[] = [
  ["318", "Shawshank Redemption, The (1994)", "Crime|Drama"],
  ["356", "Forrest Gump (1994)", "Comedy|Drama|Romance"],
  ["2571", "Matrix, The (1999)", "Action|Sci-Fi"],
  ["296", "Pulp Fiction (1994)", "Crime|Thriller"],
  ["260", "Star Wars: Episode IV - A New Hope (1977)", "Action|Adventure|Sci-Fi"],
  ["593", "Silence of the Lambs, The (1991)", "Crime|Horror|Thriller"],
  ["480", "Jurassic Park (1993)", "Action|Adventure|Sci-Fi"],
  ["1", "Toy Story (1995)", "Animation|Children|Comedy"],
  ["364", "Lion King, The (1994)", "Animation|Children|Musical"],
  ["4993", "Lord of the Rings: The Fellowship of the Ring, The (2001)", "Adventure|Fantasy"],
  ["4306", "Shrek (2001)", "Animation|Children|Comedy|Fantasy"],
  ["588", "Aladdin (1992)", "Animation|Children|Musical"],
  ["1270", "Back to the Future (1985)", "Adventure|Comedy|Sci-Fi"],
  ["1214", "Alien (1979)", "Horror|Sci-Fi"],
  ["7153", "Lord of the Rings: The Return of the King, The (2003)", "Action|Adventure|Fantasy"],
  ["4973", "Amelie (Fabuleux destin d'Amélie Poulain, Le) (2001)", "Comedy|Romance"],
  ["1265", "Groundhog Day (1993)", "Comedy|Fantasy|Romance"],
  ["1221", "Godfather: Part II, The (1974)", "Crime|Drama"],
  ["6365", "Matrix Reloaded, The (2003)", "Action|Sci-Fi"],
  ["924", "2001: A Space Odyssey (1968)", "Adventure|Drama|Sci-Fi"],
  ["1258", "Shining, The (1980)", "Horror"],
  ["597", "Pretty Woman (1990)", "Comedy|Romance"],
  ["4226", "Memento (2000)", "Mystery|Thriller"],
  ["5618", "Spirited Away (Sen to Chihiro no kamikakushi) (2001)", "Adventure|Animation|Fantasy"],
];

/** Films, as `items.json` holds them. */
export const films: readonly ItemDetails[] = titles.map(([id, title, genres]) => ({ id, title, genres }));

function createCatalogue(): TinyCatalogue {
  const genres = titles.map(([, , list]) => new Set(list.split("|")));
  const size = titles.length;
  const weights = new Float32Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const shared = [...genres[i]!].filter((genre) => genres[j]!.has(genre)).length;
      // A little popularity breaks the ties.
      if (i !== j) weights[i * size + j] = shared / Math.sqrt(genres[i]!.size * genres[j]!.size) - j / 1000;
    }
  }
  const popularity = Float32Array.from(titles, (_, index) => size - index);
  return { ids: titles.map(([id]) => id), weights, popularity };
}

export interface FilmArtifactOptions {
  /** Without titles the artifact has no `items.json`. Default true. */
  readonly titles?: boolean;
  readonly change?: ChangeManifest<"recommend">;
}

/** The artifact's files by name. */
export function filmArtifact({
  titles: withTitles = true,
  change = (same) => same,
}: FilmArtifactOptions = {}): Readonly<Record<string, Uint8Array>> {
  const catalogue = createCatalogue();
  const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
  const content: Record<string, Uint8Array> = {
    "model.onnx": encodeTinyModel(catalogue),
    "golden.json": encode(tinyGolden(catalogue)),
    "report.html": new TextEncoder().encode(
      "<!doctype html><html lang=en><title>Report</title><h1>Report</h1>",
    ),
    ...(withTitles && { "items.json": encode(films) }),
  };
  const manifest = change({ ...tinyManifest(catalogue, content), name: "films" });
  return { ...content, "manifest.json": encode(manifest) };
}
