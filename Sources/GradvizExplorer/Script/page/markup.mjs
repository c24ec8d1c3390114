// Parts of a line as elements, and small plots.

import { machine, number, say, set, text } from "./page.mjs";

const mathML = "http://www.w3.org/1998/Math/MathML";

/** An element with a text or children. */
export function make(tag, words, name, ...children) {
  const element = document.createElement(tag);
  if (words != null) element.textContent = words;
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
  return set(math("math", math("mfrac", part(above), part(below))), { displaystyle: true });
}

/** @param {import("../computing/formulas.mjs").Part[]} parts @returns {(string | Element)[]} */
export const elements = parts => parts.map(part =>
  typeof part === "string" ? part : "d" in part ? fraction(part.d) : make("b", part.b, part.c));

/** A picture of a curve, and an element of it. */
const picture = (height, label) =>
  shape("svg", { viewBox: `0 0 260 ${height}`, role: "img", class: "plot", "aria-label": label });
const shape = (tag, attributes, words = "") => {
  const element = set(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes);
  element.textContent = words;
  return element;
};
/** A line through points, with a gap where one is not finite. */
const line = (heights, X, Y) => shape("path", {
  class: "fn",
  d: heights.map((y, k) => Number.isFinite(y)
    ? `${k && Number.isFinite(heights[k - 1]) ? "L" : "M"}${X(k).toFixed(1)} ${Y(y).toFixed(1)}` : "").join(""),
});
const axis = y => shape("path", { class: "axis", d: `M8 ${y}H252` });
const point = (cx, cy, name = "pt", r = 4) => shape("circle", { cx, cy, r, class: name });

/**
 * A curve with its tangent at a point.
 * @param {object} it
 * @param {(x: number) => number} it.of @param {number} it.at @param {number} it.slope
 * @param {string} it.x @param {string} it.y - the names @param {number} [it.step] - of a nudge, 0 for none
 */
export function plot({ of, at, slope, x, y, step = 0 }) {
  const reach = Math.max(1, Math.abs(at));
  const half = machine.nodes.length > 3000 ? 8 : 30;
  const heights = Array.from({ length: 2 * half + 1 }, (_, k) => of(at + reach * (k / half - 1)));
  const here = of(at);
  const finite = [...heights, here].filter(Number.isFinite);
  let low = Math.min(...finite);
  let high = Math.max(...finite);
  if (!(high - low > 1e-9)) [low, high] = [low - 1, high + 1];
  const X = a => 8 + (a - at + reach) / reach * 122;
  const Y = b => 98 - (b - low) / (high - low) * 82;
  const inside = b => Math.max(-999, Math.min(999, Y(b)));
  const svg = picture(118, say("plot", y, x, `${x} = ${number(at)}`, number(slope)));
  svg.append(axis(98), line(heights, k => 8 + k / half * 122, Y));
  if (Number.isFinite(slope) && Number.isFinite(here)) {
    const way = 0.45 * reach;
    const d = `M${X(at - way)} ${inside(here - slope * way)}L${X(at + way)} ${inside(here + slope * way)}`;
    svg.append(shape("path", { d, class: "tan" }), point(X(at), Y(here)));
  }
  if (step) svg.append(point(X(at + step), inside(of(at + step)), "pt2", 3));
  const label = (x, y, words, anchor = "start") => shape("text", { x, y, "text-anchor": anchor }, words);
  svg.append(
    label(8, 112, number(at - reach, 3)), label(X(at), 112, `${x} = ${number(at, 3)}`, "middle"),
    label(252, 112, number(at + reach, 3), "end"), label(8, 10, `${say("as", y, x)}, ${text.slope} ${number(slope)}`));
  return svg;
}

/** The losses of a training. @param {number[]} all @param {string} label */
export function lossCurve(all, label) {
  const finite = all.filter(Number.isFinite);
  const low = Math.min(0, ...finite);
  const high = Math.max(...finite, low + 1e-12);
  const X = k => 8 + k / Math.max(10, all.length - 1) * 244;
  const Y = y => 72 - (y - low) / (high - low) * 64;
  const last = all[all.length - 1];
  const svg = picture(80, label);
  svg.append(axis(Y(0)), line(all, X, Y), point(X(all.length - 1), Number.isFinite(last) ? Y(last) : 8));
  return svg;
}

/** A line of formulas. */
export const formula = (...parts) => make("p", null, "f", ...elements(parts));
