// The report: what there is of each section, in order.
import { startCharts } from "./chart";
import { readReport, type Report } from "./data";
import { append, button, h } from "./dom";
import { change, onChange, startState, state } from "./state";
import { isDark, toggleTheme } from "./theme";
import { sections } from "./sections/all";
import type { Section } from "./sections/section";

/** A section that cannot be shown says so; the others are shown all the same. */
function built(section: Section, report: Report): HTMLElement | null {
  const heading = h("h2", { id: section.id, tabindex: -1 }, section.title);
  const element = h("section", { "aria-labelledby": section.id }, heading);
  try {
    append(element, section.build(report));
  } catch (error) {
    append(
      element,
      h(
        "p",
        { class: "alert" },
        `This cannot be shown: ${error instanceof Error ? error.message : error}`,
      ),
    );
  }
  return element.childNodes.length > 1 ? element : null;
}

function goTo(id: string): void {
  const heading = document.getElementById(id);
  heading?.scrollIntoView();
  heading?.focus({ preventScroll: true });
}

function navigation(ids: readonly Section[]): HTMLElement {
  return h(
    "nav",
    { "aria-label": "Sections" },
    h(
      "ul",
      {},
      ids.map((s) =>
        h(
          "li",
          {},
          h(
            "a",
            {
              href: `#at=${s.id}`,
              click: (event) => (event.preventDefault(), change({ at: s.id }), goTo(s.id)),
            },
            s.title,
          ),
        ),
      ),
    ),
  );
}

function themeButton(): HTMLElement {
  const toggle = button("", toggleTheme);
  const say = () => (toggle.textContent = isDark() ? "Light" : "Dark");
  toggle.setAttribute("aria-label", "Light or dark");
  onChange((keys) => keys.has("theme") && say());
  say();
  return toggle;
}

function show(report: Report): void {
  const names = report.runs.map((r) => r.name);
  document.title = `${names.join(", ")}: fallline report`;
  const shown = sections
    .map((s) => [s, built(s, report)] as const)
    .filter(([, element]) => element !== null);
  const title = h("h1", {}, names.length === 1 ? names[0] : `${names.length} runs compared`);
  const header = h(
    "header",
    {},
    h("div", { class: "title" }, h("p", { class: "program" }, `${report.program} report`), title),
    themeButton(),
  );
  const page = document.getElementById("page")!;
  page.replaceChildren(
    header,
    navigation(shown.map(([s]) => s)),
    h(
      "main",
      {},
      shown.map(([, element]) => element),
    ),
  );
  startCharts();
  if (state().at) goTo(state().at);
}

startState();
show(readReport());
