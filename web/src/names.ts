// Names that people chose, in charts.

/** Text that Plotly shows as it is: it takes <b>, <a href=…> and the like for markup. */
export const plain = (text: string): string =>
  text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

/** Of a name no more than fits beside a chart. */
export const short = (text: string, most = 28): string =>
  text.length <= most ? text : `…${text.slice(text.length - most + 1)}`;
