// One of every kind of result.
import type { Document } from "../src/data";
import { bowl, classNames, even, wave } from "./samples";

const model = {
  run: "run",
  classes: 10,
  features: 3072,
  parameters: 30730,
  architecture: "linear",
  loss: "softmax",
  delta: 1,
  l2: 0.01,
  l1: 0,
};
const data = { name: "cifar", part: "train", which: "all", examples: 50000 };
const direction = (about: string) => ({ kind: "random", about, norm: 1, scaled: "filter" });

export function landscapeLine(): Document["content"] {
  const a = even(-3, 3, 121);
  const loss = a.map((x) => bowl(x, 0));
  return {
    kind: "landscape",
    version: 1,
    model,
    data,
    centre: {
      about: "the model's weights",
      loss: bowl(0, 0),
      objective: bowl(0, 0) + 0.02,
      accuracy: 0.41,
    },
    directions: [direction("drawn with seed 1")],
    method: "linear",
    a,
    loss,
    objective: loss.map((l, i) => l + 0.02 * (1 + a[i]! ** 2)),
    accuracy: a.map((x) => 0.42 - 0.03 * x * x),
    breakpoints: {
      count: 3,
      a: [-1, 0.2, 1.5],
      loss: [bowl(-1, 0), bowl(0.2, 0), bowl(1.5, 0)],
      slope_before: [-1, 0, 1],
      slope_after: [0, 1, 2],
      shown: 3,
    },
    check: {
      points: 50,
      worst_relative_difference: 3e-7,
      seconds_a_point: 1e-3,
      seconds_all_directly: 4.2,
    },
    seconds: 0.4,
    interrupted: false,
    notes: [],
  };
}

export function landscapePlane(points = 51): Document["content"] {
  const a = even(-2, 3, points);
  const b = even(-2.5, 2.5, points);
  const loss = b.map((y) => a.map((x) => bowl(x, y)));
  const rates = [0.001, 0.01, 0.03, 0.1];
  return {
    kind: "landscape",
    version: 1,
    model,
    data,
    centre: {
      about: "the model's weights",
      loss: bowl(0, 0),
      objective: bowl(0, 0),
      accuracy: 0.41,
    },
    directions: [direction("the gradient"), direction("drawn with seed 2")],
    method: "linear",
    a,
    b,
    loss,
    objective: loss,
    accuracy: loss.map((row) => row.map((l) => 0.6 - 0.1 * l)),
    steepest: {
      a: -1.5,
      b: 1.5,
      objective: bowl(-1.5, 1.5),
      share_in_plane: 0.83,
      steps: {
        rate: rates,
        a: rates.map((r) => -1.5 + 25 * r),
        b: rates.map((r) => 1.5 - 20 * r),
        objective: rates.map((r) => bowl(-1.5 + 25 * r, 1.5 - 20 * r)),
        verdict: ["barely moves", "improves", "improves", "overshoots"],
      },
    },
    seconds: 2,
    interrupted: false,
    notes: [],
  };
}

function path(
  name: string,
  kind: string,
  batch: number,
  n: number,
  noise: number,
): Record<string, unknown> {
  const steps = Array.from({ length: n }, (_, i) => i);
  const at = steps.map((t) => {
    const left = Math.exp(-3.2 * (t / (n - 1)));
    return [
      0.6 - 2.2 * left + noise * wave(t + batch) * (1 - left),
      -0.2 + 2.1 * left ** 1.6 + noise * wave(3 * t + batch),
    ] as const;
  });
  const residual = steps.map((t) => (0.3 * noise * t) / n + 0.02 * Math.sin((6 * t) / n) ** 2);
  return {
    name,
    kind,
    optimizer: "sgd",
    batch_size: batch,
    learning_rate: 0.01,
    swept: true,
    steps: n,
    seconds: 1,
    diverged: false,
    stop_reason: "epochs",
    step: steps,
    examples: steps.map((t) => Math.round((150_000 * t) / (n - 1))),
    a: at.map((p) => p[0]),
    b: at.map((p) => p[1]),
    residual,
    distance: at.map(([x, y]) => Math.hypot(x + 1.6, y - 1.9)),
    objective: at.map(([x, y], i) => bowl(x, y) + 0.5 * residual[i]!),
    plane_objective: at.map(([x, y]) => bowl(x, y)),
  };
}

export function pathsDocument(points = 51): Document["content"] {
  const a = even(-2, 1.6, points);
  const b = even(-1.2, 2.4, points);
  const loss = b.map((y) => a.map((x) => bowl(x, y)));
  return {
    kind: "paths",
    version: 1,
    model,
    data,
    start: { loss: bowl(-1.6, 1.9), objective: bowl(-1.6, 1.9), accuracy: 0.1 },
    plane: {
      about: "the two directions in which the paths vary most",
      kind: "principal",
      explained: [0.93, 0.05],
      a,
      b,
      loss,
      objective: loss,
    },
    runs: [
      path("batch", "batch", 50000, 60, 0),
      path("mini-batch", "mini-batch", 256, 400, 0.03),
      path("stochastic", "stochastic", 1, 800, 0.12),
    ],
    seconds: 9,
    interrupted: false,
    notes: [],
  };
}

/** A gradient check of a network: without the time of the naive way, with layers and blocks. */
export function networkGradcheck(): Document["content"] {
  const block = (name: string, worst_error: number) => ({
    name,
    checked: 250,
    passed: 250,
    failed: 0,
    kinks: 0,
    rounding: 0,
    worst_error,
    verdict: "pass",
  });
  return {
    kind: "gradcheck",
    version: 1,
    verdict: "pass",
    architecture: "dense(64), relu, dense(classes)",
    examples: 20,
    parameters: 197322,
    checked: 574,
    passed: 574,
    failed: 0,
    kinks: 0,
    rounding: 0,
    worst_error: 5e-8,
    error_formula: "|a - n| / max(|a|, |n|)",
    tolerance: 1e-6,
    analytic_seconds: 7e-4,
    numerical_seconds: 0.6,
    float_kernels: 1.4e-7,
    integer_kernels: 4.7e-5,
    wrong_layers: [],
    blocks: [block("layer1.weight", 5e-8), block("layer1.bias", 2e-8)],
    layers: [
      { layer: "layer1", verdict: "pass", blocks: [block("weight", 1e-8), block("bias", 6e-9)] },
      { layer: "act1", verdict: "pass", blocks: [block("layer1", 1.7e-7)] },
    ],
    worst: [
      {
        coordinate: "layer1.weight[5, 385]",
        analytic: 1,
        numerical: 1,
        error: 5e-8,
        verdict: "pass",
      },
      { coordinate: "layer1.bias[2]", analytic: 1, numerical: 1, error: 2.1e-8, verdict: "pass" },
    ],
  };
}

export const documentOf = (
  content: Document["content"],
  file = `run/${content.kind}.json`,
): Document => ({ file, kind: content.kind, run: 0, content });

const spread = (mean: number) => ({ mean, deviation: mean / 50 });

/** One of every kind of result. */
export function everyDocument(): Document[] {
  const rates = even(-10, -1, 10).map((e) => 10 ** e);
  const sizes = [16, 64, 256, 1024];
  const swept = rates.map((rate) => ({
    rate,
    loss: 2.3 + 10 * rate * rate * 40 - 3 * rate,
    objective: 2.3 + 400 * rate * rate - 3 * rate,
    accuracy: 0.2,
    verdict: rate < 1e-4 ? "barely moves" : rate < 0.05 ? "improves" : "overshoots",
  }));
  const range = even(-6, -1, 60).map((e, i) => ({
    step: i + 1,
    rate: 10 ** e,
    loss: 2.3 - 0.1 * (e + 6) + (i > 50 ? (i - 50) ** 2 / 10 : 0),
    smoothed: 2.3 - 0.1 * (e + 6) + (i > 50 ? (i - 50) ** 2 / 12 : 0),
  }));
  const curve = (k: number) =>
    even(0, 1 + k / 4, 6).map((seconds) => ({
      seconds,
      loss: 1.75 + 0.5 / (1 + 3 * seconds) + 0.01 * k,
    }));
  const contents = [
    landscapeLine(),
    landscapePlane(),
    pathsDocument(),
    {
      kind: "sweep-lr",
      version: 1,
      mode: "step",
      start: { loss: 2.3, objective: 2.3, accuracy: 0.1, gradient_norm: 5.8, examples: 5120 },
      rates: swept,
      lowest_rate: 0.01,
      trials: [0.003, 0.01, 0.03].map((rate) => ({
        rate,
        loss: 1.8 + 2 * Math.abs(rate - 0.01),
        accuracy: 0.4,
        epochs: 3,
      })),
      suggested_rate: 0.01,
      reason: "of 3 training runs the one with the lowest validation loss",
      interrupted: false,
    },
    {
      kind: "sweep-lr-range",
      version: 1,
      mode: "range",
      steps: range,
      lowest_rate: range[50]!.rate,
      stopped: true,
      suggested_rate: range[50]!.rate / 3,
      reason: "a third of the rate at which the smoothed loss was lowest",
      interrupted: false,
    },
    {
      kind: "sweep-batch-size",
      version: 1,
      epochs: 5,
      seconds: 1,
      sizes: sizes.map((b, k) => ({
        batch_size: b,
        learning_rate: 0.01,
        runs: 2,
        examples_per_second: spread(1e5 * (k + 1)),
        seconds: spread(2 - k / 3),
        loss_after_epochs: spread(1.8 + 0.01 * k),
        loss_after_seconds: spread(1.9 - 0.02 * k),
        accuracy: spread(0.4),
      })),
      runs: sizes.map((b, k) => ({
        batch_size: b,
        seed: 1,
        learning_rate: 0.01,
        examples_per_second: 1e5,
        seconds: 1,
        loss: 1.8,
        accuracy: 0.4,
        curve: curve(k),
      })),
      suggested_batch_size: 256,
      reason: "after 1 s its loss is the lowest",
      interrupted: false,
    },
    {
      kind: "sweep-gradient-noise",
      version: 1,
      examples: 5120,
      gradient_norm: 5.8,
      draws: 32,
      sizes: sizes.map((b) => ({
        batch_size: b,
        distance: 11 / Math.sqrt(b),
        mean_distance: 11 / Math.sqrt(b),
        angle_degrees: 80 / Math.sqrt(b),
        log_error: 0.01,
      })),
      exponent: -0.498,
      exponent_error: 0.004,
      noise_scale: 121,
      duplicates: {
        distinct: 1000,
        copies: 1200,
        loss: 2.30198445,
        loss_of_copies: 2.30198445,
        gradient_difference: 4e-6,
        rounding: 1e-5,
        seconds: 0.01,
        seconds_of_copies: 2,
      },
      interrupted: false,
    },
    {
      kind: "sweep-train",
      version: 1,
      cases: ["softmax", "hinge"].flatMap((loss, i) =>
        [0.001, 0.003].map((lr, j) => ({
          settings: { loss, "learning-rate": String(lr) },
          runs: 3,
          diverged: i * j,
          learning_rate: lr,
          train_loss: spread(1.8),
          train_accuracy: spread(0.42),
          validation_loss: spread(1.85),
          validation_accuracy: spread(0.38 + 0.01 * i + 0.005 * j),
          seconds: spread(0.4),
        })),
      ),
      best: { loss: "hinge", "learning-rate": "0.003" },
      interrupted: false,
    },
    {
      kind: "gradcheck",
      version: 1,
      verdict: "pass",
      loss: "softmax",
      examples: 5120,
      parameters: 30730,
      checked: 1000,
      passed: 1000,
      failed: 0,
      kinks: 0,
      rounding: 0,
      worst_error: 1e-8,
      error_formula: "|a - n| / max(|a|, |n|)",
      scheme: "central",
      step: 1e-5,
      tolerance: 1e-6,
      analytic_seconds: 0.07,
      numerical_seconds: 0.5,
      evaluation_seconds: 0.03,
      naive_seconds: 1968,
      float_kernels: 3e-6,
      integer_kernels: 6e-5,
      worst: classNames.slice(0, 5).map((c, i) => ({
        coordinate: `W[${c}, ${i}]`,
        index: i,
        analytic: 0.1,
        numerical: 0.1,
        error: 1e-8 / (i + 1),
        verdict: "pass",
      })),
    },
    {
      kind: "search",
      version: 1,
      strategy: "random",
      train: { accuracy: 0.14, objective: 8.9 },
      test: { accuracy: 0.142 },
      evaluations: 1000,
      best_attempt: 312,
      improvements: 7,
      seconds: 3,
    },
  ];
  return contents.map((content) => documentOf(content));
}
