// How every chart looks.
import { palette } from "./theme";

export const fonts = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';

function merge(base: Record<string, any>, more: Record<string, any>): Record<string, any> {
  const merged = { ...base };
  for (const [key, value] of Object.entries(more)) {
    const both =
      value &&
      base[key] &&
      typeof value === "object" &&
      !Array.isArray(value) &&
      !Array.isArray(base[key]);
    merged[key] = both ? merge(base[key], value) : value;
  }
  return merged;
}

const coarse = matchMedia("(pointer: coarse)");

export const narrow = (width: number): boolean => width < 560;

export function layoutOf(
  more: Record<string, any>,
  width: number,
  height: number,
): Record<string, any> {
  const { paper, ink, faint, grid } = palette();
  const axis = {
    gridcolor: grid,
    linecolor: faint,
    zerolinecolor: grid,
    tickcolor: faint,
    ticks: "outside",
    ticklen: 4,
    tickfont: { color: faint },
    exponentformat: "power",
    automargin: true,
    title: { standoff: 8 },
  };
  const base = {
    width,
    height,
    paper_bgcolor: paper,
    plot_bgcolor: paper,
    font: { family: fonts, size: narrow(width) ? 12 : 13, color: ink },
    margin: narrow(width) ? { l: 48, r: 8, t: 8, b: 44 } : { l: 64, r: 16, t: 8, b: 52 },
    xaxis: axis,
    yaxis: axis,
    legend: {
      orientation: "h",
      x: 0,
      xanchor: "left",
      y: 1.02,
      yanchor: "bottom",
      bgcolor: "rgba(0,0,0,0)",
    },
    hovermode: "closest",
    hoverlabel: { bgcolor: paper, bordercolor: faint, font: { color: ink } },
    // A finger scrolls the page, also where a chart is below it.
    dragmode: coarse.matches ? false : "zoom",
  };
  return merge(base, more);
}
