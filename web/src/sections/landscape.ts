// Slices through the landscape: lines and planes.
import { chart, revision } from "../chart";
import type { Document, N, Report } from "../data";
import { tick } from "../dom";
import { asSurface, heights, logarithmic, sceneOf } from "../heights";
import { narrow } from "../layout";
import { bounds, count, figure, percent } from "../numbers";
import { change, state } from "../state";
import { palette } from "../theme";
import { mark, numbers, ofKind, source, titled } from "./documents";
import {
  aside,
  about,
  grid,
  logTick,
  mapSelect,
  measureOf,
  measures,
  measureSelect,
  nameOf,
  viewSelect,
} from "./landscape_words";
import type { Section } from "./section";
import { steepest, steepestText } from "./steepest";

function line(document: Document): HTMLElement {
  const c = document.content;
  return chart({
    title: titled(document, "The landscape along a line"),
    file: "landscape-line",
    uses: ["measure", "logy"],
    source: source(document),
    controls: () => [
      measureSelect([c]),
      tick("logarithmic up", state().logy, (logy) => change({ logy })),
    ],
    draw() {
      const { lines, orange, faint } = palette();
      const measure = measureOf(c);
      const a = numbers(c.a);
      const y = numbers(c[measure]);
      const kinks = c.breakpoints ?? null;
      const low = bounds(y)?.[measure === "accuracy" ? 1 : 0];
      const at = y.indexOf(low ?? null);
      const marked = kinks && measure === "loss" ? numbers(kinks.a).length : 0;
      const kinkText = kinks
        ? ` The loss is straight between ${count(kinks.count)} breakpoints${marked > 0 ? `, of which ${count(marked)} are marked` : ""}.`
        : "";
      return {
        traces: [
          {
            type: "scatter",
            name: nameOf(measure),
            x: a,
            y,
            mode: a.length <= 3 ? "lines+markers" : "lines",
            line: { color: lines[0], width: 2.4 },
            hovertemplate: "a %{x:.4~g}: %{y:.6~g}<extra></extra>",
          },
          ...(marked > 0
            ? [
                {
                  type: "scatter",
                  name: "breakpoints",
                  x: numbers(kinks.a),
                  y: numbers(kinks.loss),
                  mode: "markers",
                  marker: { color: orange, size: 5, symbol: "line-ns-open" },
                  hovertemplate: "a %{x:.6~g}: %{y:.6~g}<extra></extra>",
                },
              ]
            : []),
        ],
        layout: {
          uirevision: revision(measure, state().logy),
          xaxis: { title: { text: "a" } },
          yaxis: {
            title: { text: nameOf(measure) },
            type: state().logy ? "log" : "linear",
            tickformat: measure === "accuracy" ? ".0%" : undefined,
          },
          shapes: mark(0, faint),
        },
        sentence: `${about(c)} The ${nameOf(measure)} is ${measure === "accuracy" ? `highest, ${percent(low)},` : `lowest, ${figure(low)},`} at a = ${figure(a[at])}.${kinkText}${aside(c)}`,
        table: () => ({
          columns: ["a", ...measures.filter((m) => c[m]).map(nameOf)],
          rows: a.map((x, i) => [x, ...measures.filter((m) => c[m]).map((m) => c[m][i] ?? null)]),
        }),
        reading: {
          xs: a,
          start: at < 0 ? 0 : at,
          text: (i) =>
            `a ${figure(a[i])}: ${measures
              .filter((m) => c[m])
              .map((m) => `${nameOf(m)} ${m === "accuracy" ? percent(c[m][i]) : figure(c[m][i])}`)
              .join(", ")}`,
        },
      };
    },
  });
}

/** Every point of a plane as a row. */
export function planeTable(a: N[], b: N[], columns: [string, N[][]][]) {
  return {
    columns: ["a", "b", ...columns.map(([name]) => name)],
    rows: b.flatMap((y, j) =>
      a.map((x, i) => [x, y, ...columns.map(([, z]) => z[j]?.[i] ?? null)]),
    ),
  };
}

function plane(document: Document): HTMLElement {
  const c = document.content;
  return chart({
    title: titled(document, "The landscape over a plane"),
    file: "landscape-plane",
    uses: ["measure", "map", "logz", "view"],
    source: source(document),
    controls: () => [viewSelect(), measureSelect([c]), mapSelect(), logTick()],
    draw(width) {
      const measure = measureOf(c);
      const [a, b, z] = [numbers(c.a), numbers(c.b), grid(c[measure])];
      const range = bounds(z.flat());
      const { ink, paper } = palette();
      const centre = {
        type: "scatter",
        name: "the model",
        x: [0],
        y: [0],
        mode: "markers",
        marker: { size: 12, symbol: "star", color: paper, line: { color: ink, width: 1.5 } },
        hovertemplate: "the model<extra></extra>",
      };
      const surface = asSurface();
      return {
        ratio: narrow(width) ? 1.15 : 0.58,
        traces: [
          heights({ a, b, z }, nameOf(measure), width),
          ...(surface ? [] : [...steepest(c), centre]),
        ],
        layout: surface
          ? {
              uirevision: revision(measure),
              scene: sceneOf(nameOf(measure)),
              margin: { l: 0, r: 0, t: 0, b: narrow(width) ? 60 : 0 },
            }
          : {
              uirevision: revision(measure, "plane"),
              xaxis: { title: { text: "a" }, showgrid: false, zeroline: false },
              yaxis: { title: { text: "b" }, showgrid: false, zeroline: false },
              showlegend: Boolean(c.steepest),
              ...(narrow(width) ? { margin: { b: 90 } } : {}),
            },
        sentence: `${about(c)} Here the ${nameOf(measure)} is between ${figure(range?.[0])} and ${figure(range?.[1])}${logarithmic(z) ? ", drawn by its logarithm" : ""}.${steepestText(c)}${aside(c)}`,
        table: () =>
          planeTable(
            a,
            b,
            measures.filter((m) => c[m]).map((m) => [nameOf(m), grid(c[m])]),
          ),
      };
    },
  });
}

export const landscape: Section = {
  id: "landscape",
  title: "Landscape",
  build: (report: Report) =>
    ofKind(report, "landscape").map((d) => (numbers(d.content.b).length > 0 ? plane(d) : line(d))),
};
