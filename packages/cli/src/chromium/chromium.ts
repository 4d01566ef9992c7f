/** A browser on this machine and what it needs to start. */
export interface Chromium {
  readonly executablePath: string;
  /** Variables that its process gets besides ours; nothing of this process changes. */
  readonly env: Readonly<Record<string, string>>;
  /** Where it comes from: named by the user, installed on the machine, or carried by an npm package. */
  readonly origin: "CHROMIUM_PATH" | "system" | "npm";
}
