// A table in the page: figures in four to six digits, long ones thinned, which is said.
import type { Cell, Table } from "./csv";
import { h } from "./dom";
import { count, figure } from "./numbers";

const mostRows = 200;

const shown = (cell: Cell): string =>
  typeof cell === "number"
    ? figure(cell, 6)
    : cell === null || cell === undefined
      ? "–"
      : String(cell);

/** Also those that were made text elsewhere: 12 345, 41.09 %, 1.2e-7, a dash for none. */
const isFigure = (cell: Cell): boolean =>
  typeof cell === "number" || /^(–|−?[\d.,\u202f]+(e-?\d+)?( %)?)$/.test(shown(cell));

/** A column of figures has its name over them, at the right. */
const ofFigures = (rows: readonly Cell[][], column: number): boolean =>
  rows.length > 0 && rows.every((row) => isFigure(row[column]));

/** At most so many rows, the first and the last among them. */
export function thinned<T>(rows: readonly T[], most: number): T[] {
  if (rows.length <= most) return [...rows];
  return Array.from(
    { length: most },
    (_, i) => rows[Math.round((i * (rows.length - 1)) / (most - 1))]!,
  );
}

export function tableElement(table: Table, caption: string): HTMLElement {
  const rows = thinned(table.rows, mostRows);
  const said =
    rows.length < table.rows.length
      ? `${caption}: ${count(rows.length)} of ${count(table.rows.length)} rows, evenly spaced; the CSV has all of them`
      : caption;
  return h(
    "div",
    { class: "scroll", tabindex: 0, role: "region", "aria-label": said },
    h(
      "table",
      {},
      h("caption", {}, said),
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          table.columns.map((name, i) =>
            h(
              "th",
              { scope: "col", class: i > 0 && ofFigures(rows, i) ? "number" : undefined },
              name,
            ),
          ),
        ),
      ),
      h(
        "tbody",
        {},
        rows.map((row) =>
          h(
            "tr",
            {},
            row.map((cell, i) =>
              i === 0
                ? h("th", { scope: "row" }, shown(cell))
                : h("td", { class: isFigure(cell) ? "number" : undefined }, shown(cell)),
            ),
          ),
        ),
      ),
    ),
  );
}
