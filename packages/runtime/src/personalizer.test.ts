import { isAttuneError, type Recommendation, type RecommendRequest, type Session } from "@attune/contracts";
import type { ArtifactManifest } from "@attune/contracts/manifest";
import {
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

function personalizer(changed: Partial<ArtifactManifest> = {}) {
  return createPersonalizer(createFakeSession(tinyFakeModel(catalogue)), { ...manifest, ...changed });
}

/** The reference's answer to a request, with the defaults spelled out. */
function expected({ history, exclude = [], k = 10 }: RecommendRequest): Recommendation {
  const entries = history.map((entry) => (typeof entry === "string" ? { item: entry } : entry));
  return recommendTiny(catalogue, {
    ids: entries.map((entry) => entry.item),
    weights: Float32Array.from(entries, (entry) => entry.weight ?? 1),
    exclude,
    k,
  });
}

const id = fc.oneof(fc.constantFrom(...catalogue.ids), fc.constantFrom("nobody", "日本語"));
const entry = fc.oneof(
  id,
  fc.record(
    { item: id, weight: fc.float({ min: Math.fround(0.01), max: 100, noNaN: true }) },
    { requiredKeys: ["item"] },
  ),
);
const request: fc.Arbitrary<RecommendRequest> = fc.record(
  {
    history: fc.array(entry, { maxLength: 8 }),
    exclude: fc.array(id, { maxLength: 5 }),
    k: fc.integer({ min: 1, max: manifest.limits.maxK }),
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
      expect(singles).toEqual(requests.map(expected));
    }),
  );
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
  expect(await subject.recommendMany(requests)).toEqual(requests.map(expected));
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
