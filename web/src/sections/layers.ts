// What a network's layers do over a run: their gradients, their updates, their dead units.
import { curveOf } from "../curve";
import { finite, type Report, type Run } from "../data";
import { h } from "../dom";
import { count, figure, listed, percent } from "../numbers";
import { overRun, type Line } from "../over";
import { state } from "../state";
import { tableElement } from "../table";
import { dashes, palette } from "../theme";
import { list } from "./documents";
import { visible } from "./runs";

const charts = [
  ["gradient_norm", "Gradient norm of each layer", "gradient norm"],
  ["update_norm", "Update norm of each layer", "update norm"],
  ["dead", "Dead units of each layer", "dead units"],
] as const;

const seriesOfLayers = (run: Run) =>
  (run.history?.series ?? []).filter(
    (s) => s.layer !== undefined && finite(s.value ?? s.mean).length > 0,
  );

const networks = (report: Report): Run[] =>
  report.runs.filter((run) => seriesOfLayers(run).length > 0);

/** A line for each layer of each run; of several networks each line says whose it is. */
function linesOf(report: Report, key: string): Line[] {
  const several = networks(report).length > 1;
  const found = visible(report).flatMap(([run]) =>
    seriesOfLayers(run)
      .filter((s) => s.key === key)
      .map((s) => [run, s] as const),
  );
  return found.flatMap(([run, series], i): Line[] => {
    const curve = curveOf(run, run.history, series, state().x);
    const { lines } = palette();
    return curve
      ? [
          {
            name: several ? `${run.name}, ${series.layer}` : series.layer!,
            curve,
            colour: lines[i % lines.length]!,
            dash: dashes[i % dashes.length]!,
            kind: "smoothed",
          },
        ]
      : [];
  });
}

function atTheEnd(lines: readonly Line[], key: string): string {
  if (lines.length === 0) return "No run that is shown has layers.";
  const last = lines.map((line) => {
    const value = finite(line.curve.y).pop();
    return `${line.name} ${key === "dead" ? percent(value, 1) : figure(value)}`;
  });
  const what =
    key === "dead" ? " A unit is dead on a batch where it gives 0 for all of its examples." : "";
  return `On the last batch: ${listed(last)}.${what}`;
}

/** The table of what each layer came to, from the summary. */
function cameTo(run: Run, several: boolean): HTMLElement | null {
  const layers = list(run.summary?.layers);
  if (layers.length === 0) return null;
  const rows = layers.map((l) => [
    l.name,
    count(l.units),
    count(l.parameters),
    figure(l.first_gradient_norm, 3),
    figure(l.gradient_norm, 3),
    figure(l.update_norm, 3),
    typeof l.dead === "number" ? percent(l.dead, 1) : "–",
  ]);
  const columns = ["layer", "units", "parameters", "gradient, first", "last", "update", "dead"];
  return h(
    "div",
    { class: "card" },
    h("h3", {}, several ? `Layers: ${run.name}` : "Layers"),
    tableElement(
      { columns, rows },
      "Mean norms of the first and of the last epoch, and dead units in the last",
    ),
  );
}

export function layers(report: Report): HTMLElement[] {
  const keys = new Set(networks(report).flatMap((run) => seriesOfLayers(run).map((s) => s.key)));
  const several = report.runs.length > 1;
  const drawn = charts
    .filter(([key]) => keys.has(key))
    .map(([key, title, value]) =>
      overRun({
        title,
        file: title.toLowerCase().replace(/ /g, "-"),
        value,
        percent: key === "dead",
        spread: key === "dead" ? undefined : 30,
        lines: () => linesOf(report, key),
        sentence: (lines) => atTheEnd(lines, key),
      }),
    );
  const cards = report.runs.flatMap((run) => cameTo(run, several) ?? []);
  // A table beside the last chart where that would stand alone.
  const beside = (drawn.length + cards.length) % 2 === 0;
  return beside
    ? [h("div", { class: "pair" }, drawn, cards)]
    : [...cards, h("div", { class: "pair" }, drawn)];
}
