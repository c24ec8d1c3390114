// The drawing: its numbers, what is known at a moment, and the paths of a value.

import { change, format } from "../computing/numbers.mjs";
import {
  $, all, at, end, engine, entries, figure, formulas, gradientStep, graph, grid, indices, isArray, isAsked, isLeaf, loss, machine,
  mark, name, nodes, number, parameters, precision, result, root, set, stageNow, state, svg, text, updated,
} from "./page.mjs";

/** Widths of letters in thousandths of the font size; digits have 556. */
const widths = {
  ".": 278, ",": 278, "−": 584, "+": 584, "×": 584, "[": 333, "]": 333, " ": 278, "→": 1000, "·": 278, "?": 611, "∞": 713, "Δ": 668,
};
const width = (text, size) =>
  [...text].reduce((sum, c) => sum + (widths[c] ?? (/[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]/.test(c) ? 340 : 556)), 0) * size / 1000;

/**
 * Writes a text that fits into its room: first with fewer digits, then smaller, at last squeezed.
 * @param {Element | null} element @param {(digits: number) => string} make
 */
function write(element, make) {
  if (!element) return;
  const { dataset } = element;
  const size = Number(dataset.size ??= element.getAttribute("font-size"));
  let words = "";
  let chosen = size;
  search:
  for (let digits = precision; digits >= 1; digits--) {
    words = make(digits);
    for (const smaller of [0, 1.5, 3]) {
      chosen = size - smaller;
      if (width(words, chosen) <= dataset.room - 1) break search;
    }
  }
  if (element.textContent !== words) element.textContent = words;
  if (element.getAttribute("font-size") != chosen) set(element, { "font-size": chosen });
  if (width(words, chosen) > dataset.room) {
    set(element, { textLength: dataset.room - 2, lengthAdjust: "spacingAndGlyphs" });
  } else if (element.hasAttribute("textLength")) {
    element.removeAttribute("textLength");
  }
}

/** Tints the cells of a map by the sign of their numbers, and their size beside the greatest of the array's `entries`. */
function tint(cells, places, entries, levels, of) {
  const most = entries.map(n => Math.abs(of(n))).filter(Number.isFinite).reduce((a, b) => Math.max(a, b), 0);
  cells.forEach((cell, k) => {
    const x = of(places[k]);
    const share = Math.abs(x) / (most || 1);
    const level = Math.round(share * levels);
    const name = !Number.isFinite(share) ? "f-warning-row"
      : "f-heat-" + (level ? `${x < 0 ? "below" : "above"}-${level}` : "zero");
    if (cell.getAttribute("class") !== name) set(cell, { class: name });
  });
}

/** The list of uses in an attribute: `4,0 7,1`. @returns {[number, number][]} */
const usesOf = list => list.split(" ").filter(Boolean).map(use => use.split(",").map(Number));
const inside = (group, selector) => [...group.querySelectorAll(selector)];

const of = (i, ending) => $("v-" + (nodes[i].k ?? nodes[i].i) + ending);
export const boxes = nodes.map((_, i) => of(i, ""));
boxes.forEach((box, i) => mark(box, "leafy", isLeaf(i)));
/** What is written in a box or in another place of its value: numbers, gradients and the cells of a map. */
const texts = (group, i) => ({
  i, group, values: inside(group, ".val"), gradients: inside(group, ".grad"),
  // Of an array that is not computed only the entries in the drawing are known, not the greatest.
  cells: isArray(i) && !graph.isStored ? inside(group, "[class^=f-heat],.f-warning-row") : [],
  places: nodes[i].c && !graph.isStored ? nodes[i].c.map(k => entries[i][k]) : entries[i],
});
const own = boxes.map(texts);
/** The number of a box, or of an entry in it, that an event is about. */
export const numberAt = (i, target) => {
  const { values, gradients, cells, places } = own[i];
  const k = Math.max(values.indexOf(target), gradients.indexOf(target), cells.indexOf(target) % places.length);
  return places[k] ?? entries[i][0];
};
const badges = nodes.map((_, i) => of(i, "_step"));
const tabs = nodes.map((_, i) => of(i, "_operation"));
/** By computed value, by operand: the arrow, the gradient's, its mark, and the number in it. */
const wires = nodes.map((node, i) => (node.a ?? []).map((_, slot) => {
  const id = "e-" + (node.k ?? node.i) + "-" + slot;
  const [fore, back, local, share] = ["", "-gradient", "-local", "-share"].map(ending => $(id + ending));
  return [fore, back, local, share, local?.querySelector(".amount")];
}));
const marked = key => inside(svg, `[data-${key}]`).map(group => ({
  group, of: Number(group.dataset[key]), uses: usesOf(group.dataset.uses), isBack: group.classList.contains("back"),
}));
const shares = marked("of");
const branches = marked("wire");
const copies = marked("copy");
const places = boxes.map(box => {
  const [x, y] = box.getAttribute("transform").match(/[\d.-]+/g).map(Number);
  const ring = box.querySelector("rect");
  return [x + ring.getAttribute("width") / 2, y + ring.getAttribute("height") / 2];
});
export const hasLetters = !grid && nodes.some(node => node.s) && nodes.every((node, i) => {
  const room = own[i].gradients[0]?.dataset.room;
  return !node.s || !room || width(`[${node.s}]`, 9) <= room;
});

/** Every number of the drawing. */
export function writeNumbers() {
  const { selected } = state;
  const nudged = state.isNudged
    ? machine.run(state.x, { fixed: at(selected), at: all.values[at(selected)] + state.step, back: false }).values : null;
  const isUpdate = stageNow() === 3 && !nudged;
  const show = ({ i, group, values, gradients, cells, places }) => {
    const asked = isAsked(i);
    const shows = isUpdate && !asked && parameters.includes(i);
    const numbers = nudged ?? (shows && isArray(i) ? updated : all.values);
    values.forEach((element, k) => {
      const n = places[k];
      write(element, digits => shows && !isArray(i) && !Number.isNaN(updated[n])
        ? change(all.values[n], updated[n], digits).join(" → ") : format(numbers[n], digits));
    });
    const moved = n => nudged ? nudged[n] - all.values[n] : 0;
    mark(group, "asked", asked);
    mark(group, "moved", entries[i].some(moved));
    gradients.forEach((element, k) => write(element, digits => {
      const x = moved(places[k]);
      const gradient = format(all.gradients[places[k]], digits);
      const inner = asked ? " ? " : state.showsLetters && nodes[i].s ? nodes[i].s : gradient;
      return nudged ? x === 0 ? "·" : `Δ${x > 0 ? "+" : ""}${format(x, digits)}` : isArray(i) ? inner : `[${inner}]`;
    }));
    if (cells.length === 0) return;
    const { length } = places;
    const levels = graph.levels[values.length > 0 ? 0 : 1];
    tint(cells.slice(0, length), places, entries[i], levels, n => numbers[n]);
    tint(cells.slice(length), places, entries[i], levels, n => nudged ? moved(n) : all.gradients[n]);
  };
  own.forEach((it, i) => {
    show(it);
    wires[i].forEach((wire, slot) => write(wire[4], digits => format(result.locals[i][slot], digits)));
    set(boxes[i], { "aria-label": label(i) });
  });
  for (const { group, of } of copies) show(texts(group, of));
  for (const { group, of, uses } of [...shares, ...copies]) {
    write(group.querySelector(".amount"), digits => isAsked(of) ? "[ ? ]" : `[${format(formulas.share(uses), digits)}]`);
  }
}

/** What a screen reader says of a value. */
function label(i) {
  const node = nodes[i];
  const sample = node.l == null ? "" : `, ${text.sample} ${node.l + 1}`;
  const formula = node.o ? formulas.definition(i, name) : "";
  const value = isArray(i) ? node.d.join("×") : number(result.values[i]);
  const gradient = isAsked(i) || isArray(i) || node.st == null ? ""
    : `${text.semicolon}${text.gradient} ${number(result.gradients[i])}`;
  return `${name(i)}, ${text.roles[node.r]}${sample}${text.colon}${formula && formula + " = "}${value}${gradient}`;
}

/** What is known at this moment, and what is new in it. */
export function markMoment() {
  const { isNudged, pos } = state;
  const stage = stageNow();
  const shown = isNudged ? end : pos;
  const newest = state.isWhole || pos === 0 ? -1 : pos;
  root.dataset.stage = stage;
  mark(root, "nudging", isNudged);
  nodes.forEach((node, i) => {
    const gradient = gradientStep(i);
    const isComputedNow = node.at === newest;
    const box = boxes[i];
    mark(box, "later", node.at > shown);
    mark(box, "nograd", gradient > shown && !isNudged);
    mark(badges[i], "later", gradient > shown);
    mark(box, "new", isComputedNow || gradient === newest || stage === 3 && parameters.includes(i) && !isNudged);
    mark(tabs[i], "new", isComputedNow);
    wires[i].forEach(([forward, back, local, share], slot) => {
      const operand = gradientStep(node.a[slot]);
      mark(forward, "new", isComputedNow);
      mark(back, "later", operand > shown);
      mark(back, "new", operand === newest);
      mark(local, "later", operand > shown && gradient >= shown);
      mark(share, "later", operand > shown);
    });
  });
  for (const { group, of, isBack } of branches) if (isBack) mark(group, "later", gradientStep(of) > shown);
  for (const { group, of } of shares) mark(group, "later", gradientStep(of) > shown);
  for (const { group, of } of copies) mark(group, "nograd", gradientStep(of) > shown);
}

/** The paths of the value under the pointer, or of the selected one while the drawing has the focus. */
export function light() {
  const { hovered, selected } = state;
  const i = hovered >= 0 ? hovered : selected;
  mark(svg, "busy", i >= 0 && (hovered >= 0 || figure.contains(document.activeElement)));
  const up = i < 0 ? new Set() : engine.above(i);
  const down = i < 0 ? new Set() : engine.below(i);
  const isOn = k => k === i || down.has(k);
  const isFrom = k => k === i || up.has(k);
  const light = (element, isUp, isDown) => {
    mark(element, "up", isUp);
    mark(element, "down", isDown);
  };
  boxes.forEach((box, k) => {
    light(box, up.has(k), down.has(k));
    mark(box, "me", k === i);
    set(box, { "aria-selected": k === selected });
    light(tabs[k], isFrom(k), down.has(k));
    mark(badges[k], "down", isOn(k));
    wires[k].forEach((wire, slot) => wire.forEach((element, part) => {
      if (part < 4) light(element, isFrom(k), down.has(k) && isOn(nodes[k].a[slot]));
    }));
  });
  for (const { group, of, uses } of [...branches, ...shares, ...copies]) {
    light(group, up.has(of) && uses.some(([user]) => isFrom(user)),
      isOn(of) && uses.some(([user]) => down.has(user)));
  }
}

/** One value of the drawing is a tab stop. */
export function setTabStop() {
  const stop = state.selected < 0 ? loss : state.selected;
  boxes.forEach((box, i) => set(box, { tabindex: i === stop ? 0 : -1 }));
}

/** The value that an arrow key leads to: an operand, a user, or the neighbour in the column; −1 for none. */
export function neighbour(i, key) {
  const [x, y] = places[i];
  const nearest = (list, distance) =>
    list.reduce((best, k) => best < 0 || distance(k) < distance(best) ? k : best, -1);
  const distance = k => Math.abs(places[k][1] - y) + Math.abs(places[k][0] - x) / 9;
  if (key === "ArrowRight") return nearest(engine.uses[i].map(([user]) => user), distance);
  if (key === "ArrowLeft") return nearest(nodes[i].a ?? [], distance);
  const sign = key === "ArrowDown" ? 1 : -1;
  const below = k => (places[k][1] - y) * sign;
  const aside = k => Math.abs(places[k][0] - x);
  return nearest(indices(k => below(k) > 8 && aside(k) < 100), k => below(k) + aside(k));
}
