// Lines of bars, each with its name: for what has no order along an axis.
import { chart, type Drawing } from "../chart";
import type { Cell, Table } from "../csv";
import type { N } from "../data";
import { narrow } from "../layout";
import { plain, short } from "../names";
import { bounds } from "../numbers";
import { inkOn, palette } from "../theme";

export interface Bars {
  title: string;
  file: string;
  sentence: string;
  names: string[];
  values: N[];
  deviations?: N[];
  value: string;
  logarithmic?: boolean;
  percent?: boolean;
  from?: number;
  to?: number;
  mark?: N;
  emphasised?: number;
  /** Names are lists, which have a line for each part where there is little room. */
  lists?: boolean;
  table?: Table;
  source?: string;
}

/** From a power of ten to a power of ten: bars by their logarithm begin somewhere, and there is best. */
function decadesOf(b: Bars): [number, number] | undefined {
  const found = bounds([...b.values, b.mark].filter((v) => typeof v === "number" && v > 0));
  return found
    ? [Math.floor(Math.log10(found[0]) - 1e-9), Math.ceil(Math.log10(found[1]) - 1e-9)]
    : undefined;
}

export function bars(b: Bars): HTMLElement {
  return chart({
    title: b.title,
    file: b.file,
    source: b.source,
    draw(width): Drawing {
      const { lines, orange, faint } = palette();
      const places = b.names.map((_, i) => i);
      const most = narrow(width) ? 24 : 40;
      const label = (name: string) =>
        (b.lists && narrow(width) ? name.split(", ") : [name])
          .map((part) => plain(short(part, most)))
          .join("<br>");
      const deviations = (b.deviations ?? []).map((d) => d ?? 0);
      const format = b.percent ? ".1%" : ".4~g";
      return {
        ratio: Math.min(1.2, (90 + 34 * b.names.length) / width),
        traces: [
          {
            type: "bar",
            orientation: "h",
            y: places,
            x: b.values,
            width: 0.62,
            marker: { color: places.map((i) => (i === b.emphasised ? orange : lines[0])) },
            error_x: deviations.some((d) => d > 0)
              ? { type: "data", array: deviations, visible: true, thickness: 1.5, color: faint }
              : undefined,
            customdata: b.names.map(plain),
            hovertemplate: `%{customdata}: %{x:${format}}<extra></extra>`,
            texttemplate: `%{x:${format}}`,
            textposition: "auto",
            insidetextanchor: "end",
            insidetextfont: { color: inkOn(lines[0]!) },
            textangle: 0,
          },
        ],
        layout: {
          margin: { r: 28 }, // for half of the last number along the axis
          xaxis: {
            title: { text: b.value },
            type: b.logarithmic ? "log" : "linear",
            tickformat: b.percent ? ".0%" : undefined,
            range: b.logarithmic
              ? decadesOf(b)
              : b.to === undefined
                ? undefined
                : [b.from ?? 0, b.to],
            dtick: b.logarithmic ? 1 : undefined,
          },
          yaxis: {
            tickvals: places,
            ticktext: b.names.map(label),
            tickfont: { size: narrow(width) ? 11 : 13 },
            autorange: "reversed",
            showgrid: false,
            zeroline: false,
            ticks: "",
          },
          shapes:
            typeof b.mark === "number"
              ? [
                  {
                    type: "line",
                    xref: "x",
                    yref: "paper",
                    x0: b.mark,
                    x1: b.mark,
                    y0: 0,
                    y1: 1,
                    line: { color: orange, dash: "dash", width: 2 },
                  },
                ]
              : [],
        },
        sentence: b.sentence,
        table: () =>
          b.table ?? {
            columns: ["name", b.value],
            rows: b.names.map((n, i): Cell[] => [n, b.values[i]]),
          },
      };
    },
  });
}
