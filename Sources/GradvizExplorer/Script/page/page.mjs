// The page's state, of which everything on the screen is a function, and its parts.

import { Arrays } from "../computing/arrays.mjs";
import { Engine } from "../computing/engine.mjs";
import { Formulas } from "../computing/formulas.mjs";
import { fill, useMark } from "../computing/numbers.mjs";
import { Optimizer } from "../computing/optimizers.mjs";

const stageNames = ["forward", "loss", "backward", "update"];

/** @param {string} id @returns {any} */
export const $ = id => document.getElementById(id);

/** Turns a class of an element on or off. */
export const mark = (element, name, isOn) => { element?.classList.toggle(name, Boolean(isOn)); };
/** Writes attributes of an element. */
export const set = (element, attributes) => {
  for (const key in attributes) element.setAttribute(key, attributes[key]);
  return element;
};
export const press = (id, isOn) => set($(id), { "aria-pressed": isOn });

export const root = document.documentElement;
export const figure = $("figure");
export const svg = $("graph");
/** The entries of an array; there is one on pages of arrays only. */
export const grid = $("grid");
const { dataset } = figure;
export const graph = JSON.parse(dataset["graph"]);
export const text = JSON.parse(dataset["text"]);
/** The order of the backward pass. */
export const { order } = graph;
export const { end, loss, precision, starts } = graph;
/** What is computed, a box each. @type {import("../computing/engine.mjs").GraphNode[]} */
export const { nodes } = graph;
/** A sentence of the page, with its places filled. */
export const say = (key, ...parts) => fill(text[key], parts);
useMark(text.mark);

export const engine = new Engine(nodes, loss);
const arrays = new Arrays(nodes, loss);
/** By box, its entries among all numbers; a number is its own only one. */
export const { entries } = arrays;
export const machine = arrays.engine;
export const indices = isWanted => nodes.map((_, i) => i).filter(isWanted);
/** Whether a number can be edited: those in the program stand in the formulas of arrays, which stay as they are. */
export const isLeaf = i => !nodes[i].o && !graph.isStored && !(grid && nodes[i].r === "constant");
export const isArray = i => nodes[i]?.d?.length > 0;

/** Where each stage ends. */
export const ends = [starts[1], starts[2], starts[3], end];
export const hasUpdate = graph.lr != null;
/** Whether the script knows the rule of the update. */
export const canTrain = hasUpdate && !graph.isStored && (!graph.rule || graph.optimizer != null);
export const parameters = indices(i => nodes[i].r === "parameter" && engine.reaches[i]);
const trained = parameters.flatMap(i => entries[i]);
export const start = Float64Array.from(machine.nodes, node => node.o ? 0 : node.v ?? NaN);
/** The numbers after an update by a rule that the script does not know. */
const given = [];
nodes.forEach((node, i) => [node.u].flat().forEach((number, k) => { given[entries[i][k]] = number; }));

export const optimizer = new Optimizer(graph.optimizer);
export const state = {
  pos: ends[2], isWhole: true, selected: -1, entry: 0, x: start.slice(), rate: graph.lr, step: 0.01, isNudged: false,
  isPredicting: false, showsLetters: false, hovered: -1, isPlaying: false,
};
/** The losses before each update, and copies of the leaves for Undo. */
export const losses = [];
export const past = [];
/** The gradients that were found, and what was typed for others. */
export const found = new Set();
export const tried = new Map();

/** The numbers of everything. @type {import("../computing/engine.mjs").Result} */
export let all;
/** The numbers of boxes: of an array, those of the chosen entry. @type {import("../computing/engine.mjs").Result} */
export let result;
export let updated;

/** The number of a box: its chosen entry. */
export const at = i => entries[i][i === state.selected ? state.entry : 0];

export const formulas = new Formulas(engine, precision, graph.operations, text.separator);
export const number = (x, digits) => formulas.number(x, digits);
export const name = i => formulas.name(i);
/** The name of an entry as programs have it: `W[0, 1]`. */
export const entryName = (i, k = i === state.selected ? state.entry : 0) => {
  if (!isArray(i)) return name(i);
  let rest = graph.isStored && nodes[i].c ? nodes[i].c[k] : k;
  const places = [...nodes[i].d].reverse().map(size => {
    const place = rest % size;
    rest = (rest - place) / size;
    return place;
  });
  return `${name(i)}[${places.reverse().join(text.separator)}]`;
};
/** `L = −8`; of an array its name. */
export const equation = i => isArray(i) ? name(i) : `${name(i)} = ${number(result.values[i])}`;

/** Takes the chosen entries anew. */
export function look() {
  const of = list => nodes.map((_, i) => list[at(i)]);
  result = formulas.result = grid ? { values: of(all.values), gradients: of(all.gradients), locals: of(all.locals) } : all;
}

export function compute() {
  const { x } = state;
  all = machine.run(x);
  if (graph.isStored) all.gradients.set(nodes.flatMap(node => node.g));
  look();
  updated = canTrain ? optimizer.next(trained, x, all.gradients, state.rate)
    : x.map((old, n) => given[n] == null ? old : isEdited() ? NaN : given[n]);
}
compute();
export const firstLoss = result.values[loss];
export const lossOf = (x, fixed, at) => machine.lossAt(x, fixed, at);
/** One update of the parameters. */
export const update = () => state.x.set(optimizer.next(trained, state.x, all.gradients, state.rate, true));
export const isDiverged = x => trained.some(n => !Number.isFinite(x[n]));

export const stageNow = () => state.pos <= starts[1] ? 0 : state.pos <= starts[2] ? 1 : state.pos <= starts[3] ? 2 : 3;
/** The step of the training in which the gradient of a value is computed. */
export const gradientStep = i => nodes[i].st == null ? Infinity : starts[2] + nodes[i].st;
/** Whether the reader is to find a gradient. */
export const isAsked = i => state.isPredicting && i !== loss && nodes[i]?.st != null && !found.has(i);
export function isEdited() { return state.x.some((x, n) => x !== start[n]); }
/** The entries that are not what they were: box, entry, number. */
export const changed = () => nodes.flatMap((_, i) =>
  isLeaf(i) ? entries[i].map((n, k) => [i, k, n]).filter(([, , n]) => state.x[n] !== start[n]) : []);

/** Remembers the numbers for Undo, one copy a gesture. */
export function keep() {
  past.push({ x: state.x.slice(), losses: losses.slice(), optimizer: optimizer.copy() });
  if (past.length > 500) past.shift();
}

export function forget() {
  found.clear();
  tried.clear();
}

// The address

const idOf = (i, k) => encodeURIComponent(nodes[i].i) + (k ? "," + k : "");

export function address() {
  const stage = stageNow();
  const parts = ["stage=" + stageNames[stage]];
  if (!state.isWhole) parts.push("step=" + (state.pos - starts[stage]));
  if (state.selected >= 0) parts.push("value=" + idOf(state.selected, state.entry));
  const edits = changed();
  if (edits.length <= 60) for (const [i, k, n] of edits) parts.push(`set.${idOf(i, k)}=${state.x[n]}`);
  if (state.rate !== graph.lr) parts.push("lr=" + state.rate);
  if (state.isNudged) parts.push("nudge=" + state.step);
  if (state.isPredicting) parts.push("predict=1");
  if (state.showsLetters) parts.push("letters=1");
  return parts.join("&");
}

/** Takes the state from an address; whatever makes no sense is ignored. @param {string} hash */
export function load(hash) {
  const parts = new Map(hash.split("&").map(part => {
    const cut = part.indexOf("=");
    try {
      return [decodeURIComponent(part.slice(0, cut)), decodeURIComponent(part.slice(cut + 1))];
    } catch {
      return ["", ""];
    }
  }));
  /** The box and the entry of `W,3`. */
  const place = (id = "") => {
    const [own, k = 0] = id.split(",");
    const i = nodes.findIndex(node => node.i === own);
    return i >= 0 && entries[i][k] != null ? [i, Number(k)] : [-1, 0];
  };
  state.hovered = -1;
  forget();
  losses.length = 0;
  optimizer.restart();
  state.x.set(start);
  for (const [key, text] of parts) {
    const [i, k] = key.startsWith("set.") ? place(key.slice(4)) : [-1];
    const number = Number(text);
    if (i >= 0 && isLeaf(i) && text.trim() !== "" && Number.isFinite(number)) state.x[entries[i][k]] = number;
  }
  const stage = stageNames.indexOf(parts.get("stage"));
  const isKnown = stage >= 0 && (stage < 3 || hasUpdate);
  const step = Math.floor(parts.get("step"));
  state.isWhole = !isKnown || !Number.isFinite(step);
  state.pos = !isKnown ? ends[2] : state.isWhole ? ends[stage]
    : Math.max(starts[stage], Math.min(ends[stage], starts[stage] + step));
  const rate = Number(parts.get("lr"));
  state.rate = rate > 0 && rate < 1e6 && hasUpdate ? rate : graph.lr;
  [state.selected, state.entry] = place(parts.get("value"));
  state.isPredicting = parts.get("predict") === "1" && !grid;
  const nudge = Number(parts.get("nudge"));
  state.isNudged = nudge > 0 && nudge <= 1 && state.selected >= 0 && state.selected !== loss && !state.isPredicting
    && !graph.isStored;
  if (state.isNudged) state.step = nudge;
  state.showsLetters = parts.get("letters") === "1";
  compute();
}
