// One path: its colour, its columns, and where on it the reader is.
import type { N } from "../data";
import { state } from "../state";
import { dashes, palette, type Dash } from "../theme";
import { list, numbers } from "./documents";

export interface Path {
  name: string;
  colour: string;
  dash: Dash;
  at: N[]; // examples seen, or steps where those are not known
  columns: Record<string, N[]>;
  diverged: boolean;
}

export const keys = [
  "step",
  "examples",
  "a",
  "b",
  "residual",
  "distance",
  "objective",
  "plane_objective",
];

/** Batch blue, mini-batch green, stochastic purple; others by their place. */
export function pathsOf(c: Record<string, any>): Path[] {
  const { blue, green, purple, lines } = palette();
  const own: Record<string, [string, Dash]> = {
    batch: [blue, "solid"],
    "mini-batch": [green, "dash"],
    stochastic: [purple, "dot"],
  };
  return list(c.runs).map((run, i) => {
    const [colour, dash] = own[run.kind] ?? [lines[i % lines.length]!, dashes[i % dashes.length]!];
    const columns = Object.fromEntries(keys.map((k) => [k, numbers(run[k])]));
    const at = columns.examples!.length > 0 ? columns.examples! : columns.step!;
    return {
      name: String(run.name ?? run.kind ?? `path ${i + 1}`),
      colour,
      dash,
      at,
      columns,
      diverged: run.diverged === true,
    };
  });
}

const lengthOf = (path: Path): number => path.at[path.at.length - 1] ?? 0;

/** The last point of a path up to the place along it that was chosen. */
export function chosenIndex(path: Path): number {
  let index = 0;
  path.at.forEach((x, i) => x !== null && x <= state().scrub * lengthOf(path) && (index = i));
  return index;
}

/** Lengths in examples may be far apart: a batch of all makes a long step of each. */
export function farApart(paths: Path[]): boolean {
  const lengths = paths.map(lengthOf).filter((l) => l > 0);
  return lengths.length > 0 && Math.max(...lengths) > 4 * Math.min(...lengths);
}
