import assert from "node:assert/strict";
import { test } from "node:test";
import { classNames, everyDocument, networkOf, reportOf, runOf } from "../samples";
import { barriers, open } from "./browser";

const whole = () => reportOf([networkOf("runs/one")], everyDocument());
const headings = [
  "Summary",
  "The descent",
  "What it learned",
  "Landscape",
  "Paths",
  "Rates and batch sizes",
  "Checks and speed",
  "Configuration",
];

for (const [dark, width] of [
  [false, 1280],
  [true, 1280],
  [false, 390],
  [true, 390],
] as const)
  test(`every section, ${dark ? "dark" : "light"}, ${width} px: no error, no request, no barrier, nothing wider than the page`, async () => {
    const { page, close } = await open(whole(), { dark, width });
    assert.deepEqual(await page.locator("h2").allTextContents(), headings);
    assert.equal(
      await page.evaluate(() => document.documentElement.dataset.theme),
      dark ? "dark" : "light",
    );
    assert.deepEqual(await barriers(page), []);
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wider <= 0, `${wider} px wider`);
    await close();
  });

test("every chart has a title, a sentence, a drawing, its exports and its figures as a table", async () => {
  const { page, close } = await open(whole());
  const charts = page.locator("figure.chart");
  const count = await charts.count();
  assert.ok(count >= 19, `${count} charts`);
  for (let i = 0; i < count; ++i) {
    const chart = charts.nth(i);
    const title = await chart.locator("h3").innerText();
    assert.ok((await chart.locator(".sentence").innerText()).length > 20, title);
    assert.ok((await chart.locator(".main-svg").count()) > 0, title);
    assert.ok(
      (await chart.locator(".trace, .hm, .contourlayer path, .bars path").count()) > 0,
      `${title} is empty`,
    );
    for (const name of ["PNG", "SVG", "CSV"])
      assert.equal(
        await chart.getByRole("button", { name: `${name}: ${title}` }).count(),
        1,
        title,
      );
    await chart.locator("details summary").last().click();
    await chart.locator("tbody tr").first().waitFor();
  }
  assert.deepEqual(await barriers(page), [], "with all tables open");
  await close();
});

test("the parts of a report are shown only where it has them", async () => {
  const { page, close } = await open(
    reportOf([{ name: "bare", summary: null, notes: ["there is no summary"] }]),
  );
  assert.deepEqual(await page.locator("h2").allTextContents(), ["Summary", "Configuration"]);
  await close();
});

test("several runs are set side by side, and one can be hidden", async () => {
  const { page, close } = await open(
    reportOf([runOf("a", classNames), runOf("b", classNames, 200)]),
  );
  assert.equal(await page.locator("h1").innerText(), "2 runs compared");
  const legend = page.locator("figure.chart").first().locator(".legendtext");
  assert.deepEqual(await legend.allTextContents(), ["a", "b", "a, validation", "b, validation"]);
  await page.getByRole("checkbox", { name: "b", exact: true }).uncheck();
  await page.waitForFunction(
    () =>
      document.querySelectorAll("figure.chart")[0]!.querySelectorAll(".legendtext").length === 2,
  );
  assert.match(await page.evaluate(() => location.hash), /hidden=1/);
  assert.deepEqual(await barriers(page), []);
  await close();
});

test("printed, the charts are light and the controls are gone", async () => {
  const { page, close } = await open(whole(), { dark: true });
  const pdf = await page.pdf();
  assert.ok(pdf.length > 50_000);
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator("nav").isVisible(), false);
  assert.equal(await page.locator(".tools").first().isVisible(), false);
  await close();
});

test("a run of many classes lists its largest mistakes in place of a matrix", async () => {
  const run = runOf("many", classNames);
  const part = run.summary!.test!;
  delete part.confusion;
  part.confusion_pairs = [
    { class: "cat", predicted: "dog", examples: 17 },
    { class: "dog", predicted: "cat", examples: 9 },
  ];
  part.classes_left_out = 99_000;
  delete run.summary!.train;
  delete run.summary!.validation;
  const { page, close } = await open(reportOf([run]));
  const card = page.locator("details", { hasText: "The most frequent mistakes, test part" });
  await card.locator("summary").click();
  assert.deepEqual(await card.locator("tbody tr").first().locator("th, td").allTextContents(), [
    "cat",
    "dog",
    "17",
  ]);
  assert.equal(
    await page.getByText(`Precision and recall of the ${classNames.length} largest classes`).count(),
    1,
  );
  await close();
});
