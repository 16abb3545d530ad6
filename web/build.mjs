// node build.mjs [PAGE]: the page as one HTML file, with a place for the data in it.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));

async function bundle(entry, loader = {}) {
  const result = await build({
    entryPoints: [join(here, "src", entry)],
    bundle: true,
    minify: true,
    write: false,
    charset: "ascii",
    format: "iife",
    target: ["es2020"],
    define: { global: "globalThis" },
    legalComments: "none",
    loader,
    logLevel: "warning",
  });
  return result.outputFiles[0].text.trim();
}

/** Text that would end the element it stands in, or begin another. */
function requireInert(text, element) {
  if (new RegExp(`</${element}|<!--`, "i").test(text))
    throw new Error(`the ${element} would end early`);
  return text;
}

const style = requireInert(await bundle("style.css"), "style");
// Plotly asks for the style sheet of its maps, which are not in the page.
const script = requireInert(await bundle("main.ts", { ".css": "empty" }), "script");
const hash = createHash("sha256").update(script).digest("base64");
const parts = {
  // Plotly sets styles inline, and pictures are part of the data. Nothing is fetched, ever.
  policy:
    `default-src 'none'; script-src 'sha256-${hash}'; style-src 'unsafe-inline'; ` +
    "img-src data: blob:; base-uri 'none'; form-action 'none'",
  style,
  script,
};
const frame = readFileSync(join(here, "src", "page.html"), "utf8");
const page = frame.replace(/@(policy|style|script)@/g, (_, name) => parts[name]);

const target = process.argv[2] ?? join(here, "page.html");
mkdirSync(dirname(target), { recursive: true });
writeFileSync(target, page);
