// Whether the gradient is right, and how fast all that was.
import type { Document, Report } from "../data";
import { h } from "../dom";
import { count, duration, figure } from "../numbers";
import { tableElement } from "../table";
import { bars } from "./bars";
import { column, list, ofKind, source } from "./documents";
import type { Section } from "./section";

function gradient(document: Document): HTMLElement {
  const c = document.content;
  const worst = list(c.worst);
  const integers =
    typeof c.integer_kernels === "number" ? `, in integers ${figure(c.integer_kernels, 2)}` : "";
  const verdict = c.verdict === "pass" ? "right" : c.verdict === "fail" ? "wrong" : "not judged";
  return bars({
    title: "Gradient check: the worst coordinates",
    file: "gradcheck",
    source: source(document),
    names: worst.map((w) => String(w.coordinate)),
    values: column(worst, "error").map((e) => (e === 0 ? null : e)),
    value: "relative error",
    logarithmic: true,
    mark: typeof c.tolerance === "number" ? c.tolerance : null,
    sentence:
      `The gradient is ${verdict}: of ${count(c.checked)} coordinates of ${count(c.parameters)}, over ${count(c.examples)} examples, ${count(c.passed)} pass, ` +
      `${count(c.failed)} fail; ${count(c.kinks)} stand at kinks and ${count(c.rounding)} are lost in rounding. The error is ${c.error_formula}, the tolerance ` +
      `${figure(c.tolerance)} (the dashed line). By calculus it took ${duration(c.analytic_seconds)}, by differences ${duration(c.numerical_seconds)}; two evaluations a ` +
      `coordinate would take ${duration(c.naive_seconds)}. What training computes is ${figure(c.float_kernels, 2)} from it in floats${integers}.`,
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
    ofKind(report, "gradcheck").map(gradient),
    speed(report),
    searches(ofKind(report, "search")),
  ],
};
