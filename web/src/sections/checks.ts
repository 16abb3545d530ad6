// Whether the gradient is right, and how fast all that was.
import type { Document, Report } from "../data";
import { h } from "../dom";
import { count, counted, duration, figure, listed } from "../numbers";
import { tableElement } from "../table";
import { bars } from "./bars";
import { column, list, ofKind, source, titled } from "./documents";
import type { Section } from "./section";

/** What is neither right nor wrong. */
function asides(c: Record<string, any>): string {
  const kinks = c.kinks > 0 ? [`${count(c.kinks)} stand at kinks`] : [];
  const rounding = c.rounding > 0 ? [`${count(c.rounding)} are lost in rounding`] : [];
  const both = [...kinks, ...rounding];
  return both.length > 0 ? `; ${listed(both)}` : "";
}

function wrongLayers(c: Record<string, any>): string {
  const wrong = Array.isArray(c.wrong_layers) ? c.wrong_layers.map(String) : [];
  if (wrong.length > 0) return ` By itself the Jacobian of ${listed(wrong)} is wrong.`;
  return list(c.layers).length > 0 ? " By itself each layer's Jacobian is right, too." : "";
}

const naive = (c: Record<string, any>): string =>
  typeof c.naive_seconds === "number"
    ? `; two evaluations a coordinate would take ${duration(c.naive_seconds)}`
    : "";

/** Of a network: each layer's Jacobian by itself, then the whole gradient, block by block. */
function blocks(document: Document): HTMLElement | null {
  const c = document.content;
  const row = (of: string, what: string, b: Record<string, any>) => [
    of,
    what,
    b.checked,
    b.passed,
    b.failed,
    b.kinks,
    b.rounding,
    figure(b.worst_error, 3),
    b.verdict,
  ];
  const rows = [
    ...list(c.layers).flatMap((layer) =>
      list(layer.blocks).map((b) => row(String(layer.layer), `by ${b.name}`, b)),
    ),
    ...list(c.blocks).map((b) => row("whole network", `by ${b.name}`, b)),
  ];
  if (rows.length === 0) return null;
  const columns = [
    "of",
    "derivative",
    "checked",
    "pass",
    "fail",
    "kinks",
    "rounding",
    "worst error",
    "verdict",
  ];
  return h(
    "div",
    { class: "card" },
    h("h3", {}, titled(document, "Gradient check: layer by layer")),
    tableElement({ columns, rows }, "Each layer's Jacobian by itself, then the whole gradient"),
    h("p", { class: "quiet" }, source(document)),
  );
}

function gradient(document: Document): HTMLElement {
  const c = document.content;
  const worst = list(c.worst);
  const integers =
    typeof c.integer_kernels === "number" ? `, in integers ${figure(c.integer_kernels, 3)}` : "";
  const verdict = c.verdict === "pass" ? "right" : c.verdict === "fail" ? "wrong" : "not judged";
  return bars({
    title: titled(document, "Gradient check: the worst coordinates"),
    file: "gradcheck",
    source: source(document),
    names: worst.map((w) => String(w.coordinate)),
    values: column(worst, "error").map((e) => (e === 0 ? null : e)),
    value: "relative error",
    logarithmic: true,
    mark: typeof c.tolerance === "number" ? c.tolerance : null,
    sentence:
      `The gradient is ${verdict}: of ${count(c.checked)} coordinates of ${count(c.parameters)}, over ${counted(c.examples, "example")}, ${count(c.passed)} pass, ` +
      `${count(c.failed)} fail${asides(c)}.${wrongLayers(c)} The error is ${c.error_formula}, the tolerance ` +
      `${figure(c.tolerance)} (the dashed line). By calculus it took ${duration(c.analytic_seconds)}, by differences ${duration(c.numerical_seconds)}${naive(c)}. ` +
      `What training computes is ${figure(c.float_kernels, 3)} from it in floats${integers}.`,
    table: {
      columns: ["coordinate", "by calculus", "by differences", "error", "verdict"],
      rows: worst.map((w) => [w.coordinate, w.analytic, w.numerical, w.error, w.verdict]),
    },
  });
}

function speed(report: Report): HTMLElement | null {
  const runs = report.runs.filter((r) => typeof r.summary?.percent_of_peak === "number");
  if (runs.length === 0) return null;
  const shares = runs.map((r) => (r.summary!.percent_of_peak as number) / 100);
  const s = runs[0]!.summary!;
  return bars({
    title: "Speed, as a share of the peak",
    file: "speed",
    names: runs.map((r) => r.name),
    values: shares,
    value: "share of the peak",
    percent: true,
    from: 0,
    to: Math.max(1, ...shares),
    sentence:
      runs.length === 1
        ? `${count(s.examples_per_second)} examples a second, ${figure(s.gflops)} GFLOP/s of the ${figure(s.peak_gflops)} that the same threads reached just before the run with multiply-adds alone.`
        : "How much of what their threads reached with multiply-adds alone the steps of each run used.",
    table: {
      columns: ["run", "examples/s", "GFLOP/s", "peak GFLOP/s", "share"],
      rows: runs.map((r, i) => [
        r.name,
        r.summary!.examples_per_second as number,
        r.summary!.gflops as number,
        r.summary!.peak_gflops as number,
        shares[i],
      ]),
    },
  });
}

function searches(documents: Document[]): HTMLElement | null {
  if (documents.length === 0) return null;
  const found = documents.flatMap(({ content: c }) => (c.searches ? list(c.searches) : [c]));
  const rows = found.map((c) => [
    c.strategy,
    c.evaluations,
    c.best_attempt,
    c.train?.objective,
    c.train?.accuracy,
    c.test?.accuracy,
    c.seconds,
  ]);
  const columns = [
    "strategy",
    "attempts",
    "best at",
    "cost",
    "train accuracy",
    "test accuracy",
    "seconds",
  ];
  return h(
    "div",
    { class: "card" },
    h("h3", {}, "Guessing, local search and the gradient"),
    tableElement({ columns, rows }, "One row a search"),
    documents.map((d) => h("p", { class: "quiet" }, source(d))),
  );
}

export const checks: Section = {
  id: "checks",
  title: "Checks and speed",
  build: (report) => [
    ofKind(report, "gradcheck").map((d) => [gradient(d), blocks(d)]),
    speed(report),
    searches(ofKind(report, "search")),
  ],
};
