import { isAttuneError, type Recommendation, type RecommendRequest, type Session } from "@attune/contracts";
import type { ArtifactManifest } from "@attune/contracts/manifest";
import {
  contextualCatalogue,
  createFakeSession,
  recommendTiny,
  tinyCatalogue,
  tinyFakeModel,
  tinyManifest,
} from "@attune/testkit";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createPersonalizer } from "./personalizer.ts";

const catalogue = tinyCatalogue();
const manifest = tinyManifest(catalogue);
const contextual = contextualCatalogue();

/** A fake session that keeps the batch sizes it was asked for. */
function watched(): { session: Session; batches: number[] } {
  const session = createFakeSession(tinyFakeModel(catalogue));
  const batches: number[] = [];
  return {
    batches,
    session: {
      ...session,
      run(feeds, fetches) {
        batches.push(feeds.history!.dims[0]!);
        return session.run(feeds, fetches);
      },
    },
  };
}

function personalizer(changed: Partial<ArtifactManifest<"recommend">> = {}) {
  return createPersonalizer(createFakeSession(tinyFakeModel(catalogue)), { ...manifest, ...changed });
}

function contextualPersonalizer() {
  return createPersonalizer(createFakeSession(tinyFakeModel(contextual)), tinyManifest(contextual));
}

/** The reference's answer to a request, with the defaults spelled out. */
function expected(
  { history, exclude = [], allow, features, k = 10 }: RecommendRequest,
  of = catalogue,
): Recommendation {
  const entries = history.map((entry) => (typeof entry === "string" ? { item: entry } : entry));
  return recommendTiny(of, {
    ids: entries.map((entry) => entry.item),
    weights: Float32Array.from(entries, (entry) => entry.weight ?? 1),
    times: entries.map((entry) => entry.time ?? Number.NaN),
    exclude,
    allow,
    features,
    k,
  });
}

const id = fc.oneof(fc.constantFrom(...catalogue.ids), fc.constantFrom("nobody", "日本語"));
const weight = fc.float({ min: Math.fround(0.01), max: 100, noNaN: true });
const time = fc.integer({ min: 1_600_000_000, max: 1_700_000_000 });
const lists = {
  exclude: fc.array(id, { maxLength: 5 }),
  allow: fc.array(id, { maxLength: 5 }),
  k: fc.integer({ min: 1, max: manifest.limits.maxK }),
};
const entry = fc.oneof(id, fc.record({ item: id, weight }, { requiredKeys: ["item"] }));
const request: fc.Arbitrary<RecommendRequest> = fc.record(
  { history: fc.array(entry, { maxLength: 8 }), ...lists },
  { requiredKeys: ["history"] },
);
const text = fc.constantFrom("at", "日本", "new", "sale", "gift", "?", "");
const contextualRequest: fc.Arbitrary<RecommendRequest> = fc.record(
  {
    history: fc.oneof(
      fc.array(entry, { maxLength: 8 }),
      fc.array(fc.record({ item: id, weight, time }, { requiredKeys: ["item", "time"] }), { maxLength: 8 }),
    ),
    features: fc.record(
      {
        age: fc.option(fc.integer({ min: 0, max: 100 })),
        country: fc.option(text),
        tags: fc.option(fc.array(text, { maxLength: 3 })),
        note: fc.option(text),
      },
      { requiredKeys: [] },
    ),
    ...lists,
  },
  { requiredKeys: ["history"] },
);

test("a request gets the reference's list: bare ids weigh 1, k is 10, nothing is excluded", async () => {
  const minimal = { history: ["item-0", { item: "item-2" }] };
  const answer = await personalizer().recommend(minimal);
  expect(answer).toEqual(expected(minimal));
  expect(answer.ids).toHaveLength(10);
});

test("padding never reaches the caller: a short catalogue gives a short list", async () => {
  const answer = await personalizer().recommend({ history: ["item-0"], exclude: ["item-1"], k: 100 });
  expect(answer.ids).toHaveLength(catalogue.ids.length - 2);
  expect(answer.scores.every(Number.isFinite)).toBe(true);
});

test("property: many requests in one call get the answers of single calls", async () => {
  const subject = personalizer();
  await fc.assert(
    fc.asyncProperty(fc.array(request, { maxLength: 6 }), async (requests) => {
      const singles = await Promise.all(requests.map((each) => subject.recommend(each)));
      expect(await subject.recommendMany(requests)).toEqual(singles);
      expect(singles).toEqual(requests.map((each) => expected(each)));
    }),
  );
});

test("property: times, features, allow and exclude reach the graph as they were sent, alone and in batches", async () => {
  const subject = contextualPersonalizer();
  await fc.assert(
    fc.asyncProperty(fc.array(contextualRequest, { maxLength: 6 }), async (requests) => {
      const singles = await Promise.all(requests.map((each) => subject.recommend(each)));
      expect(await subject.recommendMany(requests)).toEqual(singles);
      expect(singles).toEqual(requests.map((each) => expected(each, contextual)));
    }),
  );
});

test("only what is allowed is ranked; an empty list allows all, unknown ids alone allow nothing", async () => {
  const subject = personalizer();
  const allowed = await subject.recommend({
    history: ["item-0"],
    allow: ["item-2", "item-0", "item-3", "nobody"],
  });
  expect(allowed.ids.toSorted()).toEqual(["item-2", "item-3"]);
  expect((await subject.recommend({ history: ["item-0"], allow: [] })).ids).toHaveLength(10);
  expect((await subject.recommend({ history: ["item-0"], allow: ["nobody"] })).ids).toEqual([]);
});

test("without times every entry is equally old, and a mix of both is refused", async () => {
  const subject = contextualPersonalizer();
  const history = ["item-0", "item-2", "item-0"];
  const timed = history.map((item) => ({ item, time: 1_700_000_000 }));
  expect(await subject.recommend({ history })).toEqual(await subject.recommend({ history: timed }));
  const older = [{ item: "item-0", time: 1_600_000_000 }, ...timed.slice(1, 2)];
  expect(await subject.recommend({ history: older })).not.toEqual(
    await subject.recommend({ history: timed.slice(0, 2) }),
  );
  const error = await subject.recommend({ history: ["item-0", ...timed] }).catch((caught: unknown) => caught);
  expect(isAttuneError(error, "REQUEST_INVALID") && error.details.issues).toEqual([
    "history: 3 of 4 entries have a time; give one to all, or to none",
  ]);
});

test("many requests are one run, and no requests are none", async () => {
  const { session, batches } = watched();
  const subject = createPersonalizer(session, manifest);
  await subject.recommendMany(Array.from({ length: 7 }, () => ({ history: [] })));
  expect(batches).toEqual([7]);
  expect(await subject.recommendMany([])).toEqual([]);
  expect(batches).toEqual([7]);
});

test("a large catalogue is ranked in several runs, in order", async () => {
  const { session, batches } = watched();
  const subject = createPersonalizer(session, { ...manifest, catalogue: { items: 1_000_000 } });
  const requests = catalogue.ids.slice(0, 5).map((item) => ({ history: [item], k: 3 }));
  expect(await subject.recommendMany(requests)).toEqual(requests.map((each) => expected(each)));
  expect(batches).toEqual([4, 1]);
});

test("one bad request refuses the whole call, names every problem by place and runs nothing", async () => {
  const { session, batches } = watched();
  const subject = createPersonalizer(session, manifest);
  const error = await subject
    .recommendMany([{ history: ["item-0"] }, { history: [], k: 0 }, { history: [""], k: 101 }])
    .catch((caught: unknown) => caught);
  if (!isAttuneError(error, "REQUEST_INVALID")) throw error;
  expect(error.details.issues).toEqual([
    "requests[1].k: expected an integer from 1 to 100, got 0",
    "requests[2].history[0]: an item id must not be empty",
    "requests[2].k: expected an integer from 1 to 100, got 101",
  ]);
  expect(batches).toEqual([]);
});

test("requests that are no list are refused", async () => {
  await expect(personalizer().recommendMany({ history: [] } as never)).rejects.toThrow("expected a list");
});

test("close closes the session, twice is fine, and later requests are refused by code", async () => {
  const subject = personalizer();
  await subject.close();
  await subject.close();
  const error = await subject.recommend({ history: [] }).catch((caught: unknown) => caught);
  expect(isAttuneError(error, "RUNTIME_CLOSED")).toBe(true);
});
