/** An engine that cannot be measured here: a program or a package that is missing. The message is the reason, for the result. */
export class EngineAbsent extends Error {
  override readonly name = "EngineAbsent";
}
