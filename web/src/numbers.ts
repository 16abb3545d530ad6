// Numbers as people read them.
import type { N } from "./data";

/** Four digits or so: 1.847, 0.002331, 1.2e-7; a dash where there is none. */
export function figure(value: unknown, digits = 4): string {
  if (typeof value !== "number" || !Number.isFinite(value)) return "–";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-4)
    return value
      .toExponential(digits - 2)
      .replace(/\.?0+e/, "e")
      .replace("e+", "e")
      .replace(/^-/, minus);
  if (Number.isInteger(value)) return count(value);
  const text = String(Number(size.toPrecision(Math.max(digits, Math.ceil(Math.log10(size))))));
  return (value < 0 ? minus : "") + text.replace(/^\d{5,}/, grouped);
}

const minus = "−";
/** Thin spaces from five digits on. */
const grouped = (digits: string): string =>
  digits.length < 5 ? digits : digits.replace(/\B(?=(\d{3})+$)/g, "\u202f");

/** 50000 with thin spaces from five digits on. */
export function count(value: unknown): string {
  if (typeof value !== "number" || !Number.isFinite(value)) return "–";
  return (value < 0 ? minus : "") + grouped(String(Math.round(Math.abs(value))));
}

export function percent(share: unknown, digits = 2): string {
  return typeof share === "number" && Number.isFinite(share)
    ? `${(100 * share).toFixed(digits)} %`
    : "–";
}

export function duration(seconds: unknown): string {
  if (typeof seconds !== "number" || !Number.isFinite(seconds)) return "–";
  if (seconds < 1e-3) return `${figure(1e6 * seconds, 3)} µs`;
  if (seconds < 1) return `${figure(1e3 * seconds, 3)} ms`;
  if (seconds < 120) return `${figure(seconds, 3)} s`;
  if (seconds < 7200) return `${figure(seconds / 60, 3)} min`;
  return `${figure(seconds / 3600, 3)} h`;
}

export function bytes(n: unknown): string {
  if (typeof n !== "number" || !Number.isFinite(n)) return "–";
  const units = ["bytes", "KiB", "MiB", "GiB", "TiB"];
  let unit = 0;
  for (; n >= 1024 && unit + 1 < units.length; n /= 1024) ++unit;
  return `${unit === 0 ? n : figure(n, 4)} ${units[unit]}`;
}

export const counted = (n: number, one: string, many = one + "s"): string =>
  `${count(n)} ${n === 1 ? one : many}`;

/** Least and greatest of what is finite, or nothing. */
export function bounds(values: readonly (N | undefined)[]): [number, number] | null {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (typeof value !== "number" || !Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low <= high ? [low, high] : null;
}

/** A list in words: a, b and c. */
export function listed(words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words[words.length - 1]}`;
}
