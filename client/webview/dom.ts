// Makes DOM nodes from data. Text becomes text nodes and attributes are set one by one, so that nothing in a trace can become markup.
import type { Shape } from '../../server/src/diagram/draw.ts';

const SVG = 'http://www.w3.org/2000/svg';

type Children = ReadonlyArray<Node | string>;

export function element<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Readonly<Record<string, string>> = {}, ...children: Children): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

export function button(label: string | Node, title: string, act: () => void, attributes: Readonly<Record<string, string>> = {}): HTMLButtonElement {
  const made = element('button', { type: 'button', title, 'aria-label': title, ...attributes }, label);
  made.addEventListener('click', act);
  return made;
}

export function svgElement<K extends keyof SVGElementTagNameMap>(tag: K, attributes: Readonly<Record<string, string | number>> = {}): SVGElementTagNameMap[K] {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  return made;
}

export function shapeNode(shape: Shape): SVGElement {
  const made = svgElement(shape.tag, shape.attributes);
  if (shape.text !== undefined) made.append(shape.text);
  for (const child of shape.children ?? []) made.append(shapeNode(child));
  return made;
}
