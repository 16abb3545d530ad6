// Light and dark, and the colours of charts in either. Curves differ by dashes as well.
import { change, onChange, state } from "./state";

export type Dash = "solid" | "dash" | "dot" | "dashdot" | "longdash" | "longdashdot";
export const dashes: Dash[] = ["solid", "dash", "dot", "dashdot", "longdash", "longdashdot"];

export interface Palette {
  paper: string;
  ink: string;
  faint: string;
  grid: string;
  lines: string[]; // Okabe and Ito's, which those who see fewer colours tell apart
  blue: string;
  green: string;
  purple: string;
  red: string;
  orange: string;
}

const light: Palette = {
  paper: "#ffffff",
  ink: "#1d2733",
  faint: "#5a6675",
  grid: "#e3e7ec",
  lines: ["#0072b2", "#d55e00", "#007a5a", "#a8518a", "#9a6a00", "#2a84b8", "#555f6b"],
  blue: "#0072b2",
  green: "#007a5a",
  purple: "#8a3ffc",
  red: "#c22f2f",
  orange: "#d55e00",
};

const dark: Palette = {
  paper: "#171d26",
  ink: "#e8ecf1",
  faint: "#a7b2bf",
  grid: "#303a47",
  lines: ["#56b4e9", "#f0935a", "#2fc79a", "#e39ac6", "#e6b84a", "#8fd0f5", "#b6c0cc"],
  blue: "#56b4e9",
  green: "#2fc79a",
  purple: "#b794ff",
  red: "#ff8585",
  orange: "#f0935a",
};

const system = matchMedia("(prefers-color-scheme: dark)");
let printing = false;

export function isDark(): boolean {
  if (printing) return false;
  return state().theme === "dark" || (state().theme !== "light" && system.matches);
}

export const palette = (): Palette => (isDark() ? dark : light);

/** Black or white, whichever is read better on a colour given as #rrggbb. */
export function inkOn(colour: string): string {
  const [r, g, b] = [1, 3, 5].map((i) => {
    const part = parseInt(colour.slice(i, i + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : Math.pow((part + 0.055) / 1.055, 2.4);
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b! > 0.179 ? "#111111" : "#ffffff";
}

/** Applies the theme now and whenever it changes; `changed` draws anew. Paper is always light. */
export function startTheme(changed: () => void): void {
  const apply = () => {
    document.documentElement.dataset.theme = isDark() ? "dark" : "light";
    changed();
  };
  system.addEventListener("change", apply);
  onChange((keys) => keys.has("theme") && apply());
  addEventListener("beforeprint", () => ((printing = true), apply()));
  addEventListener("afterprint", () => ((printing = false), apply()));
  document.documentElement.dataset.theme = isDark() ? "dark" : "light";
}

export const toggleTheme = (): void => change({ theme: isDark() ? "light" : "dark" });
