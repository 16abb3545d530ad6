import assert from "node:assert/strict";
import { test } from "node:test";
import type { Run } from "../../src/data";
import { classNames, documentOf, everyDocument, historyOf, reportOf, runOf } from "../samples";
import { barriers, open, type Opened } from "./browser";

/** What must never run sets this. */
const pwned = ({ page }: Opened): Promise<unknown> =>
  page.evaluate(() => (globalThis as any).pwned);

const nasty = [
  "</script><script>globalThis.pwned = 1</script>",
  "<img src=x onerror='globalThis.pwned = 2'>",
  "<!--<script>",
  '<a href="javascript:globalThis.pwned = 3">click</a>',
  "<b>bold</b>",
  "\u2028\u2029\u202e",
  "{{constructor.constructor('globalThis.pwned = 4')()}}",
  "%{customdata} $\\text{x}$ &lt;i&gt;",
  "a".repeat(300),
  "<svg onload=globalThis.pwned=5>",
];

test("names with markup are text, in the page and in its charts", async () => {
  const run = runOf(nasty[0]!, nasty);
  run.notes = nasty;
  run.configuration = nasty.join("\n");
  run.summary!.message = nasty[1]!;
  run.history = historyOf(50, nasty.slice(0, 3));
  const documents = everyDocument();
  for (const d of documents) {
    d.file = nasty[1]!;
    if (d.content.reason) d.content.reason = nasty[0]!;
    for (const r of d.content.runs ?? []) if (r.name) r.name = nasty[3]!;
    for (const w of d.content.worst ?? []) w.coordinate = nasty[1]!;
    for (const one of d.content.cases ?? []) one.settings = { "<b>loss": nasty[1] };
    for (const one of d.content.directions ?? []) one.about = nasty[0];
  }
  const opened = await open(
    reportOf([run, { ...runOf("second", nasty), name: nasty[1]! }], documents),
  );
  const { page, close } = opened;
  assert.equal(await pwned(opened), undefined);
  assert.equal(
    await page
      .locator(
        "#page img[src=x], #page script, #page svg[onload], #page a[href^=javascript], .plot a",
      )
      .count(),
    0,
  );
  assert.equal(await page.locator("pre").first().innerText(), nasty.join("\n"));
  const labels = await page.evaluate(() =>
    [...document.querySelectorAll("#learned ~ figure text")].map((t) => t.textContent),
  );
  assert.ok(
    labels.some((t) => t?.includes("<b>bold</b>")),
    "a class called <b>bold</b> is not bold",
  );
  await page.locator("#learned ~ figure .plot").first().hover();
  assert.deepEqual(await barriers(page), []);
  assert.equal(await pwned(opened), undefined);
  await close();
});

test("the policy lets no other script run", async () => {
  const { page } = await open(reportOf([runOf("run", classNames)]));
  await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "globalThis.pwned = 1";
    document.head.append(script);
    document.body.insertAdjacentHTML(
      "beforeend",
      "<img src='data:,' onerror='globalThis.pwned = 2'>",
    );
  });
  await page.waitForTimeout(100);
  assert.equal(await page.evaluate(() => (globalThis as any).pwned), undefined);
  await page.context().close();
});

function diverged(): Run {
  const run = runOf("diverged", classNames, 12);
  const last = (key: string) =>
    run.history!.series.filter((s) => s.key === key).forEach((s) => s.value!.splice(11, 1, null));
  ["loss", "objective", "gradient_norm"].forEach(last);
  for (const part of ["train", "validation", "test"] as const)
    Object.assign(run.summary![part]!, { loss: null, objective: null });
  Object.assign(run.summary!, {
    stop_reason: "diverged",
    message: "the loss is not finite at step 12",
    held_learning_rate: 0.005,
  });
  return run;
}

const runs: [string, Run, RegExp][] = [
  ["a diverged run says where", diverged(), /not finite at step 12/],
  ["a run of one step has its point", runOf("one", classNames, 1), /The cost is 2\.\d+/],
  [
    "an empty history is no section",
    {
      ...runOf("empty", classNames),
      history: { lines: 0, block: 1, x: {}, series: [] },
      epochs: undefined,
    },
    /Summary/,
  ],
  [
    "of nothing but nulls it is said",
    {
      ...runOf("nulls", classNames),
      history: {
        lines: 2,
        block: 1,
        x: { step: [1, 2] },
        series: [{ key: "objective", value: [null, null] }],
      },
    },
    /no cost is finite/,
  ],
];

for (const [name, run, words] of runs)
  test(name, async () => {
    const { page, close } = await open(reportOf([run]));
    assert.match(await page.locator("#page").innerText(), words);
    assert.deepEqual(await barriers(page), []);
    await close();
  });

test("a diverged run has an alert in the program's words, and the rate that held", async () => {
  const { page, close } = await open(reportOf([diverged()]));
  assert.match(
    await page.locator(".alert").innerText(),
    /not finite at step 12[\s\S]*0\.005 was tried, and held/,
  );
  await close();
});

test("a million steps come as blocks: that is said, and bounds and averages are drawn", async () => {
  const blocks = 2000;
  const steps = Array.from({ length: blocks }, (_, i) => 500 * (i + 1));
  const mean = steps.map((t) => 1.7 + 50 / Math.sqrt(t));
  const high = mean.map((v, i) => (i === 1234 ? 9 : v + 0.3));
  const run = runOf("long", classNames);
  run.history = {
    lines: 1_000_000,
    block: 500,
    x: { step: steps, examples: steps.map((t) => 256 * t) },
    series: [{ key: "objective", mean, low: mean.map((v) => v - 0.3), high }],
  };
  run.epochs = undefined;
  const { page, close } = await open(reportOf([run]));
  assert.match(
    await page.locator("figure.chart .sentence").first().innerText(),
    /Each point stands for up to 500 steps/,
  );
  const drawn = await page.evaluate(() =>
    (document.querySelector(".plot") as any).data.map((t: any) => [t.y.length, Math.max(...t.y)]),
  );
  assert.deepEqual(drawn[0], [2 * blocks, 9], "the one spike is in the faint line");
  assert.equal(drawn[1][0], blocks);
  await close();
});

test("results whose figures are not what they should be spoil nothing else", async () => {
  const kinds = everyDocument().map((d) => d.kind);
  const hollow = kinds.map((kind) => documentOf({ kind, version: 1 }));
  const twisted = kinds.map((kind) =>
    documentOf({
      kind,
      a: "x",
      b: [{}],
      loss: 7,
      objective: [[null]],
      runs: [null, 3, {}],
      rates: {},
      steps: "no",
      sizes: [{}],
      cases: [{}],
      worst: [{}],
      plane: 3,
      searches: 4,
    }),
  );
  for (const documents of [hollow, twisted]) {
    const { page, close } = await open(reportOf([runOf("run", classNames)], documents));
    assert.equal(await page.locator("h1").innerText(), "run");
    assert.ok((await page.locator("h2").allTextContents()).includes("Configuration"));
    await close();
  }
});

test("heights that are not finite leave holes, and one point is a plane too", async () => {
  const plane = everyDocument().find((d) => d.content.b)!;
  plane.content.objective[3][4] = null;
  plane.content.loss[0] = plane.content.loss[0].map(() => null);
  const point = documentOf({ kind: "landscape", a: [0], b: [0], loss: [[1]], objective: [[1]] });
  const { page, close } = await open(reportOf([runOf("run", classNames)], [plane, point]), {
    fragment: "measure=loss&logz=1",
  });
  assert.equal((await page.locator("#landscape ~ figure .main-svg").count()) > 0, true);
  await close();
});
