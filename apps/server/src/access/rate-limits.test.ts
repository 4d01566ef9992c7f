import fc from "fast-check";
import { expect, test } from "vitest";
import { createRateLimits } from "./rate-limits.ts";
import { createTokenBucket } from "./token-bucket.ts";

test("a bucket never lets more pass than its burst and what came back since", () => {
  const steps = fc.array(fc.record({ passedMs: fc.nat(500), takes: fc.nat(5) }), { maxLength: 60 });
  const rate = fc.record({
    perSecond: fc.double({ min: 0.1, max: 50, noNaN: true }),
    burst: fc.integer({ min: 1, max: 20 }),
  });
  fc.assert(
    fc.property(rate, steps, ({ perSecond, burst }, list) => {
      const bucket = createTokenBucket({ perSecond, burst });
      let nowMs = 0;
      let passed = 0;
      for (const { passedMs, takes } of list) {
        nowMs += passedMs;
        for (let take = 0; take < takes; take++) if (bucket.take(nowMs) === 0) passed++;
        expect(passed).toBeLessThanOrEqual(burst + (nowMs / 1000) * perSecond + 1e-6);
      }
    }),
    { seed: 3 },
  );
});

test("after the wait that it names there is a token", () => {
  fc.assert(
    fc.property(fc.double({ min: 0.01, max: 1000, noNaN: true }), (perSecond) => {
      const bucket = createTokenBucket({ perSecond, burst: 1 });
      expect(bucket.take(0)).toBe(0);
      const waitMs = bucket.take(0);
      expect(waitMs).toBeCloseTo(1000 / perSecond, 6);
      expect(bucket.take(waitMs * (1 + 1e-9) + 1e-9)).toBe(0);
    }),
    { seed: 4 },
  );
});

const perAddress = { perSecond: 1, burst: 1 };

test("addresses of one IPv6 network share a rate; an IPv4 address has its own", () => {
  const limits = createRateLimits({ keys: [], perAddress, now: () => 0 })!;
  expect(limits.waitMs(undefined, "2001:db8:0:7::1")).toBe(0);
  expect(limits.waitMs(undefined, "2001:db8:0:7:ffff::2")).toBeGreaterThan(0);
  expect(limits.waitMs(undefined, "2001:db8:0:8::1")).toBe(0);
  expect(limits.waitMs(undefined, "fe80::1%eth0")).toBe(0);
  expect(limits.waitMs(undefined, "::ffff:10.0.0.1")).toBe(0);
  expect(limits.waitMs(undefined, "::ffff:10.0.0.2")).toBe(0);
  expect(limits.waitMs(undefined, "10.0.0.3")).toBe(0);
  expect(limits.waitMs(undefined, "10.0.0.3")).toBeGreaterThan(0);
});

test("a flood of addresses is not remembered for ever", () => {
  const limits = createRateLimits({ keys: [], perAddress, now: () => 0 })!;
  for (let index = 0; index < 50_001; index++) limits.waitMs(undefined, `a${index}`);
  expect(limits.waitMs(undefined, "a50000")).toBeGreaterThan(0);
  expect(limits.waitMs(undefined, "a0")).toBe(0);
});

test("where nothing is limited there are no limits to ask", () => {
  expect(createRateLimits({ keys: [], now: () => 0 })).toBeUndefined();
});
