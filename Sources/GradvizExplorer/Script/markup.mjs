// Parts of a line as elements, and small plots.

import { format } from "./numbers.mjs";

const mathML = "http://www.w3.org/1998/Math/MathML";
const svgSpace = "http://www.w3.org/2000/svg";

/** An element with a text or children. */
export function make(tag, text, name, ...children) {
  const element = document.createElement(tag);
  if (text != null) element.textContent = text;
  if (name) element.className = name;
  element.append(...children);
  return element;
}

function math(tag, ...children) {
  const element = document.createElementNS(mathML, tag);
  element.append(...children);
  return element;
}

/** ∂a/∂b as a fraction. */
function fraction([above, below]) {
  const part = name => math("mrow", math("mi", "∂" + name));
  const element = math("math", math("mfrac", part(above), part(below)));
  element.setAttribute("displaystyle", "true");
  return element;
}

/** @param {import("./formulas.mjs").Part[]} parts @returns {(string | Element)[]} */
export const elements = parts => parts.map(part =>
  typeof part === "string" ? part : "d" in part ? fraction(part.d) : make("b", part.b, part.c));

/** An element of a drawing. */
export function shape(tag, attributes, text) {
  const element = document.createElementNS(svgSpace, tag);
  for (const key of Object.keys(attributes)) element.setAttribute(key, String(attributes[key]));
  if (text != null) element.textContent = text;
  return element;
}

/**
 * A curve with its tangent at a point.
 * @param {object} it
 * @param {(x: number) => number} it.of @param {number} it.at @param {number} it.slope
 * @param {string} it.x @param {string} it.y - the names @param {number} it.step - of a nudge, 0 for none
 * @param {Record<string, string>} text @param {number} precision
 */
export function plot({ of, at, slope, x, y, step }, text, precision) {
  const [width, height] = [260, 118];
  const reach = Math.max(1, Math.abs(at));
  const points = Array.from({ length: 61 }, (_, k) => at + reach * (k / 30 - 1));
  const heights = points.map(of);
  const here = of(at);
  const finite = [...heights, here].filter(Number.isFinite);
  let low = Math.min(...finite);
  let high = Math.max(...finite);
  if (!(high - low > 1e-9)) [low, high] = [low - 1, high + 1];
  const X = a => 8 + (a - at + reach) / (2 * reach) * (width - 16);
  const Y = b => height - 20 - (b - low) / (high - low) * (height - 36);
  const inside = b => Math.max(-999, Math.min(999, Y(b)));
  const number = (a, digits = precision) => format(a, digits);
  const label = text.plot.replace("{y}", y).replace("{x}", x).replace("{s}", number(slope))
    .replace("{a}", `${x} = ${number(at)}`);
  const svg = shape("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", class: "plot", "aria-label": label });
  const curve = points.map((a, k) => Number.isFinite(heights[k])
    ? (k && Number.isFinite(heights[k - 1]) ? "L" : "M") + X(a).toFixed(1) + " " + Y(heights[k]).toFixed(1) : "");
  svg.append(
    shape("path", { d: `M8 ${height - 20}H${width - 8}`, class: "axis" }), shape("path", { d: curve.join(""), class: "fn" }));
  if (Number.isFinite(slope) && Number.isFinite(here)) {
    const half = 0.45 * reach;
    const line = `M${X(at - half)} ${inside(here - slope * half)}L${X(at + half)} ${inside(here + slope * half)}`;
    svg.append(shape("path", { d: line, class: "tan" }), shape("circle", { cx: X(at), cy: Y(here), r: 4, class: "pt" }));
  }
  if (step) svg.append(shape("circle", { cx: X(at + step), cy: inside(of(at + step)), r: 3, class: "pt2" }));
  svg.append(
    shape("text", { x: 8, y: height - 6 }, number(at - reach, 3)),
    shape("text", { x: X(at), y: height - 6, "text-anchor": "middle" }, `${x} = ${number(at, 3)}`),
    shape("text", { x: width - 8, y: height - 6, "text-anchor": "end" }, number(at + reach, 3)),
    shape("text", { x: 8, y: 10 }, `${text.as.replace("{y}", y).replace("{x}", x)}, ${text.slope} ${number(slope)}`));
  return svg;
}
