// node picture.mjs REPORT PICTURE.png: what a reader sees first of a report, down to the end of its
// first chart, in 1600 pixels for a place 800 wide.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { chromium } from "playwright-core";

const [report, picture] = process.argv.slice(2);
const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find((path) =>
  existsSync(path),
);
if (!report || !picture || !executablePath)
  throw new Error("usage: node picture.mjs REPORT PICTURE.png, with Chromium installed");
const browser = await chromium.launch({
  executablePath,
  args: ["--no-sandbox", "--disable-dev-shm-usage"],
});
const viewport = { width: 1140, height: 1300 };
const page = await browser.newPage({ viewport, deviceScaleFactor: 1.4 });
await page.goto(`file://${resolve(report)}`);
await page.waitForSelector("html[data-ready=yes]");
const chart = page.locator("figure.chart").first();
const { y, height } = (await chart.count()) ? await chart.boundingBox() : { y: 0, height: 1284 };
await page.screenshot({
  path: picture,
  clip: { x: 0, y: 0, width: viewport.width, height: Math.round(y + height + 16) },
});
await browser.close();
