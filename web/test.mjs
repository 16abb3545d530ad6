// node test.mjs unit | browser [PAGE]: the page's tests, with Node's own runner. PAGE is the built
// page. Exit status 77 where this machine cannot run them; the last line says why.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const [suite = "unit", page = join(here, "page.html")] = process.argv.slice(2);

function skip(why) {
  console.log(`skipped: ${why}`);
  process.exit(77);
}

if (!existsSync(join(here, "node_modules", "esbuild")))
  skip("the packages of web/package.json are not installed");
if (suite === "browser") {
  if (!existsSync(page) || readFileSync(page).length === 0) skip("the page was not built");
  const chromium = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find((path) =>
    existsSync(path),
  );
  if (!chromium) skip("Chromium is not on this machine (Debian: chromium)");
  process.env.FALLLINE_CHROMIUM = chromium;
  process.env.FALLLINE_PAGE = page;
}

// Beside the packages, which the bundled tests import.
const { build } = await import("esbuild");
const bundles = join(here, "node_modules", ".cache", `fallline-${suite}`);
mkdirSync(bundles, { recursive: true });
const sources = readdirSync(join(here, "tests", suite)).filter((name) => name.endsWith(".test.ts"));
await build({
  entryPoints: sources.map((name) => join(here, "tests", suite, name)),
  bundle: true,
  packages: "external",
  platform: "node",
  format: "esm",
  target: "node18",
  outdir: bundles,
  outExtension: { ".js": ".mjs" },
  logLevel: "warning",
});
const files = sources.map((name) => join(bundles, name.replace(/\.ts$/, ".mjs")));
const types =
  suite === "unit"
    ? spawnSync(process.execPath, [join(here, "node_modules/typescript/bin/tsc"), "--noEmit"], {
        cwd: here,
        stdio: "inherit",
      }).status
    : 0;
const tests = spawnSync(process.execPath, ["--test", ...files], { stdio: "inherit" }).status;
process.exit(types || tests || 0);
