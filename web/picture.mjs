// node picture.mjs REPORT PICTURE.png: what a reader sees first of a report.
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
const page = await browser.newPage({ viewport: { width: 1180, height: 1290 } });
await page.goto(`file://${resolve(report)}`);
await page.waitForSelector("html[data-ready=yes]");
await page.screenshot({ path: picture });
await browser.close();
