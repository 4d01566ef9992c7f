/** What the bench and the bare engine's process say to each other. */

import type { MixedRequest } from "../../request-mix.ts";
import type { LoadReport } from "../load/protocol.ts";
import type { Slate } from "./engine.ts";

export type BareOrder =
  /** Once, before it is measured: feeds are made of them. */
  | { readonly requests: readonly MixedRequest[] }
  | { readonly request: MixedRequest }
  | { readonly seconds: number };

export type BareReply = { readonly ready: true } | Slate | LoadReport;
