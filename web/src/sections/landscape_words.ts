// What every picture of a landscape has: which heights, of what, and the choices.
import { mapChoices } from "../colours";
import type { N } from "../data";
import { h, select, tick } from "../dom";
import { hasWebgl } from "../heights";
import { count, figure } from "../numbers";
import { change, state } from "../state";
import { list, numbers } from "./documents";

export const measures = ["objective", "loss", "accuracy"] as const;
export const grid = (value: unknown): N[][] => (Array.isArray(value) ? value.map(numbers) : []);

export const measureOf = (c: Record<string, any>): string =>
  Array.isArray(c[state().measure])
    ? state().measure
    : (measures.find((m) => Array.isArray(c[m])) ?? "objective");

export const nameOf = (measure: string): string => (measure === "objective" ? "cost" : measure);

/** On what, and along what. */
export function about(c: Record<string, any>): string {
  const data = c.data ?? {};
  const on =
    data.which === "example"
      ? `example ${count(data.first_example)}`
      : `${count(data.examples)} examples`;
  const along = list(c.directions).map(
    (d, i) =>
      `${"ab"[i]}: ${d.about ?? d.kind}${d.scaled && d.scaled !== "none" ? ` (scaled by ${d.scaled})` : ""}`,
  );
  const centre = c.centre
    ? ` In the middle: ${c.centre.about ?? "the model's weights"}, cost ${figure(c.centre.objective)}.`
    : "";
  return `On ${on}${data.part ? ` of the ${data.part} part` : ""}. ${along.length > 0 ? `${along.join("; ")}.` : ""}${centre}`;
}

export function aside(c: Record<string, any>): string {
  const check = c.check
    ? ` ${count(c.check.points)} points were computed directly as well: they differ by ${figure(c.check.worst_relative_difference, 3)} at most, relatively.`
    : "";
  const notes =
    Array.isArray(c.notes) && c.notes.length > 0 ? ` ${c.notes.map(String).join(" ")}` : "";
  return check + notes;
}

export function measureSelect(contents: Record<string, any>[]): HTMLElement {
  const there = measures.filter((m) => contents.some((c) => c[m]));
  return select(
    "Height",
    there.map((m) => [m, nameOf(m)] as const),
    there.includes(state().measure as "loss") ? state().measure : (there[0] ?? "objective"),
    (measure) => change({ measure }),
  );
}

export function mapSelect(): HTMLElement {
  return select("Colours", mapChoices, state().map, (map) => change({ map }));
}

export const logTick = (): HTMLElement =>
  tick("logarithmic height", state().logz, (logz) => change({ logz }));

export function viewSelect(): HTMLElement {
  if (!hasWebgl())
    return h(
      "span",
      { class: "quiet" },
      "Without WebGL there is no surface to turn: the contour has the same figures.",
    );
  return select(
    "As",
    [
      ["contour", "contour"],
      ["surface", "surface"],
    ],
    state().view,
    (view) => change({ view }),
  );
}
