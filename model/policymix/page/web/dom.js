// Elements made from plain values. Text from outside reaches the page as text only.

/**
 * An element: h("button", {type: "button", on: {click: act}}, "Play").
 * `props` are attributes; true sets an empty one, false and null leave it out. `on` are listeners.
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  setProps(element, props);
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return element;
}

/** The same in the SVG namespace. */
export function svg(tag, props = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  setProps(element, props);
  element.append(...children.flat(Infinity));
  return element;
}

function setProps(element, {on = {}, style = {}, ...attributes}) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) {
      element.removeAttribute(name);
    } else {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  // Through the object model, which the content security policy allows.
  for (const [name, value] of Object.entries(style)) {
    element.style.setProperty(name, value);
  }
  for (const [name, listener] of Object.entries(on)) {
    element.addEventListener(name, listener);
  }
}

/** Put these children in place of all that an element holds. */
export function fill(element, ...children) {
  element.replaceChildren(
    ...children.flat(Infinity).filter((child) => child !== null && child !== undefined),
  );
}

/**
 * As `fill`, but the keyboard's focus stays: on what has the same `data-key`, or on what has
 * `data-first`. Without these it would fall to the top of the page.
 */
export function refill(element, ...children) {
  const focused = element.contains(document.activeElement) ? document.activeElement : null;
  const key = focused?.dataset.key;
  fill(element, ...children);
  if (focused) {
    const same = [...element.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key);
    (same ?? element.querySelector("[data-first]"))?.focus();
  }
}

let count = 0;

/** An id that no other element has. */
export function freshId(stem) {
  count += 1;
  return `${stem}-${count}`;
}

/** A button with a text and what it does. */
export function button(text, act, props = {}) {
  return h("button", {type: "button", ...props, on: {click: act}}, text);
}

/** Offer a file to the visitor. `content` is a text or a Blob. */
export function download(name, content, type) {
  const blob = content instanceof Blob ? content : new Blob([content], {type});
  const link = h("a", {href: URL.createObjectURL(blob), download: name});
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
