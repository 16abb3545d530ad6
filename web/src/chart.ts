// A chart with everything around it: title, sentence, controls, readout, exports, table.
import Plotly from "./plotly";
import type { Table } from "./csv";
import { csvOf } from "./csv";
import type { N } from "./data";
import { append, button, fresh, h } from "./dom";
import { layoutOf } from "./layout";
import { plain } from "./names";
import { saveText, saveUri } from "./save";
import { onChange, state, type State } from "./state";
import { tableElement } from "./table";
import { palette, startTheme } from "./theme";

/** What can be read off a chart, place by place along x. */
export interface Reading {
  xs: N[];
  text(index: number): string;
  start?: number;
}

export interface Drawing {
  traces: object[];
  layout?: Record<string, any>;
  sentence: string;
  table: () => Table;
  reading?: Reading;
  /** Height over width, of charts whose shape matters. */
  ratio?: number;
}

export interface ChartOptions {
  title: string;
  file: string; // the name of what is exported
  uses?: (keyof State)[]; // choices that it is drawn from
  controls?: () => Node[];
  source?: string; // where the figures come from
  draw(width: number): Drawing;
}

const config = {
  displayModeBar: false,
  displaylogo: false,
  responsive: false,
  doubleClick: "reset",
};
const printWidth = 610; // on A4
let printing = false;
const all: Chart[] = [];

interface Eye {
  x: number;
  y: number;
  z: number;
}

class Chart {
  readonly element: HTMLElement;
  private readonly plot = h("div", { class: "plot", role: "img" });
  private readonly sentence = h("p", { class: "sentence", id: fresh("sentence") });
  private readonly controls = h("div", { class: "controls" });
  private readonly slider = h("input", {
    type: "range",
    min: 0,
    step: 1,
    input: () => this.read(this.slider.valueAsNumber),
  });
  private readonly output = h("output", {});
  private readonly readout: HTMLElement;
  private readonly turning = button("Turn", () => this.turn(), "Turn the surface by 30 degrees");
  private readonly details = h("details", { toggle: () => this.fillTable() });
  private drawing: Drawing | null = null;
  private width = 0;
  private waiting = false;
  private shapes: object[] = [];

  constructor(readonly options: ChartOptions) {
    const title = h("h3", { id: fresh("chart") }, options.title);
    const name = h("label", { for: fresh("readout") }, "Read off");
    this.slider.id = name.htmlFor;
    this.readout = h("div", { class: "readout" }, name, this.slider, this.output);
    append(this.details, h("summary", {}, "The figures as a table"));
    this.element = h(
      "figure",
      { class: "chart", "aria-labelledby": title.id },
      title,
      this.sentence,
      this.controls,
      this.plot,
      this.readout,
      this.tools(),
      this.details,
      options.source ? h("p", { class: "quiet" }, options.source) : "",
    );
    this.plot.setAttribute("aria-label", options.title);
    this.plot.setAttribute("aria-describedby", this.sentence.id);
    if (options.controls) append(this.controls, options.controls());
    else this.controls.hidden = true;
    new ResizeObserver(() => this.plot.clientWidth !== this.width && this.later()).observe(
      this.plot,
    );
    all.push(this);
  }

  /** Draws before the next frame, once for all reasons there are. */
  later(): void {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      void this.draw();
    });
  }

  draw(): Promise<void> {
    this.width = this.plot.clientWidth;
    const width = printing ? printWidth : this.width;
    if (width === 0) return Promise.resolve();
    const drawing = this.options.draw(width);
    this.drawing = drawing;
    this.sentence.textContent = drawing.sentence;
    const height = drawing.ratio
      ? Math.round(Math.min(width * drawing.ratio, 620))
      : width < 560
        ? 300
        : 380;
    const layout = layoutOf(drawing.layout ?? {}, width, height);
    this.shapes = layout.shapes ?? [];
    this.plot.style.minHeight = `${height}px`;
    const drawn = Plotly.react(this.plot, drawing.traces, layout, config).then(() => this.listen());
    this.turning.hidden = layout.scene === undefined;
    this.prepareReading();
    if (this.details.open) this.fillTable();
    return drawn;
  }

  private listening = false;
  private listen(): void {
    if (this.listening) return;
    this.listening = true;
    const plot = this.plot as unknown as { on(event: string, heard: (e: any) => void): void };
    plot.on("plotly_hover", (event) => {
      const x = event.points?.[0]?.x;
      if (typeof x === "number" && this.drawing?.reading)
        this.read(nearest(this.drawing.reading.xs, x));
    });
  }

  private prepareReading(): void {
    const reading = this.drawing?.reading;
    const count = reading?.xs.length ?? 0;
    this.readout.hidden = count === 0;
    if (!reading || count === 0) return;
    const untouched = this.slider.max === "" || this.slider.value === this.slider.max;
    this.slider.max = String(count - 1);
    if (untouched) this.slider.value = String(reading.start ?? count - 1);
    this.say(this.slider.valueAsNumber);
  }

  private say(index: number): void {
    const text = this.drawing?.reading?.text(index) ?? "";
    this.output.textContent = text;
    this.slider.setAttribute("aria-valuetext", text);
  }

  /** Shows the place in words and as a line in the chart. */
  private read(index: number): void {
    const x = this.drawing?.reading?.xs[index];
    this.slider.value = String(index);
    this.say(index);
    if (x === null || x === undefined) return;
    const cursor = {
      type: "line",
      xref: "x",
      yref: "paper",
      x0: x,
      x1: x,
      y0: 0,
      y1: 1,
      line: { color: palette().faint, width: 1, dash: "dot" },
    };
    void Plotly.relayout(this.plot, { shapes: [...this.shapes, cursor] });
  }

  private tools(): HTMLElement {
    const { title } = this.options;
    const named = (text: string, pressed: () => void) => button(text, pressed, `${text}: ${title}`);
    return h(
      "div",
      { class: "tools" },
      named("Zoom in", () => this.zoom(0.5)),
      named("Zoom out", () => this.zoom(2)),
      named("Whole", () => this.whole()),
      this.turning,
      h("span", { class: "gap" }),
      named("PNG", () => void this.picture("png")),
      named("SVG", () => void this.picture("svg")),
      named("CSV", () => this.csv()),
    );
  }

  /** Along x, about the place that is read off, which stays where it is. */
  private zoom(factor: number): void {
    const { xaxis: axis, scene } = (this.plot as any)._fullLayout ?? {};
    if (scene)
      return this.look((eye) => ({ x: eye.x * factor, y: eye.y * factor, z: eye.z * factor }));
    if (!axis?.range) return;
    const [low, high] = axis.range.map(Number) as [number, number];
    const x = this.drawing?.reading?.xs[this.slider.valueAsNumber];
    const place = typeof x !== "number" ? NaN : axis.type === "log" ? Math.log10(x) : x;
    const about = place >= low && place <= high ? place : (low + high) / 2;
    const range = [about - (about - low) * factor, about + (high - about) * factor];
    void Plotly.relayout(this.plot, { "xaxis.range": range });
  }

  /** From another place. */
  private look(move: (eye: Eye) => Eye): void {
    const eye: Eye = (this.plot as any)._fullLayout.scene.camera.eye;
    void Plotly.relayout(this.plot, { "scene.camera.eye": move(eye) });
  }

  private turn(): void {
    const [cos, sin] = [Math.cos(Math.PI / 6), Math.sin(Math.PI / 6)];
    this.look((eye) => ({ x: cos * eye.x - sin * eye.y, y: sin * eye.x + cos * eye.y, z: eye.z }));
  }

  /** Nothing zoomed or turned. */
  private whole(): void {
    Plotly.purge(this.plot);
    this.listening = false;
    void this.draw();
  }

  private async picture(format: "png" | "svg"): Promise<void> {
    const { data, layout } = this.plot as any;
    const title = { text: plain(this.options.title), x: 0.02, xanchor: "left", font: { size: 17 } };
    const margin = { ...layout.margin, t: (layout.margin?.t ?? 0) + 56 };
    const titled = { ...layout, title, margin, height: layout.height + 56 };
    const size = {
      width: layout.width,
      height: layout.height + 56,
      scale: format === "png" ? 2 : 1,
    };
    const uri = await Plotly.toImage({ data, layout: titled, config } as unknown as HTMLElement, {
      format,
      ...size,
    });
    saveUri(uri, `${this.options.file}.${format}`);
  }

  private csv(): void {
    if (this.drawing) saveText(csvOf(this.drawing.table()), "text/csv", `${this.options.file}.csv`);
  }

  private fillTable(): void {
    this.details.querySelector(".scroll")?.remove();
    if (this.details.open && this.drawing)
      append(this.details, tableElement(this.drawing.table(), this.options.title));
  }
}

/** The index of the value nearest to x, of rising values. */
export function nearest(xs: readonly N[], x: number): number {
  let best = 0;
  let distance = Infinity;
  xs.forEach((each, i) => {
    const d = each === null ? Infinity : Math.abs(each - x);
    if (d < distance) [best, distance] = [i, d];
  });
  return best;
}

export function chart(options: ChartOptions): HTMLElement {
  return new Chart(options).element;
}

/** Draws all charts, and those that a change concerns whenever there is one. */
export function startCharts(): void {
  startTheme(() => all.forEach((one) => (printing ? void one.draw() : one.later())));
  addEventListener("beforeprint", () => ((printing = true), all.forEach((one) => void one.draw())));
  addEventListener("afterprint", () => ((printing = false), all.forEach((one) => one.later())));
  onChange((keys) => {
    for (const one of all) if (one.options.uses?.some((key) => keys.has(key))) one.later();
  });
  // A page that is ready says so: what takes pictures of it, or tests it, waits for that.
  void Promise.all(all.map((one) => one.draw())).then(
    () => (document.documentElement.dataset.ready = "yes"),
  );
}

/** Zoom is kept while these stay the same (Plotly's uirevision). */
export const revision = (...parts: unknown[]): string => parts.concat(state().run).join("|");
