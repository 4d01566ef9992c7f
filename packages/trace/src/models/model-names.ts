/** Names of a traced model's inputs, outputs and free dims. */

/** Letters, digits and _: what a dim may be called. */
export function toSymbol(name: string): string {
  const symbol = name.replace(/\W/g, "_");
  return /^[A-Za-z_]/.test(symbol) ? symbol : `_${symbol}`;
}

/** The names, those that come twice or are `taken` told apart by a number. */
export function uniqueNames(names: readonly string[], taken: readonly string[] = []): readonly string[] {
  const used = new Set(taken);
  const repeated = new Set(names.filter((name, at) => names.indexOf(name) !== at || used.has(name)));
  for (const name of names) if (!repeated.has(name)) used.add(name);
  return names.map((name) => {
    if (!repeated.has(name)) return name;
    let index = 0;
    while (used.has(`${name}_${index}`)) index++;
    used.add(`${name}_${index}`);
    return `${name}_${index}`;
  });
}
