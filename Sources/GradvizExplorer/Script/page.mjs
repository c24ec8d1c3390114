// The page's state, of which everything on the screen is a function, and its parts.

import { Engine } from "./engine.mjs";
import { Formulas } from "./formulas.mjs";
import { Optimizer } from "./optimizers.mjs";
import { useMark } from "./numbers.mjs";

export const stageNames = ["forward", "loss", "backward", "update"];

/** @param {string} id @returns {any} */
export const $ = id => document.getElementById(id);

/** Turns a class of an element on or off. */
export const mark = (element, name, isOn) => { if (element) element.classList.toggle(name, Boolean(isOn)); };

export class Page {
  constructor() {
    this.root = document.documentElement;
    this.figure = $("figure");
    this.svg = $("graph");
    this.graph = JSON.parse(this.figure.dataset.graph);
    this.text = JSON.parse(this.figure.dataset.text);
    useMark(this.text.mark);
    /** @type {import("./engine.mjs").GraphNode[]} */
    this.nodes = this.graph.nodes;
    this.loss = this.graph.loss;
    this.engine = new Engine(this.nodes, this.loss);
    this.canCompute = this.engine.unknown.length === 0;
    this.formulas = new Formulas(this.engine, this.graph.precision, this.graph.operations, this.text.separator);
    /** Where each stage begins, and where it ends. */
    this.starts = this.graph.starts;
    this.ends = [this.starts[1], this.starts[2], this.starts[3], this.graph.end];
    this.hasUpdate = this.graph.lr != null;
    this.parameters = this.indices(i => this.nodes[i].r === "parameter" && this.engine.reaches[i]);
    this.start = Float64Array.from(this.nodes, node => node.o ? 0 : node.v ?? NaN);
    /** Whether the script knows the rule of the update. */
    this.canTrain = this.hasUpdate && (!this.graph.rule || this.graph.optimizer != null);
    this.optimizer = new Optimizer(this.graph.optimizer, this.graph.state);
    this.state = {
      pos: this.ends[2], isWhole: true, selected: -1, x: this.start.slice(), rate: this.graph.lr, step: 0.01,
      isNudged: false, isPredicting: false, showsLetters: false,
    };
    this.hovered = -1;
    this.isPlaying = false;
    /** The losses before each update, and copies of the leaves for Undo. */
    this.losses = [];
    this.past = [];
    /** The gradients that were found, and what was typed for others. */
    this.found = new Set();
    this.tried = new Map();
    this.compute();
    this.firstLoss = this.result.values[this.loss];
  }

  indices(isWanted) { return this.nodes.map((_, i) => i).filter(isWanted); }
  isLeaf(i) { return this.engine.isLeaf(i); }
  stageAt(pos) { return pos <= this.starts[1] ? 0 : pos <= this.starts[2] ? 1 : pos <= this.starts[3] ? 2 : 3; }
  get stage() { return this.stageAt(this.state.pos); }
  /** The step of the training in which the gradient of a value is computed. */
  gradientStep(i) { return this.nodes[i].st == null ? Infinity : this.starts[2] + this.nodes[i].st; }
  /** Whether the reader is to find a gradient. */
  isAsked(i) { return this.state.isPredicting && i !== this.loss && this.nodes[i].st != null && !this.found.has(i); }
  get isEdited() { return this.state.x.some((x, i) => x !== this.start[i]); }

  compute() {
    this.result = this.engine.run(this.state.x);
    this.formulas.result = this.result;
    this.updated = this.canTrain
      ? this.optimizer.next(this.parameters, this.state.x, this.result.gradients, this.state.rate)
      : this.state.x.map((x, i) => this.nodes[i].u == null ? x : this.isEdited ? NaN : this.nodes[i].u);
  }

  /** Remembers the numbers for Undo, one copy a gesture. */
  keep() {
    this.past.push({ x: this.state.x.slice(), losses: this.losses.length, optimizer: this.optimizer.copy() });
    if (this.past.length > 500) this.past.shift();
  }

  forget() {
    this.found.clear();
    this.tried.clear();
  }

  // The address

  address() {
    const { state, nodes } = this;
    const parts = ["stage=" + stageNames[this.stage]];
    if (!state.isWhole) parts.push("step=" + (state.pos - this.starts[this.stage]));
    if (state.selected >= 0) parts.push("value=" + encodeURIComponent(nodes[state.selected].i));
    const changed = this.indices(i => this.isLeaf(i) && state.x[i] !== this.start[i]);
    if (changed.length <= 60) {
      for (const i of changed) parts.push("set." + encodeURIComponent(nodes[i].i) + "=" + state.x[i]);
    }
    if (state.rate !== this.graph.lr) parts.push("lr=" + state.rate);
    if (state.isNudged) parts.push("nudge=" + state.step);
    if (state.isPredicting) parts.push("predict=1");
    if (state.showsLetters) parts.push("letters=1");
    return parts.join("&");
  }

  /** Takes the state from an address; whatever makes no sense is ignored. @param {string} hash */
  load(hash) {
    const parts = new Map(hash.split("&").map(part => {
      const cut = part.indexOf("=");
      try {
        return [decodeURIComponent(part.slice(0, cut)), decodeURIComponent(part.slice(cut + 1))];
      } catch {
        return ["", ""];
      }
    }));
    const byID = new Map(this.nodes.map((node, i) => [node.i, i]));
    const { state } = this;
    this.hovered = -1;
    this.forget();
    this.losses.length = 0;
    this.optimizer.restart();
    state.x.set(this.start);
    for (const [key, text] of parts) {
      if (!key.startsWith("set.")) continue;
      const i = byID.get(key.slice(4));
      const number = Number(text);
      if (i != null && this.isLeaf(i) && text.trim() !== "" && Number.isFinite(number)) state.x[i] = number;
    }
    const stage = stageNames.indexOf(parts.get("stage") ?? "");
    const isKnown = stage >= 0 && (stage < 3 || this.hasUpdate);
    const step = Math.floor(Number(parts.get("step")));
    state.isWhole = !isKnown || !parts.has("step") || !Number.isFinite(step);
    state.pos = !isKnown ? this.ends[2] : state.isWhole ? this.ends[stage]
      : Math.max(this.starts[stage], Math.min(this.ends[stage], this.starts[stage] + step));
    const rate = Number(parts.get("lr"));
    state.rate = rate > 0 && rate < 1e6 && this.hasUpdate ? rate : this.graph.lr;
    state.selected = byID.get(parts.get("value")) ?? -1;
    const nudge = Number(parts.get("nudge"));
    state.isNudged = nudge > 0 && nudge <= 1 && state.selected >= 0 && state.selected !== this.loss;
    if (state.isNudged) state.step = nudge;
    state.isPredicting = parts.get("predict") === "1";
    if (state.isPredicting) state.isNudged = false;
    state.showsLetters = parts.get("letters") === "1";
    this.compute();
  }
}
