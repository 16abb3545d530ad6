import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { classNames, documentOf, networkGradcheck, networkOf, reportOf, runOf } from "../samples";
import { barriers, open } from "./browser";

const chart = (page: Page, title: string) =>
  page.locator("figure.chart").filter({ has: page.getByRole("heading", { name: title }) });

for (const [dark, width] of [
  [false, 1280],
  [true, 390],
] as const)
  test(`a network shows its layers, its notes and its units, ${dark ? "dark" : "light"}, ${width} px`, async () => {
    const report = reportOf([networkOf("net")], [documentOf(networkGradcheck())]);
    const { page, close } = await open(report, { dark, width });
    const text = await page.locator("#page").innerText();
    assert.match(text, /95 % of the units of 'dense 1' are dead/);
    assert.match(text, /mlp:64,32: dense\(64\), relu/);
    const rows = page
      .locator(".card")
      .filter({ hasText: /^Layers/ })
      .locator("tbody tr");
    assert.deepEqual(await rows.first().locator("th, td").allInnerTexts(), [
      "dense 1",
      "64",
      "832",
      "2",
      "1",
      "0.01",
      "95.0 %",
    ]);
    for (const title of ["Gradient norm of each layer", "Update norm of each layer"])
      assert.deepEqual(await chart(page, title).locator(".legendtext").allTextContents(), [
        "dense 1",
        "dense 2",
      ]);
    assert.match(
      await chart(page, "Dead units of each layer").locator(".sentence").innerText(),
      /dense 1 0\.0 % and dense 2 5\.0 %/,
    );
    assert.deepEqual(await barriers(page), []);
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wider <= 0, `${wider} px wider`);
    await close();
  });

test("the units of a network have numbers; those beyond thirty unfold", async () => {
  const { page, close } = await open(reportOf([networkOf("net", 40)]));
  const card = page.locator(".card").filter({ hasText: "Weight templates of the first layer" });
  assert.match(await card.innerText(), /first 40 of the 64 units/);
  assert.equal(await card.locator("li:visible").count(), 30);
  assert.equal(await card.getByAltText("Weights of unit 1", { exact: true }).count(), 1);
  await card.getByText("Units 31 to 40").click();
  assert.equal(await card.locator("li:visible").count(), 40);
  assert.equal(await card.locator("li").last().innerText(), "unit 40");
  await close();
});

test("a network's gradient check has its layers and blocks, and no figure it lacks", async () => {
  const { page, close } = await open(
    reportOf([networkOf("net")], [documentOf(networkGradcheck())]),
  );
  const sentence = await chart(page, "Gradient check: the worst coordinates")
    .locator(".sentence")
    .innerText();
  assert.match(sentence, /574 pass, 0 fail\. By itself each layer's Jacobian is right, too\./);
  assert.doesNotMatch(sentence, /–|two evaluations/);
  const rows = page.locator(".card").filter({ hasText: "layer by layer" }).locator("tbody tr");
  assert.equal(await rows.count(), 5);
  await close();
});

test("beside a linear run the layers are the network's, and results say whose they are", async () => {
  const check = { ...documentOf(networkGradcheck()), run: 1 };
  const report = reportOf([runOf("linear", classNames), networkOf("net")], [check]);
  const { page, close } = await open(report);
  const legend = chart(page, "Gradient norm of each layer").locator(".legendtext");
  assert.deepEqual(await legend.allTextContents(), ["dense 1", "dense 2"]);
  assert.equal(
    await page.getByRole("heading", { name: "Gradient check: the worst coordinates: net" }).count(),
    1,
  );
  await page.getByRole("checkbox", { name: "net", exact: true }).uncheck();
  await page.waitForFunction(() =>
    [...document.querySelectorAll(".sentence")].some((s) =>
      s.textContent?.includes("No run that is shown has layers"),
    ),
  );
  await close();
});

test("a cost that explodes is drawn by its logarithm; rates and dead units are not", async () => {
  const run = networkOf("explodes", 4, 6);
  for (const s of run.history!.series)
    if (s.key === "objective") s.value = [2.3, 40, 1e6, 1e14, 1e25, null];
  run.summary!.message =
    "the loss stopped being finite at step 6\n  a rate of 0.01 was tried and held";
  run.summary!.held_learning_rate = 0.01;
  const { page, close } = await open(reportOf([run]));
  const axis = (title: string) =>
    chart(page, title)
      .locator(".plot")
      .evaluate((plot: any) => plot._fullLayout.yaxis);
  assert.equal((await axis("Cost")).type, "log");
  assert.match(await chart(page, "Cost").locator(".sentence").innerText(), /by its logarithm/);
  assert.equal((await axis("Learning rate")).type, "linear");
  const dead = await axis("Dead units of each layer");
  assert.ok(dead.range[0] > -0.01 && dead.range[1] <= 1, `${dead.range}`);
  const alert = page.locator(".alert").first();
  assert.equal(await alert.locator("p").count(), 2, "each line of the message, and no echo of it");
  await close();
});
