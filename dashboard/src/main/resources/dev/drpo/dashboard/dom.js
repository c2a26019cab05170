// Elements from text. Nothing here or elsewhere in the page parses markup: what a policy or a data
// set wrote stays text, whatever it looks like.

const SVG = 'http://www.w3.org/2000/svg';

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === undefined || value === null) continue;
    if (name === 'on') {
      for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    } else {
      node.setAttribute(name, value === true ? '' : value);
    }
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** An element; a child that is a string becomes a text node. `on` holds event listeners. */
export function el(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

/** The same of a picture. */
export function svg(name, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, name), attributes, children);
}

// Characters that have no picture, or that reorder or hide what stands beside them.
const HIDDEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

function picture(character) {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** Text of unknown origin, set apart from its surroundings, with what can't be seen made visible. */
export function foreign(text, name = 'bdi', attributes = {}) {
  const parts = [];
  let at = 0;
  for (const found of text.matchAll(HIDDEN)) {
    parts.push(text.slice(at, found.index), el('span', { class: 'hidden-character' }, picture(found[0])));
    at = found.index + found[0].length;
  }
  parts.push(text.slice(at));
  return el(name, { dir: 'auto', ...attributes }, ...parts);
}

/** Puts children in the place of those before. */
export function replace(node, ...children) {
  node.replaceChildren(...children.filter((child) => child !== null && child !== undefined));
}

/** A table; its first column heads the rows. Cells are strings or nodes. */
export function table(caption, header, rows) {
  return el('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption },
    el('table', {},
      el('caption', { class: 'for-readers' }, caption),
      el('thead', {}, el('tr', {}, ...header.map((cell) => el('th', { scope: 'col' }, cell)))),
      el('tbody', {}, ...rows.map((row) => el('tr', {},
        el('th', { scope: 'row' }, row[0]), ...row.slice(1).map((cell) => el('td', {}, cell)))))));
}
