// Elements from words. Text goes in as text, never as markup.

type Child = Node | string | number | null | undefined | false | Child[];
type Attributes = Record<string, string | number | boolean | ((event: Event) => void) | undefined>;

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== undefined) element.setAttribute(name, String(value));
  }
  append(element, children);
  return element;
}

export function append(parent: Node, child: Child): void {
  if (Array.isArray(child)) for (const one of child) append(parent, one);
  else if (child instanceof Node) parent.appendChild(child);
  else if (child !== null && child !== undefined && child !== false)
    parent.appendChild(document.createTextNode(String(child)));
}

let count = 0;
/** A name that no other element has. */
export const fresh = (stem: string): string => `${stem}-${++count}`;

/** A control with its label. */
export function labelled(text: string, control: HTMLElement): HTMLElement {
  control.id ||= fresh("control");
  return h("span", { class: "field" }, h("label", { for: control.id }, text), control);
}

export function select(
  text: string,
  choices: readonly (readonly [value: string, name: string])[],
  value: string,
  chosen: (value: string) => void,
): HTMLElement {
  const control = h("select", { change: () => chosen(control.value) });
  for (const [each, name] of choices) append(control, h("option", { value: each }, name));
  control.value = value;
  return labelled(text, control);
}

export function tick(text: string, on: boolean, changed: (on: boolean) => void): HTMLElement {
  const control = h("input", { type: "checkbox", change: () => changed(control.checked) });
  control.checked = on;
  const field = labelled(text, control);
  field.classList.add("tick");
  field.prepend(control);
  return field;
}

export function button(text: string, pressed: () => void, about?: string): HTMLButtonElement {
  return h("button", { type: "button", click: pressed, "aria-label": about }, text);
}
