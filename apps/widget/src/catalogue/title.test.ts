import { describe, expect, test } from "vitest";
import { splitTitle, tidyTitle } from "./title.ts";

describe("tidyTitle", () => {
  test.each([
    ["Matrix, The (1999)", "The Matrix (1999)"],
    ["Toy Story (1995)", "Toy Story (1995)"],
    ["Bug's Life, A (1998)", "A Bug's Life (1998)"],
    ["American Werewolf in London, An (1981)", "An American Werewolf in London (1981)"],
    [
      "Lord of the Rings: The Fellowship of the Ring, The (2001)",
      "The Lord of the Rings: The Fellowship of the Ring (2001)",
    ],
    [
      "Good, the Bad and the Ugly, The (Buono, il brutto, il cattivo, Il) (1966)",
      "The Good, the Bad and the Ugly (Il Buono, il brutto, il cattivo) (1966)",
    ],
    [
      "Amelie (Fabuleux destin d'Amélie Poulain, Le) (2001)",
      "Amelie (Le Fabuleux destin d'Amélie Poulain) (2001)",
    ],
    ["Avventura, L' (Adventure, The) (1960)", "L'Avventura (The Adventure) (1960)"],
    ["Seven (a.k.a. Se7en) (1995)", "Seven (a.k.a. Se7en) (1995)"],
    ["Misérables, Les (a.k.a. Miserables, Les) (1998)", "Les Misérables (a.k.a. Les Miserables) (1998)"],
    ["Me, Myself & Irene (2000)", "Me, Myself & Irene (2000)"],
    ["Lock, Stock & Two Smoking Barrels (1998)", "Lock, Stock & Two Smoking Barrels (1998)"],
    ["Death Note: Desu nôto (2006–2007)", "Death Note: Desu nôto (2006–2007)"],
    ["Fawlty Towers (1975-1979)", "Fawlty Towers (1975–1979)"],
    ["Espresso cup, white", "Espresso cup, white"],
    ["2001: A Space Odyssey (1968)", "2001: A Space Odyssey (1968)"],
    ["1984", "1984"],
    ["Star Wars: Episode IV - A New Hope (1977)", "Star Wars: Episode IV – A New Hope (1977)"],
    ["(500) Days of Summer (2009)", "(500) Days of Summer (2009)"],
    ["  Heat (1995) ", "Heat (1995)"],
    ["", ""],
  ])("%s → %s", (raw, tidy) => {
    expect(tidyTitle(raw)).toBe(tidy);
  });

  test("is stable: a tidy title stays as it is", () => {
    for (const title of ["Matrix, The (1999)", "Avventura, L' (Adventure, The) (1960)", "The Thing (1982)"]) {
      expect(tidyTitle(tidyTitle(title))).toBe(tidyTitle(title));
    }
  });
});

describe("splitTitle", () => {
  test("names the parts", () => {
    expect(splitTitle("City of Lost Children, The (Cité des enfants perdus, La) (1995)")).toEqual({
      name: "The City of Lost Children",
      others: ["La Cité des enfants perdus"],
      year: "1995",
    });
  });

  test("leaves the year out when there is none", () => {
    expect(splitTitle("Blue mug")).toEqual({ name: "Blue mug", others: [] });
  });
});
