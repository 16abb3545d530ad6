// What a reader has chosen, kept in the address after the #, so that a copied address shows the same.

export interface State {
  at: string; // the section that was gone to
  beta: number;
  x: string; // step, epoch, examples or seconds
  logx: boolean;
  logy: boolean;
  theme: string; // light, dark, or as the system says
  map: string; // colours of heights
  logz: boolean;
  view: string; // contour or surface
  measure: string; // objective, loss or accuracy
  part: string; // whose confusion is shown
  run: number; // whose pictures are shown
  hidden: string; // runs left out of the curves, as 1.2
  scrub: number; // place along the paths, 0 to 1
}

export const initial: State = {
  at: "",
  beta: 0.98,
  x: "step",
  logx: false,
  logy: false,
  theme: "system",
  map: "cividis",
  logz: false,
  view: "contour",
  measure: "objective",
  part: "test",
  run: 0,
  hidden: "",
  scrub: 1,
};

export const largestBeta = 0.999;

/** Whatever cannot be understood is left as it is at first. */
export function parseState(fragment: string): State {
  const state: State = { ...initial };
  const words = new URLSearchParams(fragment.replace(/^#/, ""));
  for (const key of Object.keys(initial) as (keyof State)[]) {
    const word = words.get(key);
    if (word === null) continue;
    const first = initial[key];
    const value =
      typeof first === "boolean" ? word === "1" : typeof first === "number" ? Number(word) : word;
    if (typeof value === "number" && !Number.isFinite(value)) continue;
    Object.assign(state, { [key]: value });
  }
  state.beta = Math.min(largestBeta, Math.max(0, state.beta));
  state.scrub = Math.min(1, Math.max(0, state.scrub));
  state.run = Math.max(0, Math.floor(state.run));
  return state;
}

/** Only what differs from the start. */
export function stateText(state: State): string {
  const words = new URLSearchParams();
  for (const key of Object.keys(initial) as (keyof State)[]) {
    const value = state[key];
    if (value === initial[key]) continue;
    words.set(key, typeof value === "boolean" ? (value ? "1" : "0") : String(value));
  }
  return words.toString();
}

type Listener = (changed: ReadonlySet<keyof State>) => void;
const listeners: Listener[] = [];
let now: State = { ...initial };

export const state = (): Readonly<State> => now;

export function onChange(listener: Listener): void {
  listeners.push(listener);
}

function take(next: State): void {
  const changed = new Set<keyof State>();
  for (const key of Object.keys(initial) as (keyof State)[])
    if (next[key] !== now[key]) changed.add(key);
  now = next;
  if (changed.size > 0) for (const listener of listeners) listener(changed);
}

export function change(changes: Partial<State>): void {
  take({ ...now, ...changes });
  const text = stateText(now);
  history.replaceState(null, "", text ? `#${text}` : location.pathname + location.search);
}

export function startState(): void {
  now = parseState(location.hash);
  addEventListener("hashchange", () => take(parseState(location.hash)));
}
