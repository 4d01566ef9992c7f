/** What the server keeps beside a request while it is answered. */
import type { ServerResponse } from "node:http";
import type { FastifyRequest } from "fastify";
import type { ServedVersion } from "../models/models.ts";
import type { RequestSpan } from "../observe/tracing.ts";
import type { ByteBudget } from "../queue/byte-budget.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** The answer under way, for what lasts until it is sent. */
    answer: ServerResponse;
    /** Its trace; undefined when tracing is off. */
    span: RequestSpan | undefined;
    /** The version that answers, for headers, logs and metrics. */
    servedBy: Pick<ServedVersion, "name" | "version"> | undefined;
  }
}

/** Gives counted bytes back when the answer is sent, or its connection is gone. */
export function holdUntilSent({ answer }: FastifyRequest, budget: ByteBudget, heldBytes: number): void {
  if (answer.closed || answer.destroyed) budget.release(heldBytes);
  else answer.once("close", () => budget.release(heldBytes));
}
