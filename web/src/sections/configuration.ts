// What it takes to repeat the runs, and what the report left out.
import { h } from "../dom";
import type { Section } from "./section";

export const configuration: Section = {
  id: "configuration",
  title: "Configuration",
  build({ runs, notes }) {
    const all = [
      ...notes,
      ...runs.flatMap((r) => r.notes.map((n) => (runs.length > 1 ? `${r.name}: ${n}` : n))),
    ];
    return [
      runs.map((run) => {
        if (!run.configuration) return null;
        const command =
          run.summary?.configuration?.strategy || /^strategy = /m.test(run.configuration)
            ? "search"
            : "train";
        const hash = run.summary?.weights_hash;
        return h(
          "div",
          { class: "card" },
          h("h3", {}, run.name),
          h(
            "p",
            { class: "sentence" },
            "As run.toml this repeats the run: ",
            h("code", {}, `fallline ${command} --config run.toml`),
            typeof hash === "string" && ` gives weights with the hash ${hash}.`,
          ),
          h("pre", { tabindex: 0, "aria-label": `run.toml of ${run.name}` }, run.configuration),
        );
      }),
      all.length > 0 &&
        h(
          "div",
          { class: "card" },
          h("h3", {}, "Notes"),
          h(
            "ul",
            {},
            all.map((note) => h("li", {}, note)),
          ),
        ),
    ];
  },
};
