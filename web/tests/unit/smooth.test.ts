import assert from "node:assert/strict";
import { test } from "node:test";
import { betaOf, placeOf, smooth } from "../../src/smooth";

const near = (a: number | null | undefined, b: number) =>
  assert.ok(Math.abs((a ?? NaN) - b) <= 1e-12, `${a} is not ${b}`);

test("the corrected average by hand: v1 = x1, v2 = (β x1 + x2) / (1 + β)", () => {
  const [first, second] = smooth([3, 5], 0.9);
  near(first, 3);
  near(second, (0.9 * 3 + 5) / 1.9);
});

test("the average of a constant is that constant, whatever β", () => {
  for (const beta of [0, 0.5, 0.999]) for (const v of smooth(Array(100).fill(7), beta)) near(v, 7);
});

test("β 0 is the values themselves", () => assert.deepEqual(smooth([1, -2, 3], 0), [1, -2, 3]));

test("a missing value leaves the average as it is, and before the first there is none", () => {
  const [none, first, same] = smooth([null, 4, null], 0.9);
  assert.equal(none, null);
  near(first, 4);
  near(same, 4);
});

test("blocks of equal values average as the values do, one by one", () => {
  const values = [1, 1, 1, 5, 5, 5, 2, 2, 2];
  const single = smooth(values, 0.8);
  const blocks = smooth([1, 5, 2], 0.8, 3);
  [2, 5, 8].forEach((at, k) => near(blocks[k], single[at]!));
});

test("the slider's places and β are each other's inverse, up to 0.999", () => {
  assert.equal(betaOf(0), 0);
  assert.equal(betaOf(3), 0.999);
  for (const beta of [0, 0.5, 0.9, 0.98, 0.999]) assert.equal(betaOf(placeOf(beta)), beta);
});
