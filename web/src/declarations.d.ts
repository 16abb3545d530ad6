// The little of Plotly that is used here.
declare module "plotly.js/lib/*" {
  const part: unknown;
  export default part;
}
declare module "plotly.js/lib/core" {
  interface Plotly {
    register(parts: unknown[]): void;
    react(element: HTMLElement, traces: object[], layout: object, config: object): Promise<unknown>;
    relayout(element: HTMLElement, changes: object): Promise<unknown>;
    toImage(element: HTMLElement, options: object): Promise<string>;
    purge(element: HTMLElement): void;
    Plots: { resize(element: HTMLElement): void };
  }
  const plotly: Plotly;
  export default plotly;
}
