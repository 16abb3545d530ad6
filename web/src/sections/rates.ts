// Sweeps over the learning rate: single steps, and the range test.
import { chart } from "../chart";
import type { Document } from "../data";
import { figure, percent } from "../numbers";
import { palette } from "../theme";
import { column, list, mark, source, spans, titled } from "./documents";

const suggestion = (c: Record<string, any>): string =>
  typeof c.suggested_rate === "number"
    ? `Suggested: ${figure(c.suggested_rate)}, ${c.reason}.`
    : `Nothing is suggested: ${c.reason}.`;

export function singleSteps(document: Document): HTMLElement {
  const c = document.content;
  const rates = list(c.rates);
  const trials = list(c.trials).sort((a, b) => a.rate - b.rate);
  return chart({
    title: titled(document, "The cost after a single step, at every rate"),
    file: "sweep-lr",
    source: source(document),
    draw() {
      const { lines, green, orange, faint } = palette();
      const x = column(rates, "rate");
      const y = column(rates, "objective");
      const start = c.start?.objective ?? null;
      return {
        traces: [
          {
            type: "scatter",
            name: "before the step",
            x: [x[0], x[x.length - 1]],
            y: [start, start],
            mode: "lines",
            line: { color: faint, dash: "dot", width: 1.5 },
            hoverinfo: "skip",
          },
          {
            type: "scatter",
            name: "after it",
            x,
            y,
            mode: "lines+markers",
            line: { color: lines[0], width: 2.2 },
            marker: { size: 8 },
            text: rates.map((r) => String(r.verdict ?? "")),
            hovertemplate: "%{x:.4~g}: %{y:.5~g}, %{text}<extra></extra>",
          },
          ...(trials.length > 0
            ? [
                {
                  type: "scatter",
                  name: `loss after ${trials[0]!.epochs} epochs of training`,
                  x: column(trials, "rate"),
                  y: column(trials, "loss"),
                  mode: "lines+markers",
                  line: { color: orange, dash: "dash", width: 2 },
                  marker: { size: 8, symbol: "diamond" },
                  hovertemplate: "%{x:.4~g}: %{y:.5~g}<extra></extra>",
                },
              ]
            : []),
        ],
        layout: {
          xaxis: { type: "log", title: { text: "learning rate" } },
          yaxis: { type: spans(y) ? "log" : "linear", title: { text: "cost" } },
          shapes: mark(c.suggested_rate, green),
        },
        sentence: `From cost ${figure(start)}, steps barely move at low rates, improve it in a band, and overshoot at high ones; the lowest is at ${figure(c.lowest_rate)}. ${suggestion(c)}`,
        table: () => ({
          columns: ["kind", "rate", "loss", "cost", "accuracy", "verdict"],
          rows: [
            ...rates.map((r) => [
              "single step",
              r.rate,
              r.loss,
              r.objective,
              percent(r.accuracy),
              r.verdict,
            ]),
            ...trials.map((t) => [
              `${t.epochs} epochs`,
              t.rate,
              t.loss,
              null,
              percent(t.accuracy),
              "",
            ]),
          ],
        }),
        reading: {
          xs: x,
          start: Math.max(0, x.indexOf(c.lowest_rate ?? null)),
          text: (i) =>
            `rate ${figure(x[i])}: cost ${figure(y[i])}, accuracy ${percent(rates[i]?.accuracy)}, ${rates[i]?.verdict ?? ""}`,
        },
      };
    },
  });
}

export function rangeTest(document: Document): HTMLElement {
  const c = document.content;
  const steps = list(c.steps);
  return chart({
    title: titled(document, "Range test: the loss while the rate rises"),
    file: "range-test",
    source: source(document),
    draw() {
      const { lines, green } = palette();
      const x = column(steps, "rate");
      const raw = column(steps, "loss");
      const smoothed = column(steps, "smoothed");
      const hovertemplate = "%{x:.4~g}: %{y:.5~g}<extra></extra>";
      return {
        traces: [
          {
            type: "scatter",
            name: "batch",
            x,
            y: raw,
            mode: "lines",
            line: { color: lines[0], width: 1 },
            opacity: 0.4,
            hoverinfo: "skip",
          },
          {
            type: "scatter",
            name: "smoothed",
            x,
            y: smoothed,
            mode: "lines",
            line: { color: lines[0], width: 2.4 },
            hovertemplate,
          },
        ],
        layout: {
          xaxis: { type: "log", title: { text: "learning rate" } },
          yaxis: {
            title: { text: "loss" },
            type: smoothed.every((v) => v === null || v > 0) ? "log" : "linear",
          },
          shapes: mark(c.suggested_rate, green),
        },
        sentence: `One training run of ${steps.length} steps whose rate rises; the smoothed loss is lowest at ${figure(c.lowest_rate)}. ${suggestion(c)}`,
        table: () => ({
          columns: ["step", "rate", "loss", "smoothed"],
          rows: steps.map((s) => [s.step, s.rate, s.loss, s.smoothed]),
        }),
        reading: {
          xs: x,
          start: Math.max(0, x.indexOf(c.lowest_rate ?? null)),
          text: (i) =>
            `step ${steps[i]?.step}: rate ${figure(x[i])}, loss ${figure(raw[i])}, smoothed ${figure(smoothed[i])}`,
        },
      };
    },
  });
}
