// The page in a real browser, opened from a file as a reader opens it.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import axe from "axe-core";
import { chromium, type Browser, type Page } from "playwright-core";
import type { Report } from "../../src/data";
import { embedded } from "../samples";

export const scratch = mkdtempSync(join(tmpdir(), "fallline-page-"));
const frame = readFileSync(process.env.FALLLINE_PAGE!, "utf8");
let browser: Browser;

before(async () => {
  const args = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
  ];
  browser = await chromium.launch({ executablePath: process.env.FALLLINE_CHROMIUM, args });
});
after(async () => {
  await browser?.close();
  rmSync(scratch, { recursive: true, force: true });
});

export interface Circumstances {
  fragment?: string;
  width?: number;
  dark?: boolean;
  webgl?: boolean;
}

export interface Opened {
  page: Page;
  file: string;
  /** Fails where the console had an error, a script failed, or anything but the file was asked for. */
  close(): Promise<void>;
}

let files = 0;

export async function open(
  report: Report | Record<string, unknown>,
  how: Circumstances = {},
): Promise<Opened> {
  const file = join(scratch, `report-${++files}.html`);
  writeFileSync(
    file,
    frame.replace("@FALLLINE_DATA@", () => embedded(report)),
  );
  const context = await browser.newContext({
    viewport: { width: how.width ?? 1280, height: 900 },
    colorScheme: how.dark ? "dark" : "light",
    acceptDownloads: true,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(120_000); // of a machine that has other things to do
  const wrong: string[] = [];
  page.on(
    "console",
    (m) =>
      ["error", "warning"].includes(m.type()) &&
      !/WebGL|GPU stall|willReadFrequently/.test(m.text()) &&
      wrong.push(`console: ${m.text()}`),
  );
  page.on("pageerror", (e) => wrong.push(`script: ${e.stack}`));
  page.on("dialog", (d) => (wrong.push(`dialog: ${d.message()}`), void d.dismiss()));
  page.on("request", (r) => {
    const own = r.url().split("#")[0] === `file://${file}`;
    if (!own && !/^(data|blob):/.test(r.url())) wrong.push(`request: ${r.url()}`);
  });
  if (how.webgl === false)
    await page.addInitScript(() => {
      const get = HTMLCanvasElement.prototype.getContext as (...words: unknown[]) => unknown;
      HTMLCanvasElement.prototype.getContext = function (
        this: HTMLCanvasElement,
        kind: string,
        ...more: unknown[]
      ) {
        return kind.includes("webgl") ? null : get.call(this, kind, ...more);
      } as typeof HTMLCanvasElement.prototype.getContext;
    });
  await page.goto(`file://${file}${how.fragment ? `#${how.fragment}` : ""}`);
  await page.waitForSelector("html[data-ready=yes]");
  return {
    page,
    file,
    async close() {
      await context.close();
      assert.deepEqual(wrong, []);
    },
  };
}

/** What axe finds that keeps people out. */
export async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(axe.source); // by the debugger, which the page's policy does not bind
  const found = await page.evaluate(() =>
    (globalThis as any).axe.run(document, { resultTypes: ["violations"] }),
  );
  return (found as { violations: any[] }).violations
    .filter((v) => ["serious", "critical"].includes(v.impact))
    .map(
      (v) =>
        `${v.id}: ${v.nodes
          .slice(0, 3)
          .map((n: any) => n.html.slice(0, 160))
          .join(" | ")}`,
    );
}

/** The element that has the focus, in words. */
export const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const e = document.activeElement as HTMLInputElement | null;
    return e
      ? `${e.tagName.toLowerCase()} ${e.type ?? ""} ${e.getAttribute("aria-label") ?? e.labels?.[0]?.textContent ?? e.textContent ?? ""}`.slice(
          0,
          90,
        )
      : "";
  });

/** Goes on with Tab until the focus is on what matches. */
export async function tabTo(page: Page, wanted: RegExp, most = 400): Promise<void> {
  for (let i = 0; i < most; ++i) {
    await page.keyboard.press("Tab");
    if (wanted.test(await focused(page))) return;
  }
  assert.fail(`Tab never came to ${wanted}`);
}
