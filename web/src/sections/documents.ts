// The results beside the runs.
import type { Document, N, Report } from "../data";

export const ofKind = (report: Report, kind: string): Document[] =>
  report.documents
    .filter((d) => d.kind === kind)
    .map((d) => {
      const run = report.runs.length > 1 && d.run !== null ? report.runs[d.run] : undefined;
      return run ? { ...d, of: run.name } : d;
    });

/** With several runs shown, whose it is. */
export const titled = (document: Document, title: string): string =>
  document.of === undefined ? title : `${title}: ${document.of}`;

/** Where a result comes from. */
export function source(document: Document): string {
  const cut = document.content.interrupted
    ? " It was interrupted: this is what was done until then."
    : "";
  return `From ${document.file}.${cut}`;
}

export const list = (value: unknown): Record<string, any>[] =>
  Array.isArray(value) ? value.filter((v) => v && typeof v === "object") : [];
export const numbers = (value: unknown): N[] =>
  Array.isArray(value) ? value.map((v) => (typeof v === "number" ? v : null)) : [];
export const column = (rows: Record<string, any>[], key: string): N[] =>
  numbers(rows.map((r) => r[key]));

/** A mark at x in a chart, over its whole height. */
export const mark = (x: unknown, colour: string): object[] =>
  typeof x === "number"
    ? [
        {
          type: "line",
          xref: "x",
          yref: "paper",
          x0: x,
          x1: x,
          y0: 0,
          y1: 1,
          line: { color: colour, width: 2, dash: "dash" },
        },
      ]
    : [];

/** Logarithmic where values span more than one decade and a half, and all are above 0. */
export function spans(values: readonly N[]): boolean {
  const there = values.filter((v): v is number => v !== null);
  return there.length > 0 && Math.min(...there) > 0 && Math.max(...there) > 30 * Math.min(...there);
}
