// The run itself: cost, rate, gradient norms.
import { axesOf, axisNames, curveOf, notFiniteAt, seriesOf } from "../curve";
import { finite, type Report } from "../data";
import { h, labelled, select, tick } from "../dom";
import { count, figure } from "../numbers";
import { overRun, type Line } from "../over";
import { betaOf, placeOf, smooth } from "../smooth";
import { change, state } from "../state";
import { palette } from "../theme";
import { layers } from "./layers";
import { runColour, runDash, visible } from "./runs";
import type { Section } from "./section";

function linesOf(report: Report, key: string, kind: Line["kind"]): Line[] {
  return visible(report).flatMap(([run, i]): Line[] => {
    const curve = curveOf(run, run.history, seriesOf(run.history, key), state().x);
    const name = report.runs.length > 1 ? run.name : "training";
    return curve ? [{ name, curve, colour: runColour(i), dash: runDash(i), kind }] : [];
  });
}

function validationLines(report: Report): Line[] {
  return visible(report).flatMap(([run, i]): Line[] => {
    const curve = curveOf(run, run.epochs, seriesOf(run.epochs, "validation_objective"), state().x);
    if (!curve || finite(curve.y).length === 0) return [];
    const colour = report.runs.length > 1 ? runColour(i) : palette().orange;
    return [
      {
        name: report.runs.length > 1 ? `${run.name}, validation` : "validation",
        curve,
        colour,
        dash: "dot",
        kind: "points",
      },
    ];
  });
}

function bestLines(report: Report): Line[] {
  return linesOf(report, "best", "plain").map((line) => ({
    ...line,
    name: report.runs.length > 1 ? `${line.name}, best so far` : "best so far",
    dash: "longdash",
  }));
}

/** What a line is at each place, to be told where it begins and ends. */
const ends = (line: Line) =>
  line.kind === "smoothed" ? smooth(line.curve.y, state().beta, line.curve.block) : line.curve.y;

/** From where to where, or that it stopped being finite. */
function course(lines: readonly Line[], what: string): string {
  const of = lines.filter((l) => l.kind !== "points");
  const words = of.map((line) => {
    const values = finite(line.curve.y);
    if (values.length === 0) return `${line.name}: no ${what} is finite`;
    const first = values[0]!;
    const last = finite(ends(line)).pop()!;
    const stop = notFiniteAt(line.curve);
    const constant = Math.min(...values) === Math.max(...values);
    const from = constant
      ? `is ${figure(first)}${values.length > 1 ? " throughout" : ""}`
      : `goes from ${figure(first)} to ${figure(last)}`;
    const name = of.length > 1 ? `${line.name}: it ` : `The ${what} `;
    return name + from + (stop === null ? "" : `, and is not finite at step ${count(stop)}`);
  });
  return words.length === 0 ? `There is no ${what} in the history.` : `${words.join(". ")}.`;
}

function costChart(report: Report): HTMLElement {
  return overRun({
    title: "Cost",
    file: "cost",
    value: "cost",
    spread: 1e4,
    lines: () => [
      ...linesOf(report, "objective", "smoothed"),
      ...bestLines(report),
      ...validationLines(report),
    ],
    sentence: (lines) =>
      `${course(
        lines.filter((l) => l.kind === "smoothed"),
        "cost",
      )} Faint: each batch, before its update. In front: its moving average, corrected for its start.`,
  });
}

function rateChart(report: Report): HTMLElement {
  return overRun({
    title: "Learning rate",
    file: "learning-rate",
    value: "learning rate",
    lines: () => linesOf(report, "rate", "plain"),
    sentence: (lines) => course(lines, "rate"),
  });
}

function gradientChart(report: Report): HTMLElement {
  return overRun({
    title: "Gradient norm",
    file: "gradient-norm",
    value: "gradient norm",
    spread: 1e4,
    lines: () => linesOf(report, "gradient_norm", "smoothed"),
    sentence: (lines) => course(lines, "norm of the gradient on the batch"),
  });
}

function smoothing(): HTMLElement {
  const said = h("output", {});
  const slider = h("input", {
    type: "range",
    min: 0,
    max: 3,
    step: 0.01,
    input: () => change({ beta: betaOf(slider.valueAsNumber) }),
  });
  const say = () => {
    const { beta } = state();
    const text =
      beta === 0
        ? "β 0: not smoothed"
        : `β ${figure(beta)}: about ${figure(1 / (1 - beta), 3)} steps`;
    said.textContent = text;
    slider.setAttribute("aria-valuetext", text);
  };
  slider.valueAsNumber = placeOf(state().beta);
  slider.addEventListener("input", say);
  say();
  return h("span", { class: "field" }, labelled("Smoothing", slider), said);
}

function controls(report: Report): HTMLElement {
  const axes = axesOf(report.runs);
  if (!axes.includes(state().x)) change({ x: "step" });
  return h(
    "div",
    { class: "controls", role: "group", "aria-label": "Of every chart in this section" },
    smoothing(),
    axes.length > 1 &&
      select(
        "Over",
        axes.map((a) => [a, axisNames[a]!] as const),
        state().x,
        (x) => change({ x }),
      ),
    tick("logarithmic across", state().logx, (logx) => change({ logx })),
    tick("logarithmic up", state().logy, (logy) => change({ logy })),
  );
}

function runTicks(report: Report): HTMLElement | null {
  if (report.runs.length < 2) return null;
  const hidden = new Set(state().hidden.split(".").filter(Boolean));
  return h(
    "fieldset",
    { class: "controls" },
    h("legend", {}, "Runs in these charts"),
    report.runs.map((run, i) =>
      tick(run.name, !hidden.has(String(i)), (on) => {
        if (on) hidden.delete(String(i));
        else hidden.add(String(i));
        change({ hidden: [...hidden].join(".") });
      }),
    ),
  );
}

const has = (report: Report, key: string): boolean =>
  report.runs.some(
    (run) =>
      finite(seriesOf(run.history, key)?.value ?? seriesOf(run.history, key)?.mean).length > 0,
  );

export const descent: Section = {
  id: "descent",
  title: "The descent",
  build(report) {
    if (!report.runs.some((r) => r.history && r.history.lines > 0)) return [];
    return [
      controls(report),
      runTicks(report),
      costChart(report),
      h(
        "div",
        { class: "pair" },
        has(report, "rate") && rateChart(report),
        has(report, "gradient_norm") && gradientChart(report),
      ),
      layers(report),
    ];
  },
};
