export const platformErrors = {
  /** The Node that runs this is too old for the packages that prepare, train, export and serve. Nothing was done. */
  NODE_VERSION: (d: { needed: string; found: string }) =>
    `needs Node ${d.needed} or newer; this is ${d.found}. Install a newer Node (\`nvm install 22\`, or nodejs.org) and run this again; a model that is trained answers on Node 20.19 too, with @attune/runtime-node`,
};
