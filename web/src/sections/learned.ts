// What the model looks for, what it confuses, where it is surest and wrong.
import { chart, revision } from "../chart";
import { shareMap } from "../colours";
import type { PartFigures, Report, Run } from "../data";
import { h, select } from "../dom";
import { narrow } from "../layout";
import { plain, short } from "../names";
import { count, counted, figure, percent } from "../numbers";
import { change, onChange, state } from "../state";
import { isDark, palette } from "../theme";
import type { Section } from "./section";
import { templates } from "./templates";

const chosenRun = (report: Report): Run => report.runs[state().run] ?? report.runs[0]!;

/** Made anew whenever another run is chosen. */
function ofRun(report: Report, make: (run: Run) => Node | null): HTMLElement {
  const place = h("div", {});
  const fill = () => {
    const made = make(chosenRun(report));
    place.replaceChildren(...(made ? [made] : []));
  };
  onChange((keys) => keys.has("run") && fill());
  fill();
  return place;
}

function mistakes(run: Run): HTMLElement | null {
  const m = run.mistakes;
  if (!m) return null;
  const sure = (c: number | null) => (m.probabilities ? percent(c, 1) : `${figure(c, 3)} above`);
  const what = m.probabilities
    ? "the probability the model gave its answer"
    : "by how much its answer outscored the right one";
  const wrong = `Of ${counted(m.examples, "example")} (${m.part === "all" ? "all" : `${m.part} part`}) ${count(m.wrong)} ${m.wrong === 1 ? "is" : "are"} taken for another class.`;
  return h(
    "div",
    { class: "card" },
    h("h3", {}, "Most confidently wrong"),
    h(
      "p",
      { class: "sentence" },
      m.surest.length > 0 ? `${wrong} These are the surest of them, with ${what}.` : wrong,
    ),
    h(
      "ul",
      { class: "pictures six" },
      m.surest.map((e) =>
        h(
          "li",
          {},
          e.image && h("img", { src: e.image, alt: `Example ${e.example}, of class ${e.class}` }),
          h("b", {}, e.predicted),
          h("span", {}, `${sure(e.confidence)}; it is ${e.class} (example ${count(e.example)})`),
        ),
      ),
    ),
  );
}

function worst(part: PartFigures, names: string[]): string {
  let [from, to, most] = [-1, -1, 0];
  part.confusion?.forEach((row, y) =>
    row.forEach((n, p) => n > most && y !== p && ([from, to, most] = [y, p, n])),
  );
  if (most === 0) return "No example is taken for another class.";
  const of = part.confusion![from]!.reduce((a, b) => a + b, 0);
  return `Most often ${names[from]} is taken for ${names[to]}: ${count(most)} of ${count(of)}.`;
}

const namesOf = (part: PartFigures): string[] =>
  (part.confusion ?? []).map((_, i) => part.classes?.[i]?.name ?? `class ${i + 1}`);

/** The part that is chosen, or the first that has what is asked for. */
function partWith(
  run: Run,
  key: "confusion" | "confusion_pairs" | "classes",
): [string, PartFigures] | null {
  const there = ["test", "validation", "train"].filter(
    (p) => (run.summary?.[p] as PartFigures | undefined)?.[key]?.length,
  );
  const name = there.includes(state().part) ? state().part : there[0];
  return name ? [name, run.summary![name] as PartFigures] : null;
}

const partOf = (run: Run) => partWith(run, "confusion");

function confusion(report: Report): HTMLElement {
  return chart({
    title: "Confusion",
    file: "confusion",
    uses: ["run", "part"],
    controls: () => {
      const parts = ["test", "validation", "train"].filter((p) =>
        report.runs.some((r) => r.summary?.[p]),
      );
      return [
        select(
          "Part",
          parts.map((p) => [p, p] as const),
          parts.includes(state().part) ? state().part : parts[0]!,
          (part) => change({ part }),
        ),
      ];
    },
    draw(width) {
      const [name, part] = partOf(chosenRun(report)) ?? [
        "",
        { confusion: [] } as unknown as PartFigures,
      ];
      const matrix = part.confusion ?? [];
      const names = namesOf(part);
      const labels = names.map((n) => plain(short(n, narrow(width) ? 10 : 18)));
      const places = matrix.map((_, i) => i);
      const shares = matrix.map((row) => {
        const sum = row.reduce((a, b) => a + b, 0);
        return row.map((n) => (sum > 0 ? n / sum : 0));
      });
      const readable = matrix.length <= (narrow(width) ? 10 : 25);
      const small = matrix.length <= 40;
      const axis = {
        tickvals: small ? places : undefined,
        ticktext: small ? labels : undefined,
        showgrid: false,
        zeroline: false,
        ticks: "",
      };
      return {
        ratio: narrow(width) ? 1.05 : 0.62,
        traces: [
          {
            type: "heatmap",
            x: places,
            y: places,
            z: shares,
            zmin: 0,
            zmax: 1,
            colorscale: shareMap(isDark()),
            xgap: 1,
            ygap: 1,
            text: matrix.map((row) => row.map(count)),
            texttemplate: readable ? "%{text}" : undefined,
            textfont: { size: narrow(width) ? 9 : 12 },
            customdata: matrix.map((row, y) =>
              row.map((n, x) => `${plain(names[y]!)} taken for ${plain(names[x]!)}: ${count(n)}`),
            ),
            hovertemplate: "%{customdata}, %{z:.1%}<extra></extra>",
            showscale: !narrow(width),
            colorbar: { tickformat: ".0%", thickness: 12, len: 1, outlinewidth: 0 },
          },
        ],
        layout: {
          uirevision: revision(state().part),
          xaxis: {
            ...axis,
            title: { text: "predicted" },
            tickangle: narrow(width) || matrix.length > 12 ? -60 : 0,
          },
          yaxis: {
            ...axis,
            title: { text: "true class" },
            autorange: "reversed",
            linecolor: palette().paper,
          },
        },
        sentence: name
          ? `The ${name} part; a row a class, coloured by the share of it that is predicted so. ${worst(part, names)}`
          : "This run has no confusion matrix.",
        table: () => ({
          columns: ["true class", ...names],
          rows: matrix.map((row, y) => [names[y], ...row]),
        }),
      };
    },
  });
}

/** Of many classes: which are taken for which most often. */
function pairs(run: Run): HTMLElement | null {
  const part = partWith(run, "confusion_pairs");
  if (!part) return null;
  const most = 50;
  const all = part[1].confusion_pairs!;
  const rows = all
    .slice(0, most)
    .map((p) =>
      h(
        "tr",
        {},
        h("th", { scope: "row" }, p.class),
        h("td", {}, p.predicted),
        h("td", { class: "number" }, count(p.examples)),
      ),
    );
  const head = ["true class", "predicted", "examples"].map((n) => h("th", { scope: "col" }, n));
  return h(
    "details",
    { class: "card" },
    h("summary", {}, `The most frequent mistakes, ${part[0]} part`),
    h(
      "div",
      { class: "scroll", tabindex: 0, role: "region", "aria-label": "The most frequent mistakes" },
      h("table", {}, h("thead", {}, h("tr", {}, head)), h("tbody", {}, rows)),
    ),
  );
}

function perClass(run: Run): HTMLElement | null {
  const part = partWith(run, "classes");
  if (!part) return null;
  const left = part[1].classes_left_out;
  const of = left ? `the ${count(part[1].classes!.length)} largest classes` : "each class";
  return h(
    "details",
    { class: "card" },
    h("summary", {}, `Precision and recall of ${of}, ${part[0]} part`),
    tableOfClasses(part[1].classes!),
  );
}

function tableOfClasses(classes: NonNullable<PartFigures["classes"]>): HTMLElement {
  const rows = classes.map((c) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, c.name),
      h("td", { class: "number" }, count(c.examples)),
      h("td", { class: "number" }, percent(c.precision)),
      h("td", { class: "number" }, percent(c.recall)),
    ),
  );
  const head = ["class", "examples", "precision", "recall"].map((n) =>
    h("th", { scope: "col" }, n),
  );
  return h(
    "div",
    { class: "scroll", tabindex: 0, role: "region", "aria-label": "Precision and recall" },
    h("table", {}, h("thead", {}, h("tr", {}, head)), h("tbody", {}, rows)),
  );
}

export const learned: Section = {
  id: "learned",
  title: "What it learned",
  build(report) {
    const { runs } = report;
    const pictures = runs.some((r) => r.templates?.length || r.mistakes);
    const matrices = runs.some((r) => partOf(r));
    const figures = runs.some((r) => partWith(r, "classes"));
    if (!pictures && !matrices && !figures) return [];
    return [
      runs.length > 1 &&
        h(
          "div",
          { class: "controls" },
          select(
            "Run",
            runs.map((r, i) => [String(i), r.name] as const),
            String(state().run),
            (i) => change({ run: Number(i) }),
          ),
        ),
      ofRun(report, templates),
      matrices && confusion(report),
      figures && ofRun(report, pairs),
      figures && ofRun(report, perClass),
      ofRun(report, mistakes),
    ];
  },
};
