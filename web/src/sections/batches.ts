// What the size of a batch costs and brings; the noise of its gradient.
import { chart } from "../chart";
import type { Document, N } from "../data";
import { count, duration, figure, percent } from "../numbers";
import { dashes, palette } from "../theme";
import { column, list, mark, source, titled } from "./documents";

const means = (rows: Record<string, any>[], key: string): N[] =>
  column(
    rows.map((r) => r[key] ?? {}),
    "mean",
  );
const errors = (rows: Record<string, any>[], key: string) => {
  const array = column(
    rows.map((r) => r[key] ?? {}),
    "deviation",
  ).map((d) => d ?? 0);
  return array.some((d) => d > 0)
    ? { type: "data", array, visible: true, thickness: 1.5, color: palette().ink }
    : undefined;
};
const sizeAxis = (x: N[]) => ({
  type: "log",
  title: { text: "batch size" },
  tickvals: x,
  ticktext: x.map(count),
});

export function lossOverSeconds(document: Document): HTMLElement {
  const runs = list(document.content.runs);
  const first = runs.filter((r, i) => runs.findIndex((o) => o.batch_size === r.batch_size) === i);
  return chart({
    title: titled(document, "Loss over seconds, for each batch size"),
    file: "batch-size-curves",
    source: source(document),
    draw() {
      const { lines } = palette();
      return {
        traces: first.map((run, i) => ({
          type: "scatter",
          name: count(run.batch_size),
          x: column(list(run.curve), "seconds"),
          y: column(list(run.curve), "loss"),
          mode: "lines+markers",
          line: { color: lines[i % lines.length], dash: dashes[i % dashes.length], width: 2 },
          marker: { size: 5 },
          hovertemplate: `${count(run.batch_size)}: %{y:.5~g} after %{x:.3~g} s<extra></extra>`,
        })),
        layout: {
          xaxis: { title: { text: "seconds of steps" } },
          yaxis: { title: { text: "validation loss" } },
          showlegend: true,
          legend: { title: { text: "batch " } },
        },
        sentence: `Each size trains for ${document.content.epochs} epochs${runs.length > first.length ? "; the curves are those of the first seed" : ""}.`,
        table: () => ({
          columns: ["batch size", "seed", "seconds", "loss"],
          rows: runs.flatMap((r) =>
            list(r.curve).map((p) => [r.batch_size, r.seed, p.seconds, p.loss]),
          ),
        }),
      };
    },
  });
}

export function equalTerms(document: Document): HTMLElement {
  const c = document.content;
  const sizes = list(c.sizes);
  const x = column(sizes, "batch_size");
  return chart({
    title: titled(document, "Loss after equal epochs and equal seconds"),
    file: "batch-size",
    source: source(document),
    draw() {
      const { lines, green } = palette();
      const line = (name: string, key: string, i: number) => ({
        type: "scatter",
        name,
        x,
        y: means(sizes, key),
        error_y: { ...errors(sizes, key), color: lines[i] },
        mode: "lines+markers",
        line: { color: lines[i], dash: dashes[i], width: 2 },
        marker: { size: 8, symbol: i === 0 ? "circle" : "diamond" },
        hovertemplate: "batch %{x}: %{y:.5~g}<extra></extra>",
      });
      return {
        traces: [
          line(`${c.epochs} epochs`, "loss_after_epochs", 0),
          line(duration(c.seconds), "loss_after_seconds", 1),
        ],
        layout: {
          xaxis: sizeAxis(x),
          yaxis: { title: { text: "validation loss" } },
          shapes: mark(c.suggested_batch_size, green),
        },
        sentence: c.suggested_batch_size
          ? `Suggested: ${count(c.suggested_batch_size)}, ${c.reason}.`
          : `Nothing is suggested: ${c.reason}.`,
        table: () => ({
          columns: [
            "batch size",
            "learning rate",
            "runs",
            "examples/s",
            "seconds",
            "loss after equal epochs",
            "± ",
            "loss after equal seconds",
            "±",
            "accuracy",
          ],
          rows: sizes.map((s) => [
            s.batch_size,
            s.learning_rate,
            s.runs,
            s.examples_per_second?.mean,
            s.seconds?.mean,
            s.loss_after_epochs?.mean,
            s.loss_after_epochs?.deviation,
            s.loss_after_seconds?.mean,
            s.loss_after_seconds?.deviation,
            percent(s.accuracy?.mean),
          ]),
        }),
        reading: {
          xs: x,
          text: (i) =>
            `batch ${count(x[i])}: loss ${figure(means(sizes, "loss_after_epochs")[i])} after equal epochs, ${figure(means(sizes, "loss_after_seconds")[i])} after equal seconds`,
        },
      };
    },
  });
}

export function throughput(document: Document): HTMLElement {
  const sizes = list(document.content.sizes);
  const names = column(sizes, "batch_size").map(count);
  const speeds = means(sizes, "examples_per_second");
  return chart({
    title: titled(document, "Examples a second"),
    file: "batch-size-speed",
    source: source(document),
    draw() {
      const best = speeds.indexOf(Math.max(...speeds.map((s) => s ?? 0)));
      return {
        traces: [
          {
            type: "bar",
            x: names,
            y: speeds,
            error_y: errors(sizes, "examples_per_second"),
            marker: { color: palette().lines[0] },
            hovertemplate: "batch %{x}: %{y:.4~s} examples/s<extra></extra>",
          },
        ],
        layout: {
          xaxis: { type: "category", title: { text: "batch size" } },
          yaxis: { title: { text: "examples/s" }, rangemode: "tozero", tickformat: "~s" },
          bargap: 0.4,
        },
        sentence:
          best < 0
            ? "No size has a speed."
            : `Batches of ${names[best]} are the fastest: ${count(speeds[best])} examples a second.`,
        table: () => ({
          columns: ["batch size", "examples/s", "±"],
          rows: sizes.map((s) => [
            s.batch_size,
            s.examples_per_second?.mean,
            s.examples_per_second?.deviation,
          ]),
        }),
      };
    },
  });
}

export function gradientNoise(document: Document): HTMLElement {
  const c = document.content;
  const sizes = list(c.sizes);
  const x = column(sizes, "batch_size");
  const y = column(sizes, "distance");
  const d = c.duplicates;
  const copies = d
    ? ` ${count(d.distinct)} examples and the same ${count(d.copies)} times over: their losses are ${figure(d.loss, 9)} and ${figure(d.loss_of_copies, 9)}, their gradients ${figure(d.gradient_difference, 2)} apart.`
    : "";
  return chart({
    title: titled(document, "How far a batch's gradient is from that of all examples"),
    file: "gradient-noise",
    source: source(document),
    draw() {
      const { lines, faint } = palette();
      const root = x.map((b) =>
        b && typeof c.noise_scale === "number" ? Math.sqrt(c.noise_scale / b) : null,
      );
      return {
        traces: [
          {
            type: "scatter",
            name: "as 1/√b",
            x,
            y: root,
            mode: "lines",
            line: { color: faint, dash: "dot", width: 1.5 },
            hoverinfo: "skip",
          },
          {
            type: "scatter",
            name: "‖g_b − g‖ / ‖g‖",
            x,
            y,
            mode: "lines+markers",
            line: { color: lines[0], width: 2.2 },
            marker: { size: 8 },
            hovertemplate: "b = %{x}: %{y:.4~g}<extra></extra>",
          },
        ],
        layout: {
          xaxis: {
            type: "log",
            dtick: 1,
            tickformat: "~s",
            title: { text: "examples in the batch" },
          },
          yaxis: {
            type: "log",
            dtick: 1,
            tickformat: "~g",
            title: { text: "relative distance" },
          },
        },
        sentence: `The distance goes as b to the power ${figure(c.exponent, 4)} ± ${figure(c.exponent_error, 2)}; −½ is what independent draws give. At ${figure(c.noise_scale, 3)} examples the noise is as large as the gradient.${copies}`,
        table: () => ({
          columns: ["batch size", "distance", "mean distance", "angle in degrees"],
          rows: sizes.map((s) => [s.batch_size, s.distance, s.mean_distance, s.angle_degrees]),
        }),
        reading: {
          xs: x,
          text: (i) =>
            `batch ${count(x[i])}: distance ${figure(y[i])}, angle ${figure(sizes[i]?.angle_degrees, 3)}°`,
        },
      };
    },
  });
}
