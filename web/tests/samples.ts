// Reports for the tests: what src/report/ writes, with figures that a formula makes.
import type { Document, History, Report, Run } from "../src/data";

export const even = (low: number, high: number, n: number): number[] =>
  Array.from({ length: n }, (_, i) => low + ((high - low) * i) / (n - 1));
/** The same "noise" every time. */
export const wave = (i: number): number => Math.sin(12.9898 * i) * 0.5 + Math.sin(78.233 * i) * 0.5;

export const bowl = (a: number, b: number): number =>
  1.7 + 0.25 * Math.log1p(3 * (a - 0.6) ** 2 + 0.6 * (b + 0.3 * a) ** 2) + 0.03 * Math.abs(a + b);

export function historyOf(lines: number, layers: string[] = []): History {
  const steps = Array.from({ length: lines }, (_, i) => i + 1);
  const loss = steps.map((t) => 1.7 + 0.6 / Math.sqrt(t) + 0.1 * wave(t));
  return {
    lines,
    block: 1,
    x: {
      step: steps,
      epoch: steps.map((t) => Math.ceil(t / 20)),
      examples: steps.map((t) => 256 * t),
    },
    series: [
      { key: "loss", value: loss },
      { key: "objective", value: loss },
      { key: "rate", value: steps.map((t) => 0.01 / Math.sqrt(t)) },
      { key: "gradient_norm", value: steps.map((t) => 3 + 3 / t + 0.4 * wave(7 * t)) },
      ...layers.flatMap((layer, k) => [
        {
          key: "gradient_norm",
          layer,
          value: steps.map((t) => (k + 1) * (1 + 1 / t) + 0.1 * wave(t + k)),
        },
        {
          key: "update_norm",
          layer,
          value: steps.map((t) => (k + 1) * 0.01 + 0.001 * wave(t + 2 * k)),
        },
        { key: "dead", layer, value: steps.map((t) => Math.min(0.2, (0.05 * k * t) / lines)) },
      ]),
    ],
  };
}

export function epochsOf(epochs: number): History {
  const e = Array.from({ length: epochs }, (_, i) => i + 1);
  return {
    lines: epochs,
    block: 1,
    x: {
      step: e.map((k) => 20 * k),
      epoch: e,
      examples: e.map((k) => 5120 * k),
      seconds: e.map((k) => 0.05 * k),
    },
    series: [
      { key: "loss", value: e.map((k) => 1.72 + 0.5 / k) },
      { key: "validation_loss", value: e.map((k) => 1.78 + 0.4 / k) },
      { key: "validation_objective", value: e.map((k) => 1.78 + 0.4 / k) },
    ],
  };
}

// Eight grey pixels: enough of a picture.
const picture =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAAAAABX3VL4AAAADklEQVR4nGNoYPj/nwEABX4CgBU9ZuQAAAAASUVORK5CYII=";

export function runOf(name: string, classes: string[], lines = 300): Run {
  const count = classes.length;
  const confusion = classes.map((_, y) =>
    classes.map((_, p) =>
      y === p ? 60 : Math.round(40 / Math.max(1, count - 1)) + ((3 * y + p) % 4),
    ),
  );
  const figures = {
    examples: 100 * count,
    loss: 1.72,
    objective: 1.72,
    accuracy: 0.41,
    top_5_accuracy: 0.86,
    confusion,
    classes: classes.map((c) => ({ name: c, examples: 100, precision: 0.5, recall: 0.6 })),
  };
  return {
    name,
    summary: {
      version: 1,
      train: figures,
      validation: figures,
      test: figures,
      epochs: lines / 20,
      steps: lines,
      best_epoch: 3,
      seconds: 0.75,
      examples_per_second: 1e6,
      gflops: 123.4,
      peak_gflops: 200,
      percent_of_peak: 61.7,
      weights_hash: "a60218565bb5d229",
      stop_reason: "epochs",
      message: "",
      run_directory: name,
      configuration: {
        loss: "softmax",
        l2: 0.01,
        l1: 0,
        preprocess: "global",
        optimizer: "sgd",
        learning_rate: 0.01,
        learning_rate_chosen: true,
        schedule: "constant",
        batch_size: 256,
        steps_per_epoch: 20,
        seed: 1,
        classes: count,
        features: 12,
        parameters: 13 * count,
        examples: 5120,
        validation_examples: 512,
        test_examples: 100 * count,
        threads: 2,
        instruction_set: "avx512",
        memory_bytes: 193_500_000,
      },
    },
    configuration:
      '# fallline; repeat with: fallline train --config run.toml\nloss = "softmax"\nseed = 1\n',
    history: historyOf(lines),
    epochs: epochsOf(Math.max(1, Math.floor(lines / 20))),
    templates: classes.map((c) => ({ class: c, width: 2, height: 2, image: picture })),
    mistakes: {
      part: "test",
      examples: 100 * count,
      wrong: 59 * count,
      probabilities: true,
      surest: classes.slice(0, 12).map((c, i) => ({
        example: i + 1,
        class: c,
        predicted: classes[(i + 1) % count]!,
        confidence: 0.97 - 0.01 * i,
        image: picture,
      })),
    },
    notes: [],
  };
}

const sizes = [
  ["dense 1", 64, 832],
  ["dense 2", 32, 2080],
] as const;

/** A run of a network: layers, a note, templates of units. */
export function networkOf(name: string, units = 40, lines = 300): Run {
  const run = runOf(name, classNames, lines);
  Object.assign(run.summary!, {
    layers: sizes.map(([layer, width, parameters], k) => ({
      name: layer,
      units: width,
      parameters,
      first_gradient_norm: 2 + k,
      gradient_norm: 1 + k,
      update_norm: 0.01,
      ...(k === 0 ? { dead: 0.95 } : {}),
    })),
    notes: ["95 % of the units of 'dense 1' are dead; try a lower learning rate"],
  });
  Object.assign(run.summary!.configuration!, {
    model: "mlp:64,32",
    architecture: "dense(64), relu, dense(32), relu, dense(classes)",
  });
  run.history = historyOf(lines, ["dense 1", "dense 2"]);
  run.templates = Array.from({ length: units }, () => ({
    class: "",
    width: 2,
    height: 2,
    image: picture,
  }));
  return run;
}

export const classNames = [
  "airplane",
  "automobile",
  "bird",
  "cat",
  "deer",
  "dog",
  "frog",
  "horse",
  "ship",
  "truck",
];

export const reportOf = (runs: Run[], documents: Document[] = []): Report => ({
  version: 1,
  program: "fallline 0.1.0",
  runs,
  documents,
  notes: [],
});

/** As the library escapes it (src/report/text.cpp). */
export const embedded = (report: unknown): string =>
  JSON.stringify(report).replace(
    /[<>&\u007f-\uffff]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

export * from "./sample_documents";
