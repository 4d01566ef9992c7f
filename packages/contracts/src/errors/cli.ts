export const cliErrors = {
  /** Wrong words on the command line. */
  CLI_USAGE: (d: { command: string; problem: string }) =>
    `${d.command}: ${d.problem}; see \`attune ${d.command} --help\``,
  /** A file that `init` would have to overwrite. */
  CLI_EXISTS: (d: { path: string }) => `${d.path} exists already; pass --force to overwrite it`,
};
