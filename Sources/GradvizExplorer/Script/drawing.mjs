// The drawing: its numbers, what is known at a moment, and the paths of a value.

import { change, format } from "./numbers.mjs";
import { $, mark } from "./page.mjs";

/** Widths of letters in thousandths of the font size; digits have 556. */
const widths = {
  ".": 278, ",": 278, "−": 584, "+": 584, "×": 584, "[": 333, "]": 333, " ": 278, "→": 1000, "·": 278, "?": 611, "∞": 713, "Δ": 668,
};
const width = (text, size) =>
  [...text].reduce((sum, c) => sum + (widths[c] ?? (/[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]/.test(c) ? 340 : 556)), 0) * size / 1000;

/**
 * Writes a text that fits into its room: first with fewer digits, then smaller, at last squeezed.
 * @param {Element | null} element @param {number} precision @param {(digits: number) => string} make
 */
function write(element, precision, make) {
  if (!element) return;
  const room = Number(element.getAttribute("data-room"));
  const size = Number(element.getAttribute("data-size") ?? element.getAttribute("font-size"));
  if (!element.hasAttribute("data-size")) element.setAttribute("data-size", String(size));
  let text = "";
  let chosen = size;
  search:
  for (let digits = precision; digits >= 1; digits--) {
    text = make(digits);
    for (const smaller of [0, 1.5, 3]) {
      chosen = size - smaller;
      if (width(text, chosen) <= room - 1) break search;
    }
  }
  if (element.textContent !== text) element.textContent = text;
  if (element.getAttribute("font-size") !== String(chosen)) element.setAttribute("font-size", String(chosen));
  const isWide = width(text, chosen) > room;
  if (isWide) {
    element.setAttribute("textLength", String(room - 2));
    element.setAttribute("lengthAdjust", "spacingAndGlyphs");
  } else if (element.hasAttribute("textLength")) {
    element.removeAttribute("textLength");
  }
}

/** The list of uses in an attribute: `4,0 7,1`. @returns {[number, number][]} */
const usesOf = element => element.dataset.uses.split(" ").filter(Boolean).map(use => use.split(",").map(Number));

export class Drawing {
  /** @param {import("./page.mjs").Page} page */
  constructor(page) {
    this.page = page;
    const { nodes, svg } = page;
    const of = (i, ending) => $("v-" + (nodes[i].k ?? nodes[i].i) + ending);
    this.boxes = nodes.map((_, i) => of(i, ""));
    this.numbers = nodes.map((_, i) => of(i, "-value"));
    this.gradients = nodes.map((_, i) => of(i, "-gradient"));
    this.badges = nodes.map((_, i) => of(i, "_step"));
    this.tabs = nodes.map((_, i) => of(i, "_operation"));
    /** By computed value, by operand: the arrow, the gradient's, its mark, and the number in it. */
    this.wires = nodes.map((node, i) => (node.a ?? []).map((_, slot) => {
      const id = "e-" + (node.k ?? node.i) + "-" + slot;
      return [$(id), $(id + "-gradient"), $(id + "-local"), $(id + "-local-number"), $(id + "-share")];
    }));
    const all = name => [...svg.querySelectorAll(`[data-${name}]`)];
    this.shares = all("of").map(group => ({ group, of: Number(group.dataset.of), uses: usesOf(group) }));
    this.branches = all("wire").map(group => ({
      group, of: Number(group.dataset.wire), uses: usesOf(group), isBack: group.classList.contains("back"),
    }));
    this.copies = all("copy").map(group => ({ group, of: Number(group.dataset.copy), uses: usesOf(group) }));
    this.places = this.boxes.map(box => {
      const frame = box.querySelector("rect");
      const at = name => Number(frame.getAttribute(name));
      return [at("x") + at("width") / 2, at("y") + at("height") / 2];
    });
    const { precision } = page.graph;
    const fits = (node, i) => {
      if (!node.s || !this.gradients[i]) return true;
      return width(`[${node.s}]`, 9) <= Number(this.gradients[i].getAttribute("data-room"));
    };
    this.hasLetters = nodes.every(fits) && nodes.some(node => node.s);
    this.precision = precision;
  }

  /** Every number of the drawing. */
  write() {
    const { page, precision } = this;
    const { engine, formulas, nodes, result, state } = page;
    const nudged = state.isNudged && state.selected >= 0
      ? engine.run(state.x, { fixed: state.selected, at: result.values[state.selected] + state.step, back: false }) : null;
    const isUpdate = page.stage === 3 && !nudged;
    for (let i = 0; i < nodes.length; i++) {
      const isAsked = page.isAsked(i);
      const value = result.values[i];
      const after = page.updated[i];
      const shows = isUpdate && !isAsked && page.parameters.includes(i) && !Number.isNaN(after);
      write(this.numbers[i], precision, digits => shows
        ? change(value, after, digits).join(" → ") : format(nudged ? nudged.values[i] : value, digits));
      const moved = nudged ? nudged.values[i] - value : 0;
      mark(this.boxes[i], "asked", isAsked);
      mark(this.boxes[i], "moved", nudged && moved !== 0);
      write(this.gradients[i], precision, digits => {
        if (nudged) return moved === 0 ? "·" : `Δ${moved > 0 ? "+" : ""}${format(moved, digits)}`;
        if (isAsked) return "[ ? ]";
        return state.showsLetters && nodes[i].s ? `[${nodes[i].s}]` : `[${format(result.gradients[i], digits)}]`;
      });
      this.wires[i].forEach((wire, slot) =>
        write(wire[3], precision, digits => format(result.locals[i][slot], digits)));
      this.boxes[i].setAttribute("aria-label", this.label(i, isAsked));
    }
    for (const { group, of, uses } of [...this.shares, ...this.copies]) {
      write(group.querySelector(".amount"), precision, digits =>
        page.isAsked(of) ? "[ ? ]" : `[${format(formulas.share(uses), digits)}]`);
      write(group.querySelector(".val"), precision, digits =>
        format(nudged ? nudged.values[of] : result.values[of], digits));
    }
  }

  /** What a screen reader says of a value. */
  label(i, isAsked) {
    const { formulas, nodes, result, text } = this.page;
    const node = nodes[i];
    const sample = node.l == null ? "" : `, ${text.sample} ${node.l + 1}`;
    const definition = node.o ? formulas.definition(i, k => formulas.name(k)) + " = " : "";
    const gradient = isAsked || node.st == null ? "" : `${text.semicolon}${text.gradient} ${formulas.number(result.gradients[i])}`;
    return `${formulas.name(i)}, ${text.roles[node.r]}${sample}${text.colon}${definition}${formulas.number(result.values[i])}${gradient}`;
  }

  /** What is known at this moment, and what is new in it. */
  showMoment() {
    const { page } = this;
    const { nodes, state } = page;
    const { pos } = state;
    const stage = page.stage;
    const shown = state.isNudged ? page.graph.end : pos;
    const newest = state.isWhole || pos === 0 ? -1 : pos;
    page.root.dataset.stage = String(stage);
    page.root.classList.toggle("nudging", state.isNudged);
    for (let i = 0; i < nodes.length; i++) {
      const gradient = page.gradientStep(i);
      const isComputedNow = nodes[i].at === newest;
      mark(this.boxes[i], "later", nodes[i].at > shown);
      mark(this.boxes[i], "nograd", gradient > shown && !state.isNudged);
      mark(this.badges[i], "later", gradient > shown);
      mark(this.boxes[i], "new",
        isComputedNow || gradient === newest || stage === 3 && page.parameters.includes(i) && !state.isNudged);
      mark(this.tabs[i], "new", isComputedNow);
      this.wires[i].forEach(([forward, back, local, , share], slot) => {
        const operand = page.gradientStep(nodes[i].a[slot]);
        mark(forward, "new", isComputedNow);
        mark(back, "later", operand > shown);
        mark(back, "new", operand === newest);
        mark(local, "later", operand > shown && gradient >= shown);
        mark(share, "later", operand > shown);
      });
    }
    for (const { group, of, isBack } of this.branches) if (isBack) mark(group, "later", page.gradientStep(of) > shown);
    for (const { group, of } of this.shares) mark(group, "later", page.gradientStep(of) > shown);
    for (const { group, of } of this.copies) mark(group, "nograd", page.gradientStep(of) > shown);
  }

  /** The paths of the value under the pointer, or of the selected one while the drawing has the focus. */
  light() {
    const { page } = this;
    const { engine, nodes, state } = page;
    const i = page.hovered >= 0 ? page.hovered : state.selected;
    const isBusy = i >= 0 && (page.hovered >= 0 || page.figure.contains(document.activeElement));
    mark(page.svg, "busy", isBusy);
    const up = i < 0 ? new Set() : engine.above(i);
    const down = i < 0 ? new Set() : engine.below(i);
    const isOn = k => k === i || down.has(k);
    const isFrom = k => k === i || up.has(k);
    const light = (element, isUp, isDown) => {
      mark(element, "up", isUp);
      mark(element, "down", isDown);
    };
    for (let k = 0; k < nodes.length; k++) {
      light(this.boxes[k], up.has(k), down.has(k));
      mark(this.boxes[k], "me", k === i);
      this.boxes[k].setAttribute("aria-selected", String(k === state.selected));
      light(this.tabs[k], isFrom(k), down.has(k));
      mark(this.badges[k], "down", isOn(k));
      (nodes[k].a ?? []).forEach((operand, slot) => this.wires[k][slot].forEach((element, part) => {
        if (part !== 3) light(element, isFrom(k), down.has(k) && isOn(operand));
      }));
    }
    for (const { group, of, uses } of [...this.branches, ...this.shares, ...this.copies]) {
      light(group, up.has(of) && uses.some(([user]) => isFrom(user)),
        isOn(of) && uses.some(([user]) => down.has(user)));
    }
  }

  /** One value of the drawing is a tab stop. */
  setTabStop() {
    const { selected } = this.page.state;
    const stop = selected < 0 ? this.page.loss : selected;
    this.boxes.forEach((box, i) => box.setAttribute("tabindex", i === stop ? "0" : "-1"));
  }

  /** The value that an arrow key leads to: an operand, a user, or the neighbour in the column; −1 for none. */
  neighbour(i, key) {
    const { engine, nodes } = this.page;
    const [x, y] = this.places[i];
    const nearest = (list, distance) =>
      list.reduce((best, k) => best < 0 || distance(k) < distance(best) ? k : best, -1);
    const distance = k => Math.abs(this.places[k][1] - y) + Math.abs(this.places[k][0] - x) / 9;
    if (key === "ArrowRight") return nearest(engine.uses[i].map(([user]) => user), distance);
    if (key === "ArrowLeft") return nearest(nodes[i].a ?? [], distance);
    const sign = key === "ArrowDown" ? 1 : -1;
    const column = this.page.indices(k =>
      (this.places[k][1] - y) * sign > 8 && Math.abs(this.places[k][0] - x) < 100);
    return nearest(column, k => (this.places[k][1] - y) * sign + Math.abs(this.places[k][0] - x));
  }
}
