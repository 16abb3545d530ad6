// A series of a run over one of the things that grow with it.
import type { History, N, Run, Series } from "./data";

export type Axis = "step" | "epoch" | "examples" | "seconds";
export const axisNames: Record<string, string> = {
  step: "step",
  epoch: "epoch",
  examples: "examples seen",
  seconds: "seconds of steps",
  attempt: "attempt",
};

/** One point a line or block: x, the value or its mean, and the bounds of a block. */
export interface Curve {
  x: N[];
  step: N[];
  y: N[];
  low: N[] | null;
  high: N[] | null;
  block: number;
}

export const seriesOf = (
  history: History | undefined,
  key: string,
  layer?: string,
): Series | undefined => history?.series.find((s) => s.key === key && s.layer === layer);

/** y at each of rising places, on straight lines between points of rising x, the first at (0, 0). */
export function interpolate(xs: readonly N[], ys: readonly N[], places: readonly N[]): N[] {
  const points: [number, number][] = [[0, 0]];
  xs.forEach((x, i) => {
    const y = ys[i];
    if (typeof x === "number" && typeof y === "number" && x > points[points.length - 1]![0])
      points.push([x, y]);
  });
  if (points.length < 2) return places.map(() => null);
  let right = 1;
  return places.map((x) => {
    if (x === null) return null;
    while (right + 1 < points.length && points[right]![0] < x) ++right;
    const [x0, y0] = points[right - 1]!;
    const [x1, y1] = points[right]!;
    return y0 + ((y1 - y0) * (x - x0)) / (x1 - x0);
  });
}

/** The steps that lines of a history stand at; attempts of a search count as steps. */
export const stepsOf = (history: History): N[] => history.x.step ?? history.x.attempt ?? [];

/** Where the points of a history lie on an axis; null where that is not known. */
export function xOf(run: Run, history: History, axis: string): N[] | null {
  const steps = stepsOf(history);
  if (axis === "step") return steps.length > 0 ? steps : null;
  if (axis === "epoch") {
    const perEpoch = run.summary?.configuration?.steps_per_epoch;
    if (typeof perEpoch === "number" && perEpoch > 0)
      return steps.map((s) => (s === null ? null : s / perEpoch));
    return history.x.epoch ?? null;
  }
  const own = history.x[axis];
  if (own) return own;
  // Seconds are known at the ends of epochs, examples at the steps of the history.
  const other = axis === "seconds" ? run.epochs : run.history;
  const known = other?.x[axis];
  return other && known ? interpolate(stepsOf(other), known, steps) : null;
}

/** The axes that all of these runs have. */
export function axesOf(runs: readonly Run[]): string[] {
  const with_history = runs.filter((r) => r.history);
  return ["step", "epoch", "examples", "seconds"].filter((axis) =>
    with_history.every((r) => xOf(r, r.history!, axis) !== null),
  );
}

export function curveOf(
  run: Run,
  history: History | undefined,
  series: Series | undefined,
  axis: string,
): Curve | null {
  if (!history || !series) return null;
  const x = xOf(run, history, axis);
  const y = series.value ?? series.mean;
  if (!x || !y || y.length === 0) return null;
  return {
    x,
    step: stepsOf(history),
    y,
    low: series.low ?? null,
    high: series.high ?? null,
    block: history.block,
  };
}

/** The raw line: every value, or of every block both bounds. */
export function rawLine(curve: Curve): { x: N[]; y: N[] } {
  if (!curve.low || !curve.high) return { x: curve.x, y: curve.y };
  const x: N[] = [];
  const y: N[] = [];
  for (let i = 0; i < curve.x.length; ++i) {
    x.push(curve.x[i] ?? null, curve.x[i] ?? null);
    // Up and down in turns: from block to block the line takes the short way.
    const pair = [curve.low[i] ?? null, curve.high[i] ?? null];
    y.push(...(i % 2 === 0 ? pair : pair.reverse()));
  }
  return { x, y };
}

/** The first step at which a series is not finite. */
export function notFiniteAt(curve: Curve): N {
  const values = curve.high ?? curve.y;
  const at = values.findIndex((v) => v === null);
  return at < 0 ? null : (curve.step[at] ?? null);
}
