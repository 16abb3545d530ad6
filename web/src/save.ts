// Files that the reader keeps.

function saveUrl(url: string, name: string): void {
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
}

export function saveText(text: string, type: string, name: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  saveUrl(url, name);
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** A picture that Plotly made: a data URI, as text or in base 64. */
export function saveUri(uri: string, name: string): void {
  const comma = uri.indexOf(",");
  const head = uri.slice(0, comma);
  const type = head.replace(/^data:/, "").replace(/;.*$/, "");
  const body = uri.slice(comma + 1);
  if (!head.endsWith(";base64")) return saveText(decodeURIComponent(body), type, name);
  const bytes = Uint8Array.from(atob(body), (c) => c.charCodeAt(0));
  const url = URL.createObjectURL(new Blob([bytes], { type }));
  saveUrl(url, name);
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
