// The direction of steepest descent in a plane.
import type { N } from "../data";
import { asSurface } from "../heights";
import { plain } from "../names";
import { bounds, figure, listed, percent } from "../numbers";
import { palette } from "../theme";
import { numbers } from "./documents";

const symbols: Record<string, string> = {
  "barely moves": "circle",
  improves: "diamond",
  overshoots: "x",
  "not finite": "x",
};

/** The direction of steepest descent with where steps of several sizes land. */
export function steepest(c: Record<string, any>): object[] {
  const s = c.steepest;
  if (!s || asSurface()) return [];
  const { ink, paper, orange } = palette();
  const a = numbers(s.steps?.a);
  const b = numbers(s.steps?.b);
  const verdicts: string[] = (s.steps?.verdict ?? []).map(String);
  const inside = a.map((x, i) => within(x, numbers(c.a)) && within(b[i] ?? null, numbers(c.b)));
  const keep = <T>(values: T[]): T[] => values.filter((_, i) => inside[i]);
  const text = keep(
    numbers(s.steps?.rate).map(
      (r, i) => `rate ${figure(r)}: ${verdicts[i] ?? ""}, cost ${figure(s.steps?.objective?.[i])}`,
    ),
  ).map(plain);
  return [
    {
      type: "scatter",
      name: "steepest descent",
      x: [s.a, ...keep(a)],
      y: [s.b, ...keep(b)],
      mode: "lines",
      line: { color: paper, width: 4.5 },
      showlegend: false,
      hoverinfo: "skip",
    },
    {
      type: "scatter",
      name: "steepest descent",
      x: [s.a, ...keep(a)],
      y: [s.b, ...keep(b)],
      mode: "lines",
      line: { color: ink, width: 1.8, dash: "dash" },
      hoverinfo: "skip",
    },
    {
      type: "scatter",
      name: "a step of that rate",
      x: keep(a),
      y: keep(b),
      mode: "markers",
      text,
      hovertemplate: "%{text}<extra></extra>",
      marker: {
        size: 11,
        color: orange,
        symbol: keep(verdicts).map((v) => symbols[v] ?? "circle"),
        line: { color: paper, width: 1.5 },
      },
    },
  ];
}

function within(x: N, axis: N[]): boolean {
  const range = bounds(axis);
  return x !== null && range !== null && x >= range[0] && x <= range[1];
}

const verbs = [
  ["barely moves", "barely move"],
  ["improves", "improve"],
  ["overshoots", "overshoot"],
] as const;

export function steepestText(c: Record<string, any>): string {
  const s = c.steepest;
  if (!s) return "";
  const of = (verdict: string) =>
    numbers(s.steps?.rate)
      .filter((_, i) => s.steps.verdict?.[i] === verdict)
      .map((r) => figure(r));
  const words = verbs
    .map(([one, many]) => [of(one).length > 1 ? many : one, of(one)] as const)
    .filter(([, rates]) => rates.length > 0);
  const share =
    typeof s.share_in_plane === "number"
      ? `, ${percent(s.share_in_plane, 0)} of which lies in this plane`
      : "";
  return ` Dashed: the direction of steepest descent${share}; a step of rate ${words.map(([v, rates]) => `${listed(rates)} ${v}`).join(", ")}. Steps that leave the plane's section are not drawn.`;
}
