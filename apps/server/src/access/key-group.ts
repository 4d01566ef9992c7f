/** What a key may be for. Each route states its group; routes without one are open to everybody. */

export const keyGroups = ["inference", "feedback", "metrics", "admin"] as const;

export type KeyGroup = (typeof keyGroups)[number];

declare module "fastify" {
  interface FastifyContextConfig {
    /** Who may ask: everybody as long as no key is of this group, then only its keys. */
    group?: KeyGroup;
  }
}
