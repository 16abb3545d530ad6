import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { Page } from "playwright-core";
import {
  classNames,
  documentOf,
  everyDocument,
  landscapePlane,
  pathsDocument,
  reportOf,
  runOf,
} from "../samples";
import { focused, open, tabTo } from "./browser";

const run = () => runOf("run", classNames);

const address = (page: Page): Promise<string> => page.evaluate(() => location.hash);

async function saved(
  page: Page,
  press: () => Promise<void>,
): Promise<[name: string, bytes: Buffer]> {
  const [download] = await Promise.all([page.waitForEvent("download"), press()]);
  return [download.suggestedFilename(), readFileSync((await download.path())!)];
}

test("by the keyboard alone: sections, smoothing, axes, readout, table, export, theme", async () => {
  const { page, close } = await open(reportOf([run()]));
  await tabTo(page, /^button .*Light or dark/);
  await page.keyboard.press("Enter");
  await page.waitForSelector("html[data-theme=dark]");
  await tabTo(page, /^a .*The descent/);
  await page.keyboard.press("Enter");
  assert.match(await focused(page), /^h2 .*The descent/);
  await tabTo(page, /^input range Smoothing/);
  await page.keyboard.press("End");
  assert.match(await address(page), /beta=0.999/);
  await tabTo(page, /^select-one|^select .*Over/);
  await page.keyboard.press("End");
  await page.waitForFunction(
    () =>
      (document.querySelector(".plot") as any).layout.xaxis.title.text === "seconds of steps" &&
      location.hash.includes("x=seconds"),
  );
  await tabTo(page, /^input checkbox logarithmic up/);
  await page.keyboard.press("Space");
  assert.match(await address(page), /logy=1/);
  await page.waitForFunction(
    () => (document.querySelector(".plot") as any).layout.yaxis.type === "log",
  );
  await tabTo(page, /^input range Read off/);
  const said = () => page.locator("figure.chart output").first().innerText();
  const last = await said();
  await page.keyboard.press("Home");
  assert.match(await said(), /^step 1,.*cost .*smoothed /);
  assert.notEqual(await said(), last);
  await tabTo(page, /^button .*Zoom in: Cost/);
  await page.keyboard.press("Enter");
  await tabTo(page, /^button .*CSV: Cost/);
  const [name, csv] = await saved(page, () => page.keyboard.press("Enter"));
  assert.equal(name, "cost.csv");
  const lines = csv.toString().trim().split("\r\n");
  assert.equal(lines[0], "curve,step,seconds of steps,cost,smoothed");
  assert.equal(lines.length, 1 + 300 + 15, "every step, and every epoch's validation");
  await tabTo(page, /^summary/);
  await page.keyboard.press("Enter");
  await page.locator("figure.chart").first().locator("tbody tr").nth(100).waitFor();
  await close();
});

test("wherever Tab goes, the focus can be seen and has a name", async () => {
  const { page, close } = await open(reportOf([run()], everyDocument()));
  const seen = new Set<string>();
  for (let i = 0; i < 500; ++i) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => {
      const e = document.activeElement!;
      const style = getComputedStyle(e);
      return {
        body: e === document.body,
        outline: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0,
        tag: e.tagName,
        box: e.getBoundingClientRect().width,
      };
    });
    if (at.body) break;
    assert.ok(at.outline && at.box > 0, `${await focused(page)} shows no focus`);
    seen.add(await focused(page));
  }
  assert.ok(seen.size > 100, `${seen.size} places`);
  await close();
});

test("an address shows what was chosen, and a change of it is followed", async () => {
  const { page, close } = await open(reportOf([run()]), {
    fragment: "x=epoch&beta=0.5&logx=1&theme=dark&at=learned",
  });
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
  assert.match(await focused(page), /What it learned/);
  const layout = () => page.evaluate(() => (document.querySelector(".plot") as any).layout.xaxis);
  assert.equal((await layout()).title.text, "epoch");
  assert.equal((await layout()).type, "log");
  await page.evaluate(() => (location.hash = "x=examples"));
  await page.waitForFunction(
    () => (document.querySelector(".plot") as any).layout.xaxis.title.text === "examples seen",
  );
  await close();
});

test("zoom outlives a change of the smoothing, and Whole undoes it", async () => {
  const { page, close } = await open(reportOf([run()]));
  const plot = () =>
    page.evaluate(() => {
      const { _fullLayout, data } = document.querySelector(".plot") as any;
      return { range: _fullLayout.xaxis.range as number[], smoothed: data[1].y[100] as number };
    });
  const whole = await plot();
  await page.getByRole("button", { name: "Zoom in: Cost" }).click();
  await page.waitForFunction(
    (end) => (document.querySelector(".plot") as any)._fullLayout.xaxis.range[0] !== end,
    whole.range[0],
  );
  const zoomed = await plot();
  const width = ([low, high]: number[]) => high! - low!;
  assert.ok(width(zoomed.range) < 0.6 * width(whole.range));
  await page.getByLabel("Smoothing").focus();
  await page.keyboard.press("Home");
  await page.waitForFunction(
    (before) => (document.querySelector(".plot") as any).data[1].y[100] !== before,
    zoomed.smoothed,
  );
  assert.deepEqual((await plot()).range, zoomed.range);
  await page.getByRole("button", { name: "Whole: Cost" }).click();
  await page.waitForFunction(
    (range) =>
      String((document.querySelector(".plot") as any)._fullLayout?.xaxis?.range) === String(range),
    whole.range,
  );
  await close();
});

test("a chart is kept as PNG and as SVG, with its title", async () => {
  const { page, close } = await open(reportOf([run()]));
  const button = (kind: string) => page.getByRole("button", { name: `${kind}: Confusion` });
  const [svgName, svg] = await saved(page, () => button("SVG").click());
  assert.equal(svgName, "confusion.svg");
  for (const words of [/^<svg /, /Confusion/, /automobile/, /<\/svg>$/])
    assert.match(svg.toString(), words);
  const [pngName, png] = await saved(page, () => button("PNG").click());
  assert.equal(pngName, "confusion.png");
  assert.equal(png.subarray(1, 4).toString(), "PNG");
  assert.ok(png.length > 10_000);
  await close();
});

test("a plane is contour or surface, in any of the colours, and exported alike", async () => {
  const { page, close } = await open(reportOf([run()], [documentOf(landscapePlane())]));
  await page.getByLabel("As", { exact: true }).selectOption("surface");
  await page.waitForSelector("#landscape ~ figure canvas");
  await page.getByRole("button", { name: /Turn the surface/ }).click();
  const [, csv] = await saved(page, () =>
    page.getByRole("button", { name: "CSV: The landscape over a plane" }).click(),
  );
  assert.equal(csv.toString().trim().split("\r\n").length, 1 + 51 * 51);
  await page.getByLabel("As", { exact: true }).selectOption("contour");
  for (const map of ["viridis", "blue-red", "cividis"])
    await page.getByLabel("Colours").selectOption(map);
  await page.getByLabel("logarithmic height").check();
  await page.waitForSelector("#landscape ~ figure .contourlayer path");
  await close();
});

test("without WebGL the contour has the same figures, and the page says so", async () => {
  const { page, close } = await open(reportOf([run()], [documentOf(landscapePlane())]), {
    webgl: false,
    fragment: "view=surface",
  });
  assert.match(await page.locator("#landscape ~ figure .controls").innerText(), /Without WebGL/);
  assert.ok((await page.locator("#landscape ~ figure .contourlayer path").count()) > 0);
  await close();
});

test("along the paths: each one's step, true cost, cost in the plane and distance from it", async () => {
  const { page, close } = await open(reportOf([run()], [documentOf(pathsDocument())]));
  const output = page.locator("#paths ~ figure .readout.wide output").first();
  const end = await output.innerText();
  assert.match(
    end,
    /batch: step 59, .* examples, cost 1\.7\d+, in the plane 1\.7\d+, [\d.]+ away from it; mini-batch: step 399.*stochastic: step 799/,
  );
  await page.getByLabel("Along the paths", { exact: true }).focus();
  await page.keyboard.press("Home");
  assert.match(
    await output.innerText(),
    /^0\.0 % of each path\. batch: step 0, 0 examples, cost 2\.4/,
  );
  assert.match(await address(page), /scrub=0/);
  const lines = await page.evaluate(() =>
    (document.querySelector("#paths ~ figure .plot") as any).data
      .filter((t: any) => t.showlegend !== false && t.mode === "lines")
      .map((t: any) => [t.name, t.line.dash]),
  );
  assert.deepEqual(
    Object.fromEntries(lines),
    { batch: "solid", "mini-batch": "dash", stochastic: "dot" },
    "dashes tell them apart, too",
  );
  await close();
});
