// A surface over a plane: as contours, or to be turned where there is WebGL.
import { colourMap } from "./colours";
import type { N } from "./data";
import { narrow } from "./layout";
import { bounds, figure } from "./numbers";
import { state } from "./state";
import { palette } from "./theme";

export interface Plane {
  a: N[];
  b: N[];
  z: N[][]; // a row a value of b
}

let webgl: boolean | undefined;
/** Asked once: contexts are few. */
export function hasWebgl(): boolean {
  if (webgl === undefined) {
    try {
      webgl = document.createElement("canvas").getContext("webgl") !== null;
    } catch {
      webgl = false;
    }
  }
  return webgl;
}

export const asSurface = (): boolean => state().view === "surface" && hasWebgl();

/** Logarithms where they were asked for and can be had. */
export const logarithmic = (z: N[][]): boolean => state().logz && (bounds(z.flat())?.[0] ?? 0) > 0;

const logOf = (v: N): N => (v === null ? null : Math.log10(v));

/** Where a logarithmic colour bar has its figures: some even values between the bounds. */
function ticksOf(z: N[][]): { tickvals: number[]; ticktext: string[] } {
  const [low, high] = bounds(z.flat().map(logOf)) ?? [0, 1];
  const vals = Array.from({ length: 6 }, (_, i) => low + ((high - low) * i) / 5);
  return { tickvals: vals, ticktext: vals.map((v) => figure(Math.pow(10, v), 3)) };
}

/** One trace for the heights; what it is called goes into the hover. */
export function heights(plane: Plane, name: string, width: number): object {
  const log = logarithmic(plane.z);
  const z = log ? plane.z.map((row) => row.map(logOf)) : plane.z;
  const colorbar = {
    thickness: 12,
    len: 1,
    outlinewidth: 0,
    ...(log ? ticksOf(plane.z) : {}),
    ...(narrow(width) ? { orientation: "h", y: -0.22, yanchor: "top", x: 0.5, len: 1 } : {}),
  };
  const base = {
    x: plane.a,
    y: plane.b,
    z,
    colorscale: colourMap(state().map),
    colorbar,
    hovertemplate: `a %{x:.4~g}, b %{y:.4~g}: ${name} %{text}<extra></extra>`,
    text: plane.z.map((row) => row.map((v) => figure(v, 5))),
  };
  if (asSurface())
    return {
      ...base,
      type: "surface",
      contours: { z: { show: true, usecolormap: true, width: 1 } },
      lighting: { ambient: 0.75, diffuse: 0.6, specular: 0.05 },
    };
  return {
    ...base,
    type: "contour",
    ncontours: 24,
    line: { width: 0.6, color: "rgba(255,255,255,0.55)", smoothing: 0.6 },
    connectgaps: false,
  };
}

export function sceneOf(z: string): object {
  const { paper, faint, grid } = palette();
  const axis = {
    gridcolor: grid,
    color: faint,
    backgroundcolor: paper,
    zerolinecolor: grid,
    exponentformat: "power",
    nticks: 6,
  };
  return {
    bgcolor: paper,
    aspectmode: "manual",
    aspectratio: { x: 1.15, y: 1.15, z: 0.75 },
    xaxis: { ...axis, title: { text: "a" } },
    yaxis: { ...axis, title: { text: "b" } },
    zaxis: { ...axis, title: { text: state().logz ? `log₁₀ ${z}` : z } },
    camera: { eye: { x: 1.4, y: -1.4, z: 1 }, center: { x: 0, y: 0, z: -0.18 } },
  };
}
