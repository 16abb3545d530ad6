// The weights that read the input, as pictures: a class each, or of a network a unit each.
import type { Run, Template } from "../data";
import { h } from "../dom";
import { count, counted } from "../numbers";
import { list } from "./documents";

/** Of a network's units these are seen at once; the others unfold. */
const first = 30;

function picture(t: Template, i: number): HTMLElement {
  const name = t.class || `unit ${i + 1}`;
  return h(
    "li",
    {},
    h("img", { src: t.image, width: t.width, height: t.height, alt: `Weights of ${name}` }),
    h("b", {}, name),
  );
}

const scaled =
  "brighter raises its score, darker lowers it, middle grey is zero. Each is scaled to its own largest weight.";

function ofClasses(all: Template[]): HTMLElement[] {
  return [
    h("h3", {}, "Weight templates"),
    h("p", { class: "sentence" }, `The weights of each class as a picture: ${scaled}`),
    h("ul", { class: "pictures five" }, all.map(picture)),
  ];
}

function ofUnits(all: Template[], layer: Record<string, any> | undefined): (HTMLElement | false)[] {
  const whose =
    layer?.units > all.length
      ? `the first ${count(all.length)} of the ${count(layer!.units)} units`
      : `the ${counted(all.length, "unit")}`;
  const pictures = all.map(picture);
  return [
    h("h3", {}, "Weight templates of the first layer"),
    h(
      "p",
      { class: "sentence" },
      `The weights of ${whose} that read the picture: ${scaled.replace("score", "value")}`,
    ),
    h("ul", { class: "pictures many" }, pictures.slice(0, first)),
    pictures.length > first &&
      h(
        "details",
        {},
        h("summary", {}, `Units ${first + 1} to ${count(pictures.length)}`),
        h("ul", { class: "pictures many" }, pictures.slice(first)),
      ),
  ];
}

export function templates(run: Run): HTMLElement | null {
  const all = run.templates ?? [];
  if (all.length === 0) return null;
  return h(
    "div",
    { class: "card" },
    all.every((t) => t.class === "") ? ofUnits(all, list(run.summary?.layers)[0]) : ofClasses(all),
  );
}
