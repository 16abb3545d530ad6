import assert from "node:assert/strict";
import { test } from "node:test";
import { axesOf, curveOf, interpolate, notFiniteAt, rawLine, seriesOf, xOf } from "../../src/curve";
import { epochsOf, historyOf, runOf } from "../samples";

const run = { ...runOf("run", ["a", "b"], 100), history: historyOf(100), epochs: epochsOf(5) };

test("interpolation: straight lines from the origin through the points, and on", () => {
  assert.deepEqual(interpolate([2, 4], [1, 5], [0, 1, 2, 3, 5, null]), [0, 0.5, 1, 3, 7, null]);
  assert.deepEqual(interpolate([], [], [1]), [null]);
});

test("seconds come from the epochs, steps from the history, epochs in parts", () => {
  assert.equal(xOf(run, run.history, "seconds")![39], 0.1);
  assert.equal(xOf(run, run.history, "step")![39], 40);
  assert.equal(xOf(run, run.history, "epoch")![39], 2);
  assert.equal(xOf(run, run.epochs, "examples")![0], 256 * 20);
});

test("an axis is offered only where every run has it", () => {
  assert.deepEqual(axesOf([run]), ["step", "epoch", "examples", "seconds"]);
  assert.deepEqual(axesOf([run, { ...run, epochs: undefined }]), ["step", "epoch", "examples"]);
});

test("the raw line of blocks touches both bounds of each", () => {
  const history = {
    lines: 4,
    block: 2,
    x: { step: [2, 4] },
    series: [{ key: "loss", mean: [2, 5], low: [1, 4], high: [3, 6] }],
  };
  const curve = curveOf({ ...run, history }, history, seriesOf(history, "loss"), "step")!;
  assert.deepEqual(rawLine(curve), { x: [2, 2, 4, 4], y: [1, 3, 6, 4] });
});

test("where a series stops being finite is known", () => {
  const history = {
    lines: 3,
    block: 1,
    x: { step: [1, 2, 3] },
    series: [{ key: "loss", value: [1, 2, null] }],
  };
  assert.equal(notFiniteAt(curveOf({ ...run, history }, history, history.series[0], "step")!), 3);
  assert.equal(notFiniteAt(curveOf(run, run.history, run.history.series[0], "step")!), null);
});
