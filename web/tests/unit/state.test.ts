import assert from "node:assert/strict";
import { test } from "node:test";
import { initial, parseState, stateText, type State } from "../../src/state";

test("what is written is read back, and what is as at first is not written", () => {
  const state: State = {
    ...initial,
    beta: 0.95,
    x: "seconds",
    logy: true,
    theme: "dark",
    run: 2,
    hidden: "0.1",
    scrub: 0.5,
    at: "paths",
  };
  assert.deepEqual(parseState(`#${stateText(state)}`), state);
  assert.equal(stateText(initial), "");
});

test("an address that says nonsense is as good as none", () => {
  for (const text of ["#", "#beta=much&run=x&scrub=", "#unknown=1", "#%"]) {
    const state = parseState(text);
    assert.deepEqual({ ...state, scrub: initial.scrub }, initial);
  }
});

test("values beyond their bounds are brought back", () => {
  const state = parseState("#beta=7&scrub=-3&run=-1.5");
  assert.equal(state.beta, 0.999);
  assert.equal(state.scrub, 0);
  assert.equal(state.run, 0);
});
