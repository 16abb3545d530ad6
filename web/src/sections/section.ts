import type { Report } from "../data";

type Part = Node | null | undefined | false | Part[];

/** A part of the page: what it shows of a report, or nothing where the report has none of it. */
export interface Section {
  id: string;
  title: string;
  build(report: Report): Part[];
}
