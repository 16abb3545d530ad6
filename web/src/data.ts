// What the report holds: the shapes that src/report/ writes. Everything may be missing.

export type N = number | null;
export type Columns = Record<string, N[]>;

/** One series of a history: every value, or blocks of lines with their mean and bounds. */
export interface Series {
  key: string;
  layer?: string;
  value?: N[];
  mean?: N[];
  low?: N[];
  high?: N[];
}

export interface History {
  lines: number;
  block: number;
  x: Columns;
  series: Series[];
}

export interface PartFigures {
  examples: number;
  loss: N;
  objective: N;
  accuracy: number;
  classes?: { name: string; examples: number; precision: number; recall: number }[];
  confusion?: number[][];
  /** Of many classes in place of the matrix: the largest mistakes, and what the lists leave out. */
  confusion_pairs?: { class: string; predicted: string; examples: number }[];
  classes_left_out?: number;
  [top: string]: unknown;
}

// A summary has many more keys: they are shown as they are.
export interface Summary {
  train?: PartFigures;
  validation?: PartFigures;
  test?: PartFigures;
  configuration?: Record<string, unknown>;
  [key: string]: unknown;
}

export interface Template {
  class: string;
  width: number;
  height: number;
  image: string;
}

export interface Mistakes {
  part: string;
  examples: number;
  wrong: number;
  probabilities: boolean;
  surest: {
    example: number;
    class: string;
    predicted: string;
    confidence: N;
    image: string | null;
  }[];
}

export interface Run {
  name: string;
  summary: Summary | null;
  configuration?: string;
  history?: History;
  epochs?: History;
  templates?: Template[];
  mistakes?: Mistakes;
  notes: string[];
}

export interface Document {
  file: string;
  kind: string;
  run: number | null;
  /** The name of its run, where several are shown: all have a title like this one's. */
  of?: string;
  // Each section reads what it knows of its kind.
  content: Record<string, any>;
}

export interface Report {
  version: number;
  program: string;
  runs: Run[];
  documents: Document[];
  notes: string[];
}

export function readReport(): Report {
  const text = document.getElementById("data")?.textContent ?? "";
  return JSON.parse(text) as Report;
}

/** What is finite of a list that may be missing. */
export function finite(values: readonly (N | undefined)[] | undefined): number[] {
  return (values ?? []).filter((v): v is number => typeof v === "number" && Number.isFinite(v));
}
