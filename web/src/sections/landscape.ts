// Slices through the landscape: lines and planes.
import { mapChoices } from "../colours";
import { chart, revision } from "../chart";
import type { Document, N, Report } from "../data";
import { h, select, tick } from "../dom";
import { asSurface, hasWebgl, heights, sceneOf, logarithmic } from "../heights";
import { narrow } from "../layout";
import { plain } from "../names";
import { bounds, count, figure, listed, percent } from "../numbers";
import { change, state } from "../state";
import { palette } from "../theme";
import { list, mark, numbers, ofKind, source } from "./documents";
import type { Section } from "./section";

const measures = ["objective", "loss", "accuracy"] as const;
export const grid = (value: unknown): N[][] => (Array.isArray(value) ? value.map(numbers) : []);

const measureOf = (c: Record<string, any>): string =>
  Array.isArray(c[state().measure]) ? state().measure : measures.find((m) => Array.isArray(c[m])) ?? "objective";

const nameOf = (measure: string): string => (measure === "objective" ? "cost" : measure);

/** On what, and along what. */
function about(c: Record<string, any>): string {
  const data = c.data ?? {};
  const on = data.which === "example" ? `example ${count(data.first_example)}` : `${count(data.examples)} examples`;
  const along = list(c.directions).map((d, i) => `${"ab"[i]}: ${d.about ?? d.kind}${d.scaled && d.scaled !== "none" ? ` (scaled by ${d.scaled})` : ""}`);
  const centre = c.centre ? ` In the middle: ${c.centre.about ?? "the model's weights"}, cost ${figure(c.centre.objective)}.` : "";
  return `On ${on}${data.part ? ` of the ${data.part} part` : ""}. ${along.length > 0 ? `${along.join("; ")}.` : ""}${centre}`;
}

function aside(c: Record<string, any>): string {
  const check = c.check ? ` ${count(c.check.points)} points were computed directly as well: they differ by ${figure(c.check.worst_relative_difference, 2)} at most, relatively.` : "";
  const notes = Array.isArray(c.notes) && c.notes.length > 0 ? ` ${c.notes.map(String).join(" ")}` : "";
  return check + notes;
}

function line(document: Document): HTMLElement {
  const c = document.content;
  return chart({
    title: "The landscape along a line",
    file: "landscape-line",
    uses: ["measure", "logy"],
    source: source(document),
    controls: () => [measureSelect([c]), tick("logarithmic up", state().logy, (logy) => change({ logy }))],
    draw() {
      const { lines, orange, faint } = palette();
      const measure = measureOf(c);
      const a = numbers(c.a);
      const y = numbers(c[measure]);
      const kinks = c.breakpoints ?? null;
      const low = bounds(y)?.[measure === "accuracy" ? 1 : 0];
      const at = y.indexOf(low ?? null);
      const marked = kinks && measure === "loss" ? numbers(kinks.a).length : 0;
      const kinkText = kinks ? ` The loss is straight between ${count(kinks.count)} breakpoints${marked > 0 ? `, of which ${count(marked)} are marked` : ""}.` : "";
      return {
        traces: [
          { type: "scatter", name: nameOf(measure), x: a, y, mode: a.length <= 3 ? "lines+markers" : "lines", line: { color: lines[0], width: 2.4 }, hovertemplate: "a %{x:.4~g}: %{y:.6~g}<extra></extra>" },
          ...(marked > 0
            ? [{ type: "scatter", name: "breakpoints", x: numbers(kinks.a), y: numbers(kinks.loss), mode: "markers", marker: { color: orange, size: 5, symbol: "line-ns-open" }, hovertemplate: "a %{x:.6~g}: %{y:.6~g}<extra></extra>" }]
            : []),
        ],
        layout: {
          uirevision: revision(measure, state().logy),
          xaxis: { title: { text: "a" } },
          yaxis: { title: { text: nameOf(measure) }, type: state().logy ? "log" : "linear", tickformat: measure === "accuracy" ? ".0%" : undefined },
          shapes: mark(0, faint),
        },
        sentence: `${about(c)} The ${nameOf(measure)} is ${measure === "accuracy" ? `highest, ${percent(low)},` : `lowest, ${figure(low)},`} at a = ${figure(a[at])}.${kinkText}${aside(c)}`,
        table: () => ({ columns: ["a", ...measures.filter((m) => c[m]).map(nameOf)], rows: a.map((x, i) => [x, ...measures.filter((m) => c[m]).map((m) => c[m][i] ?? null)]) }),
        reading: { xs: a, start: at < 0 ? 0 : at, text: (i) => `a ${figure(a[i])}: ${measures.filter((m) => c[m]).map((m) => `${nameOf(m)} ${m === "accuracy" ? percent(c[m][i]) : figure(c[m][i])}`).join(", ")}` },
      };
    },
  });
}

const symbols: Record<string, string> = { "barely moves": "circle", improves: "diamond", overshoots: "x", "not finite": "x" };

/** The direction of steepest descent with where steps of several sizes land. */
function steepest(c: Record<string, any>): object[] {
  const s = c.steepest;
  if (!s || asSurface()) return [];
  const { ink, paper, orange } = palette();
  const a = numbers(s.steps?.a);
  const b = numbers(s.steps?.b);
  const verdicts: string[] = (s.steps?.verdict ?? []).map(String);
  const inside = a.map((x, i) => within(x, numbers(c.a)) && within(b[i] ?? null, numbers(c.b)));
  const keep = <T>(values: T[]): T[] => values.filter((_, i) => inside[i]);
  const text = keep(numbers(s.steps?.rate).map((r, i) => `rate ${figure(r)}: ${verdicts[i] ?? ""}, cost ${figure(s.steps?.objective?.[i])}`)).map(plain);
  return [
    { type: "scatter", name: "steepest descent", x: [s.a, ...keep(a)], y: [s.b, ...keep(b)], mode: "lines", line: { color: paper, width: 4.5 }, showlegend: false, hoverinfo: "skip" },
    { type: "scatter", name: "steepest descent", x: [s.a, ...keep(a)], y: [s.b, ...keep(b)], mode: "lines", line: { color: ink, width: 1.8, dash: "dash" }, hoverinfo: "skip" },
    {
      type: "scatter", name: "a step of that rate", x: keep(a), y: keep(b), mode: "markers", text, hovertemplate: "%{text}<extra></extra>",
      marker: { size: 11, color: orange, symbol: keep(verdicts).map((v) => symbols[v] ?? "circle"), line: { color: paper, width: 1.5 } },
    },
  ];
}

function within(x: N, axis: N[]): boolean {
  const range = bounds(axis);
  return x !== null && range !== null && x >= range[0] && x <= range[1];
}

function steepestText(c: Record<string, any>): string {
  const s = c.steepest;
  if (!s) return "";
  const of = (verdict: string) => numbers(s.steps?.rate).filter((_, i) => s.steps.verdict?.[i] === verdict).map((r) => figure(r));
  const words = ["barely moves", "improves", "overshoots"].map((v) => [v, of(v)] as const).filter(([, rates]) => rates.length > 0);
  const share = typeof s.share_in_plane === "number" ? `, ${percent(s.share_in_plane, 0)} of which lies in this plane` : "";
  return ` Dashed: the direction of steepest descent${share}; a step of rate ${words.map(([v, rates]) => `${listed(rates)} ${v}`).join(", ")}. Steps that leave the plane's section are not drawn.`;
}

function measureSelect(contents: Record<string, any>[]): HTMLElement {
  const there = measures.filter((m) => contents.some((c) => c[m]));
  return select("Height", there.map((m) => [m, nameOf(m)] as const), there.includes(state().measure as "loss") ? state().measure : there[0] ?? "objective", (measure) => change({ measure }));
}

export function mapSelect(): HTMLElement {
  return select("Colours", mapChoices, state().map, (map) => change({ map }));
}

export const logTick = (): HTMLElement => tick("logarithmic height", state().logz, (logz) => change({ logz }));

function viewSelect(): HTMLElement {
  if (!hasWebgl()) return h("span", { class: "quiet" }, "Without WebGL there is no surface to turn: the contour has the same figures.");
  return select("As", [["contour", "contour"], ["surface", "surface"]], state().view, (view) => change({ view }));
}

/** Every point of a plane as a row. */
export function planeTable(a: N[], b: N[], columns: [string, N[][]][]) {
  return {
    columns: ["a", "b", ...columns.map(([name]) => name)],
    rows: b.flatMap((y, j) => a.map((x, i) => [x, y, ...columns.map(([, z]) => z[j]?.[i] ?? null)])),
  };
}

function plane(document: Document): HTMLElement {
  const c = document.content;
  return chart({
    title: "The landscape over a plane",
    file: "landscape-plane",
    uses: ["measure", "map", "logz", "view"],
    source: source(document),
    controls: () => [viewSelect(), measureSelect([c]), mapSelect(), logTick()],
    draw(width) {
      const measure = measureOf(c);
      const [a, b, z] = [numbers(c.a), numbers(c.b), grid(c[measure])];
      const range = bounds(z.flat());
      const { ink, paper } = palette();
      const centre = { type: "scatter", name: "the model", x: [0], y: [0], mode: "markers", marker: { size: 12, symbol: "star", color: paper, line: { color: ink, width: 1.5 } }, hovertemplate: "the model<extra></extra>" };
      const surface = asSurface();
      return {
        ratio: narrow(width) ? 1.15 : 0.58,
        traces: [heights({ a, b, z }, nameOf(measure), width), ...(surface ? [] : [...steepest(c), centre])],
        layout: surface
          ? { uirevision: revision(measure), scene: sceneOf(nameOf(measure)), margin: { l: 0, r: 0, t: 0, b: narrow(width) ? 60 : 0 } }
          : { uirevision: revision(measure, "plane"), xaxis: { title: { text: "a" }, showgrid: false, zeroline: false }, yaxis: { title: { text: "b" }, showgrid: false, zeroline: false }, showlegend: Boolean(c.steepest), ...(narrow(width) ? { margin: { b: 90 } } : {}) },
        sentence: `${about(c)} Here the ${nameOf(measure)} is between ${figure(range?.[0])} and ${figure(range?.[1])}${logarithmic(z) ? ", drawn by its logarithm" : ""}.${steepestText(c)}${aside(c)}`,
        table: () => planeTable(a, b, measures.filter((m) => c[m]).map((m) => [nameOf(m), grid(c[m])])),
      };
    },
  });
}

export const landscape: Section = {
  id: "landscape",
  title: "Landscape",
  build: (report: Report) => ofKind(report, "landscape").map((d) => (numbers(d.content.b).length > 0 ? plane(d) : line(d))),
};
