// Charts of what happens over a run: a faint raw line, its moving average in front.
import { chart, nearest, revision, type Drawing } from "./chart";
import type { Table } from "./csv";
import { axisNames, rawLine, type Curve } from "./curve";
import type { N } from "./data";
import { plain, short } from "./names";
import { bounds, count, figure, percent } from "./numbers";
import { smooth } from "./smooth";
import { state } from "./state";
import type { Dash } from "./theme";

export interface Line {
  name: string;
  curve: Curve;
  colour: string;
  dash: Dash;
  /** Raw and smoothed, the values alone, or points at the ends of epochs. */
  kind: "smoothed" | "plain" | "points";
}

export interface OverRun {
  title: string;
  file: string;
  value: string; // what y is
  lines: () => Line[];
  sentence: (lines: Line[]) => string;
  percent?: boolean;
  /** Drawn by its logarithm where what is drawn spans more than this factor. */
  spread?: number;
}

const few = 3;

function traces(line: Line, beta: number): object[] {
  const { curve, colour, dash, kind } = line;
  const name = plain(short(line.name));
  const hover = `%{x:.6~g}: %{y:.5~g}<extra>${name}</extra>`;
  const markers = curve.x.length <= few;
  const base = {
    type: "scatter",
    name,
    x: curve.x,
    line: { color: colour, width: 2, dash },
    hovertemplate: hover,
  };
  if (kind === "points")
    return [
      {
        ...base,
        y: curve.y,
        mode: "lines+markers",
        marker: { color: colour, size: 7, symbol: "diamond" },
      },
    ];
  if (kind === "plain") return [{ ...base, y: curve.y, mode: markers ? "lines+markers" : "lines" }];
  const raw = rawLine(curve);
  return [
    {
      ...base,
      ...raw,
      mode: markers ? "markers" : "lines",
      opacity: 0.32,
      showlegend: false,
      hoverinfo: "skip",
      hovertemplate: undefined,
      line: { color: colour, width: 1 },
      marker: { color: colour, size: 9 },
    },
    {
      ...base,
      y: smooth(curve.y, beta, curve.block),
      mode: markers ? "lines+markers" : "lines",
      line: { ...base.line, width: 2.4 },
    },
  ];
}

function readingOf(lines: Line[], axis: string, options: OverRun, beta: number) {
  const { value } = options;
  const said = (v: N | undefined) => (options.percent ? percent(v, 1) : figure(v));
  const longest = lines.reduce<Line | null>(
    (a, b) => (a && a.curve.x.length >= b.curve.x.length ? a : b),
    null,
  );
  if (!longest) return undefined;
  const smoothed = lines.map((l) =>
    l.kind === "smoothed" ? smooth(l.curve.y, beta, l.curve.block) : null,
  );
  return {
    xs: longest.curve.x,
    text(index: number): string {
      const x = longest.curve.x[index] ?? null;
      const step = longest.curve.step[index] ?? null;
      const words = lines.map((line, i) => {
        const at = line === longest || x === null ? index : nearest(line.curve.x, x);
        const name = lines.length > 1 ? `${short(line.name)}: ` : "";
        const average = smoothed[i]?.[at];
        return `${name}${value} ${said(line.curve.y[at])}${average === undefined ? "" : `, smoothed ${said(average)}`}`;
      });
      const where = axis === "step" || step === null ? "" : `, ${axisNames[axis]} ${figure(x)}`;
      return `step ${count(step)}${where}. ${words.join("; ")}`;
    },
  };
}

/** Every value, and the average beside it. */
function tableOf(lines: Line[], axis: string, value: string, beta: number): Table {
  const blocks = lines.some((l) => l.curve.block > 1);
  const bounds = blocks ? ["least", "greatest"] : [];
  const columns = [
    "curve",
    "step",
    ...(axis === "step" ? [] : [axisNames[axis]!]),
    value,
    ...bounds,
    "smoothed",
  ];
  const rows = lines.flatMap((line) => {
    const { x, step, y, low, high, block } = line.curve;
    const average = line.kind === "smoothed" ? smooth(y, beta, block) : [];
    return y.map((each, i): (string | N | undefined)[] => [
      line.name,
      step[i],
      ...(axis === "step" ? [] : [x[i]]),
      each,
      ...(blocks ? [low?.[i], high?.[i]] : []),
      average[i],
    ]);
  });
  return { columns, rows };
}

const valuesOf = (lines: readonly Line[]): N[] =>
  lines.flatMap((l) => [...(l.curve.low ?? []), ...(l.curve.high ?? []), ...l.curve.y]);

/** Whether a linear axis would press most of the lines onto its lower end. */
function isSpread(lines: readonly Line[], factor: number | undefined): boolean {
  const found = bounds(valuesOf(lines).filter((v) => v !== null && v > 0));
  return factor !== undefined && found !== null && found[1] > factor * found[0];
}

/** Over some decades powers of ten are enough; over many of them Plotly leaves some out. */
function decadeTicks(lines: readonly Line[]): number | undefined {
  const found = bounds(valuesOf(lines).filter((v) => v !== null && v > 0));
  const decades = found ? Math.log10(found[1] / found[0]) : 0;
  return decades >= 2 && decades <= 7 ? 1 : undefined;
}

/** Of a constant a range that it stands in the middle of; Plotly's own would be 1 above and below. */
function rangeOf(
  lines: readonly Line[],
  logarithmic: boolean,
  share: boolean | undefined,
): [number, number] | undefined {
  const found = bounds(valuesOf(lines));
  if (share && !logarithmic) return [-0.005, Math.min(1, Math.max(0.1, 1.1 * (found?.[1] ?? 0)))];
  if (!found || found[0] !== found[1] || found[0] === 0) return undefined;
  const range = [found[0] / 2, 1.5 * found[0]].sort((a, b) => a - b) as [number, number];
  if (!logarithmic) return range;
  return range[0] > 0 ? [Math.log10(range[0]), Math.log10(range[1])] : undefined;
}

/** Said where lines of the history are drawn as blocks. */
export function thinning(lines: readonly Line[]): string {
  const block = Math.max(1, ...lines.map((l) => l.curve.block));
  return block === 1
    ? ""
    : ` Each point stands for up to ${count(block)} steps: the faint line joins their least and greatest values, the average is made of their means.`;
}

export function overRun(options: OverRun): HTMLElement {
  return chart({
    title: options.title,
    file: options.file,
    uses: ["beta", "x", "logx", "logy", "hidden", "run"],
    draw(): Drawing {
      const { beta, x: axis, logx } = state();
      const lines = options.lines();
      const spread = isSpread(lines, options.spread);
      const logy = state().logy || spread;
      const farthest = bounds(lines.flatMap((l) => l.curve.x))?.[1] ?? 0;
      return {
        traces: lines.flatMap((line) => traces(line, beta)),
        layout: {
          uirevision: revision(axis, logx, logy),
          showlegend: lines.length > 1,
          xaxis: {
            title: { text: axisNames[axis] },
            type: logx ? "log" : "linear",
            tickformat: farthest >= 1e5 ? "~s" : undefined,
            // Steps are whole.
            dtick: axis !== "seconds" && !logx && farthest <= 5 ? 1 : undefined,
          },
          yaxis: {
            title: { text: options.value },
            type: logy ? "log" : "linear",
            tickformat: options.percent ? ".0%" : undefined,
            dtick: logy ? decadeTicks(lines) : undefined,
            range: rangeOf(lines, logy, options.percent),
          },
        },
        sentence:
          options.sentence(lines) + (spread ? " Drawn by its logarithm." : "") + thinning(lines),
        table: () => tableOf(lines, axis, options.value, beta),
        reading: readingOf(lines, axis, options, beta),
      };
    },
  });
}
