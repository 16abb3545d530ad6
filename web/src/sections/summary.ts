// What came of it, in figures.
import type { PartFigures, Run } from "../data";
import { h } from "../dom";
import { bytes, count, counted, duration, figure, percent } from "../numbers";
import { tableElement } from "../table";
import type { Section } from "./section";

const partNames = ["test", "validation", "train"] as const;

/** The part that says most of what is to be expected elsewhere. */
export function judged(run: Run): [string, PartFigures] | null {
  for (const name of partNames) {
    const part = run.summary?.[name];
    if (part) return [name, part];
  }
  return null;
}

const topKey = (part: PartFigures): string | undefined =>
  Object.keys(part).find((k) => /^top_\d+_accuracy$/.test(k));

function entry(name: string, value: string, more = "", small = false): HTMLElement {
  return h(
    "div",
    {},
    h("dt", {}, name),
    h("dd", { class: small ? "small" : undefined }, value, more && h("small", {}, more)),
  );
}

const stops: Record<string, string> = {
  epochs: "all epochs done",
  "early-stopping": "no better epoch any more",
  diverged: "diverged",
  interrupted: "interrupted",
  tries: "all attempts made",
};

function figures(run: Run): HTMLElement {
  const s = run.summary ?? {};
  const c = s.configuration ?? {};
  const part = judged(run);
  const top = part && topKey(part[1]);
  const seconds = typeof s.seconds === "number" ? s.seconds : null;
  return h(
    "dl",
    { class: "figures" },
    part &&
      entry(
        `${part[0]} accuracy`,
        percent(part[1].accuracy),
        `of ${counted(part[1].examples, "example")}`,
      ),
    part &&
      entry(
        `${part[0]} loss`,
        figure(part[1].loss),
        top ? `top-${top.split("_")[1]} ${percent(part[1][top])}` : "",
      ),
    typeof s.steps === "number" &&
      entry(
        "steps",
        count(s.steps),
        `${counted(Number(s.epochs), "epoch")}, batches of ${count(c.batch_size)}`,
      ),
    typeof s.evaluations === "number" &&
      entry("attempts", count(s.evaluations), `best at ${count(s.best_attempt)}`),
    seconds !== null &&
      entry(
        "time",
        duration(seconds),
        typeof s.examples_per_second === "number"
          ? `${count(s.examples_per_second)} examples/s`
          : "",
      ),
    typeof s.percent_of_peak === "number" &&
      entry(
        "of the machine's peak",
        `${figure(s.percent_of_peak, 3)} %`,
        `${figure(s.gflops)} of ${figure(s.peak_gflops)} GFLOP/s`,
      ),
    entry(
      "stopped",
      stops[String(s.stop_reason)] ?? String(s.stop_reason ?? "–"),
      s.best_epoch ? `weights of epoch ${count(s.best_epoch)}, the best` : "",
      true,
    ),
  );
}

const isNetwork = (c: Record<string, unknown>): boolean =>
  typeof c.architecture === "string" && typeof c.model === "string" && c.model !== "linear";

function method(run: Run): HTMLElement | null {
  const c = run.summary?.configuration;
  if (!c) return null;
  const how = c.strategy
    ? `search: ${c.strategy}`
    : `${c.optimizer}, learning rate ${figure(c.learning_rate)}${c.learning_rate_chosen ? " (chosen by the program)" : ""}, schedule ${c.schedule}`;
  const penalty = [c.l2 ? `L2 ${figure(c.l2)}` : "", c.l1 ? `L1 ${figure(c.l1)}` : ""]
    .filter(Boolean)
    .join(", ");
  return h(
    "p",
    { class: "sentence" },
    `${isNetwork(c) ? `${c.model}: ${c.architecture}. ` : ""}${count(c.parameters)} parameters, ${c.loss} loss${penalty && `, ${penalty}`}; ${how}; preprocessing: ${c.preprocess}; seed ${c.seed}. ` +
      `${counted(Number(c.examples), "example")} to train, ${count(c.validation_examples)} to validate, ${count(c.test_examples)} to test. ` +
      `${counted(Number(c.threads), "thread")}, ${c.instruction_set}, ${bytes(c.memory_bytes)} of memory.` +
      (typeof run.summary?.weights_hash === "string"
        ? ` The hash of the weights is ${run.summary.weights_hash}.`
        : ""),
  );
}

/** What went wrong, in the program's own words. */
function alarm(run: Run, several: boolean): HTMLElement | null {
  const message = run.summary?.message;
  if (typeof message !== "string" || message === "") return null;
  const held = run.summary?.held_learning_rate;
  const lines = message.split("\n").map((line) => line.trim());
  return h(
    "div",
    { class: "alert" },
    lines.map((line, i) =>
      h("p", {}, i === 0 && several && h("strong", {}, `${run.name}: `), line),
    ),
    typeof held === "number" &&
      !message.includes("tried and held") &&
      h("p", {}, `A learning rate of ${figure(held)} was tried, and held.`),
  );
}

/** What the run's layers and units make one think of. */
function notes(run: Run, several: boolean): HTMLElement | null {
  const said = run.summary?.notes;
  if (!Array.isArray(said) || said.length === 0) return null;
  return h(
    "div",
    { class: "alert note" },
    said.map((note) => h("p", {}, several && h("strong", {}, `${run.name}: `), String(note))),
  );
}

function certificate(run: Run): HTMLElement | null {
  const c = run.summary?.certificate as Record<string, unknown> | undefined;
  if (!c) return null;
  return h(
    "p",
    { class: "sentence" },
    `Certificate: the objective ${figure(c.objective, 6)} is at most ${figure(c.percent_above_best_at_most, 3)} % above the lowest there is; no weights have less than ${figure(c.bound, 6)}.`,
  );
}

function parts(run: Run): HTMLElement | null {
  const there = (["train", "validation", "test"] as const).filter((name) => run.summary?.[name]);
  if (there.length === 0) return null;
  const rows = there.map((name) => {
    const p = run.summary![name]!;
    const top = topKey(p);
    return [
      name,
      p.examples,
      p.loss,
      p.objective,
      percent(p.accuracy),
      top ? percent(p[top]) : "–",
    ];
  });
  const top = topKey(run.summary![there[0]!]!);
  const columns = [
    "part",
    "examples",
    "loss",
    "cost",
    "accuracy",
    top ? `top-${top.split("_")[1]}` : "top",
  ];
  return tableElement({ columns, rows }, "The final model on each part");
}

function one(run: Run, several: boolean): HTMLElement {
  return h(
    "div",
    { class: "card" },
    several && h("h3", {}, run.name),
    run.summary ? figures(run) : h("p", { class: "quiet" }, "There is no summary yet."),
    h(
      "div",
      { class: "beside" },
      h("div", {}, method(run), certificate(run)),
      !several && parts(run),
    ),
  );
}

function compared(runs: readonly Run[]): HTMLElement {
  const columns = [
    "run",
    "model",
    "loss function",
    "optimizer",
    "rate",
    "batch",
    "steps",
    "train loss",
    "part",
    "loss",
    "accuracy",
    "seconds",
    "% of peak",
    "stopped",
  ];
  const rows = runs.map((run) => {
    const s = run.summary ?? {};
    const c = s.configuration ?? {};
    const part = judged(run);
    const cell = (value: unknown) =>
      typeof value === "number" || typeof value === "string" ? value : null;
    return [
      run.name,
      cell(c.model ?? "linear"),
      cell(c.loss),
      cell(c.optimizer ?? c.strategy),
      figure(c.learning_rate),
      cell(c.batch_size),
      cell(s.steps ?? s.evaluations),
      figure(s.train?.loss),
      part?.[0],
      figure(part?.[1].loss),
      part ? percent(part[1].accuracy) : null,
      figure(s.seconds, 3),
      figure(s.percent_of_peak, 3),
      cell(s.stop_reason),
    ];
  });
  const losses = new Set(runs.map((run) => run.summary?.configuration?.loss));
  const apart =
    losses.size > 1 &&
    h("p", { class: "sentence" }, "Their loss functions differ: compare accuracies, not costs.");
  return h(
    "div",
    { class: "card" },
    h("h3", {}, "The runs side by side"),
    apart,
    tableElement({ columns, rows }, "One row a run"),
  );
}

/** Of more runs the table says enough. */
const mostCards = 4;

export const summary: Section = {
  id: "summary",
  title: "Summary",
  build({ runs }) {
    const several = runs.length > 1;
    return [
      runs.map((run) => [alarm(run, several), notes(run, several)]),
      several && compared(runs),
      runs.length <= mostCards && runs.map((run) => one(run, several)),
    ];
  },
};
