// Which runs the charts of a run's course show, and as what.
import type { Report, Run } from "../data";
import { state } from "../state";
import { dashes, palette, type Dash } from "../theme";

/** The runs that are not hidden, with their places. */
export function visible(report: Report): [Run, number][] {
  const hidden = state().hidden.split(".");
  return report.runs
    .map((run, i): [Run, number] => [run, i])
    .filter(([, i]) => !hidden.includes(String(i)));
}

export const runColour = (i: number): string => palette().lines[i % palette().lines.length]!;
export const runDash = (i: number): Dash => dashes[i % dashes.length]!;
