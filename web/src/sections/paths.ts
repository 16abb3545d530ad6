// Descents from one start over the same contours; what lies outside the plane is told.
import { chart, nearest, revision } from "../chart";
import type { Document, Report } from "../data";
import { h, labelled } from "../dom";
import { heights } from "../heights";
import { narrow } from "../layout";
import { plain } from "../names";
import { count, figure, percent } from "../numbers";
import { change, onChange, state } from "../state";
import { thinned } from "../table";
import { palette } from "../theme";
import { numbers, ofKind, source, titled } from "./documents";
import { planeTable } from "./landscape";
import { grid, logTick, mapSelect } from "./landscape_words";
import { chosenIndex, farApart, keys, pathsOf, type Path } from "./path";
import type { Section } from "./section";

function placeText(c: Record<string, any>): string {
  const paths = pathsOf(c);
  const words = paths.map((p) => {
    const i = chosenIndex(p);
    const of = (key: string) => figure(p.columns[key]?.[i]);
    return `${p.name}: step ${count(p.columns.step?.[i])}, ${count(p.at[i])} examples, cost ${of("objective")}, in the plane ${of("plane_objective")}, ${of("residual")} away from it`;
  });
  return `${percent(state().scrub, 1)} of each path. ${words.join("; ")}.`;
}

function scrubber(c: Record<string, any>): HTMLElement {
  const most = 200;
  const slider = h("input", {
    type: "range",
    min: 0,
    max: most,
    step: 1,
    input: () => change({ scrub: slider.valueAsNumber / most }),
  });
  const said = h("output", {});
  const say = () => {
    slider.valueAsNumber = Math.round(state().scrub * most);
    said.textContent = placeText(c);
    slider.setAttribute("aria-valuetext", said.textContent);
  };
  onChange((changed) => changed.has("scrub") && say());
  say();
  return h("div", { class: "readout wide" }, labelled("Along the paths", slider), said);
}

const mostPoints = 1500;

function drawn(path: Path): object[] {
  const { paper } = palette();
  // A path of many small steps is drawn finely, and below the others.
  const fine = path.at.length > 150;
  const points = thinned(
    path.columns.a!.map(
      (x, i) =>
        [
          x,
          path.columns.b![i] ?? null,
          path.columns.step![i] ?? null,
          path.columns.objective![i] ?? null,
        ] as const,
    ),
    mostPoints,
  );
  const [x, y] = [points.map((p) => p[0]), points.map((p) => p[1])];
  return [
    {
      type: "scatter",
      x,
      y,
      mode: "lines",
      line: { color: paper, width: fine ? 2.6 : 5 },
      opacity: fine ? 0.5 : 0.85,
      showlegend: false,
      hoverinfo: "skip",
    },
    {
      type: "scatter",
      name: plain(path.name) + (path.diverged ? " (diverged)" : ""),
      x,
      y,
      mode: "lines",
      line: { color: path.colour, width: fine ? 1.5 : 2.6, dash: path.dash },
      text: points.map((p) => `step ${count(p[2])}, cost ${figure(p[3])}`),
      hovertemplate: `${plain(path.name)}: %{text}<extra></extra>`,
    },
  ];
}

function places(paths: Path[]): object[] {
  const { paper, ink } = palette();
  const at = paths.map(chosenIndex);
  return [
    {
      type: "scatter",
      x: [paths[0]?.columns.a?.[0] ?? null],
      y: [paths[0]?.columns.b?.[0] ?? null],
      mode: "markers",
      name: "start",
      marker: { symbol: "star", size: 14, color: paper, line: { color: ink, width: 1.5 } },
      hoverinfo: "skip",
    },
    {
      type: "scatter",
      x: paths.map((p, k) => p.columns.a?.[at[k]!]),
      y: paths.map((p, k) => p.columns.b?.[at[k]!]),
      mode: "markers",
      marker: { size: 13, color: paths.map((p) => p.colour), line: { color: paper, width: 2.5 } },
      showlegend: false,
      text: paths.map((p) => plain(p.name)),
      hovertemplate: "%{text}<extra></extra>",
    },
  ];
}

function about(c: Record<string, any>): string {
  const p = c.plane ?? {};
  const explained = numbers(p.explained);
  const share =
    explained.length > 0
      ? ` It holds ${percent(
          explained.reduce<number>((s, e) => s + (e ?? 0), 0),
          1,
        )} of how the paths vary.`
      : "";
  const start = c.start ? ` All begin at cost ${figure(c.start.objective)}.` : "";
  const notes =
    Array.isArray(c.notes) && c.notes.length > 0 ? ` ${c.notes.map(String).join(" ")}` : "";
  return `The plane: ${p.about ?? p.kind ?? "as given"}.${share}${start} The contours are those of the plane; a path leaves it, so its own cost differs from that below it, as the readout and the charts below say.${notes}`;
}

function map(document: Document): HTMLElement {
  const c = document.content;
  return chart({
    title: titled(document, "Descent paths"),
    file: "paths",
    uses: ["map", "logz", "scrub"],
    source: source(document),
    controls: () => [mapSelect(), logTick(), scrubber(c)],
    draw(width) {
      const paths = pathsOf(c);
      const plane = c.plane ?? {};
      const [a, b] = [numbers(plane.a), numbers(plane.b)];
      const z = grid(plane.objective ?? plane.loss);
      return {
        ratio: narrow(width) ? 1.2 : 0.62,
        traces: [
          ...(z.length > 0 ? [heights({ a, b, z }, "cost", width)] : []),
          ...[...paths].sort((p, q) => q.at.length - p.at.length).flatMap(drawn),
          ...places(paths),
        ],
        layout: {
          uirevision: revision("paths"),
          showlegend: true,
          legend: { traceorder: "reversed" },
          xaxis: { title: { text: "a" }, showgrid: false, zeroline: false },
          yaxis: { title: { text: "b" }, showgrid: false, zeroline: false },
          ...(narrow(width) ? { margin: { b: 90 } } : {}),
        },
        sentence: about(c),
        table: () =>
          z.length > 0 && paths.length === 0
            ? planeTable(a, b, [["cost", z]])
            : {
                columns: ["path", ...keys.map((k) => k.replace("_", " "))],
                rows: paths.flatMap((p) =>
                  p.at.map((_, i) => [p.name, ...keys.map((k) => p.columns[k]?.[i] ?? null)]),
                ),
              },
      };
    },
  });
}

function along(
  document: Document,
  title: string,
  file: string,
  value: string,
  series: [key: string, faint: boolean][],
  sentence: string,
): HTMLElement {
  const c = document.content;
  return chart({
    title: titled(document, title),
    file,
    uses: ["logx", "logy"],
    draw() {
      const paths = pathsOf(c);
      const main = paths.reduce<Path | null>(
        (best, p) => (best && best.at.length >= p.at.length ? best : p),
        null,
      );
      return {
        traces: paths.flatMap((p) =>
          series.map(([key, faint]) => ({
            type: "scatter",
            name: plain(p.name) + (faint ? ", in the plane" : ""),
            x: p.at,
            y: p.columns[key],
            mode: p.at.length <= 3 ? "lines+markers" : "lines",
            line: { color: p.colour, width: faint ? 1.2 : 2.2, dash: faint ? "dot" : p.dash },
            opacity: faint ? 0.75 : 1,
            showlegend: !faint,
            hovertemplate: `${plain(p.name)}: %{y:.5~g}<extra></extra>`,
          })),
        ),
        layout: {
          uirevision: revision(state().logx, state().logy),
          showlegend: true,
          xaxis: {
            title: { text: "examples seen" },
            tickformat: "~s",
            type: state().logx || farApart(paths) ? "log" : "linear",
          },
          yaxis: { title: { text: value }, type: state().logy ? "log" : "linear" },
        },
        sentence,
        table: () => ({
          columns: ["path", "examples", ...series.map(([k]) => k.replace("_", " "))],
          rows: paths.flatMap((p) =>
            p.at.map((x, i) => [p.name, x, ...series.map(([k]) => p.columns[k]?.[i] ?? null)]),
          ),
        }),
        reading: main
          ? {
              xs: main.at,
              text: (i) =>
                `${count(main.at[i])} examples. ${paths.map((p) => `${p.name}: ${series.map(([k]) => `${k === "plane_objective" ? "in the plane " : ""}${figure(p.columns[k]?.[p === main ? i : nearest(p.at, main.at[i] ?? 0)])}`).join(", ")}`).join("; ")}`,
            }
          : undefined,
      };
    },
  });
}

export const paths: Section = {
  id: "paths",
  title: "Paths",
  build: (report: Report) =>
    ofKind(report, "paths").map((d) => [
      map(d),
      h(
        "div",
        { class: "pair" },
        along(
          d,
          "Cost along the paths",
          "paths-cost",
          "cost",
          [
            ["objective", false],
            ["plane_objective", true],
          ],
          "The cost of each path, and, finely dotted, that of the point of the plane below it.",
        ),
        along(
          d,
          "Distance from the plane",
          "paths-distance",
          "distance",
          [["residual", false]],
          "How far each path is from the plane: what the contours cannot show.",
        ),
      ),
    ]),
};
