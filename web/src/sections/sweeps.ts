// Rates, batch sizes and settings by measurement.
import type { Document, Report } from "../data";
import { h } from "../dom";
import { listed, percent } from "../numbers";
import { equalTerms, gradientNoise, lossOverSeconds, throughput } from "./batches";
import { bars } from "./bars";
import { column, list, ofKind, source, titled } from "./documents";
import { rangeTest, singleSteps } from "./rates";
import type { Section } from "./section";

const settingsText = (settings: Record<string, unknown> | null): string =>
  Object.entries(settings ?? {})
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");

function training(document: Document): HTMLElement {
  const c = document.content;
  const cases = list(c.cases);
  const key = cases.some((one) => one.validation_accuracy)
    ? "validation_accuracy"
    : cases.some((one) => one.test_accuracy)
      ? "test_accuracy"
      : "train_accuracy";
  const names = cases.map((one) => settingsText(one.settings));
  const accuracies = column(
    cases.map((one) => one[key] ?? {}),
    "mean",
  );
  const diverged = cases.filter((one) => one.diverged > 0).map((one) => settingsText(one.settings));
  const settings = Object.keys(cases[0]?.settings ?? {});
  const figures = [
    "train_loss",
    "train_accuracy",
    "validation_loss",
    "validation_accuracy",
    "test_loss",
    "test_accuracy",
    "seconds",
  ];
  const there = figures.filter((f) => cases.some((one) => one[f]));
  return bars({
    title: titled(document, "Training with every combination"),
    file: "sweep-train",
    source: source(document),
    names,
    lists: true,
    values: accuracies,
    deviations: column(
      cases.map((one) => one[key] ?? {}),
      "deviation",
    ),
    value: key.replace("_", " "),
    percent: true,
    emphasised: names.indexOf(settingsText(c.best)),
    sentence:
      (c.best
        ? `The best is ${settingsText(c.best)}, with ${percent(accuracies[names.indexOf(settingsText(c.best))])} ${key.replace("_", " ")}.`
        : "None is the best.") +
      (diverged.length > 0 ? ` Runs of ${listed(diverged)} diverged.` : ""),
    table: {
      columns: [
        ...settings,
        "runs",
        "diverged",
        "learning rate",
        ...there.map((f) => f.replace("_", " ")),
      ],
      rows: cases.map((one) => [
        ...settings.map((s) => one.settings?.[s]),
        one.runs,
        one.diverged,
        one.learning_rate,
        ...there.map((f) => one[f]?.mean ?? null),
      ]),
    },
  });
}

export const sweeps: Section = {
  id: "sweeps",
  title: "Rates and batch sizes",
  build(report: Report) {
    const pair = (...charts: HTMLElement[]) => h("div", { class: "pair" }, charts);
    return [
      ofKind(report, "sweep-lr").map(singleSteps),
      ofKind(report, "sweep-lr-range").map(rangeTest),
      ofKind(report, "sweep-batch-size").map((d) => [
        pair(equalTerms(d), throughput(d)),
        lossOverSeconds(d),
      ]),
      ofKind(report, "sweep-gradient-noise").map(gradientNoise),
      ofKind(report, "sweep-train").map(training),
    ];
  },
};
