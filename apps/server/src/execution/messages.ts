/** What the event loop and a worker thread of the pool say to each other. */
import type { WireError } from "@attune/contracts";
import type { ArtifactManifest } from "@attune/contracts/manifest";
import type { AnyAnswer, AnyRequest } from "./any-request.ts";

/** One order at a time; each is answered by one reply. */
export type Order =
  | { readonly kind: "open"; readonly id: number; readonly dir: string; readonly manifest: ArtifactManifest }
  | { readonly kind: "run"; readonly id: number; readonly requests: readonly AnyRequest[] }
  | { readonly kind: "close"; readonly id: number };

export type Reply =
  | { readonly kind: "done"; readonly answers: readonly AnyAnswer[] }
  | { readonly kind: "failed"; readonly error: WireError | { readonly message: string } };
