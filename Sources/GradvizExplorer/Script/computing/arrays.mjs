// Programs of arrays, for any numbers in their leaves: each operation becomes operations of single numbers, as in
// Autograd/Expansion/ScalarExpansion.swift, which the engine computes. A number is an array of one entry.

import { Engine } from "./engine.mjs";

/**
 * @typedef {object} ArrayNode - one array, in evaluation order
 * @property {string} i - its id in the graph's JSON
 * @property {string} r - its role
 * @property {number[]} [d] - its shape; that of a number without it
 * @property {string} [o] - the operation, of a computed array
 * @property {number[]} [a] - its operands
 * @property {number} [p] - a constant exponent
 * @property {number} [x] - the axis of a reduction, counted from 0; all axes without it
 * @property {number[]} [m] - where each entry comes from, of an operation that only moves entries: places among those of
 *   all operands, one after another
 * @property {number | number[]} [v] - the numbers of a leaf, or of any array where the page does not compute
 */

const sizeOf = shape => shape.reduce((a, b) => a * b, 1);

/** For each entry of an array of shape `to`, the entry of one of shape `from` that meets it. */
export function broadcast(from, to) {
  /** @type {number[]} */
  let places = [0];
  to.forEach((size, axis) => {
    const own = from[axis - to.length + from.length] ?? 1;
    places = places.flatMap(base => Array.from({ length: size }, (_, k) => base * own + (own > 1 ? k : 0)));
  });
  return places;
}

/** The entries that each entry of a reduction takes, in order. @param {number[]} shape @param {number} [axis] */
export function groups(shape, axis) {
  if (axis == null) return [Array.from({ length: sizeOf(shape) }, (_, k) => k)];
  const inner = sizeOf(shape.slice(axis + 1));
  const size = shape[axis];
  return Array.from({ length: sizeOf(shape.slice(0, axis)) * inner }, (_, k) => {
    const first = Math.floor(k / inner) * size * inner + k % inner;
    return Array.from({ length: size }, (_, place) => first + place * inner);
  });
}

export class Arrays {
  /** @param {ArrayNode[]} nodes @param {number} loss */
  constructor(nodes, loss) {
    this.nodes = nodes;
    /** Every number of the program. @type {import("./engine.mjs").GraphNode[]} */
    this.numbers = [];
    /** By array, its entries among the numbers. @type {number[][]} */
    this.entries = [];
    for (const node of nodes) this.entries.push(this.expand(node));
    this.engine = new Engine(this.numbers, this.entries[loss][0]);
  }

  /** A number computed from others; its place. */
  put(o, a, p) { return this.numbers.push(/** @type {any} */ ({ o, a, p })) - 1; }

  /** @param {ArrayNode} node @returns {number[]} */
  expand({ o, a = [], d = [], m, p, v, x }) {
    if (!o || v) return [v].flat().map(number => this.numbers.push(/** @type {any} */ ({ v: number })) - 1);
    const operands = a.map(k => this.entries[k]);
    const shapes = a.map(k => this.nodes[k].d ?? []);
    // A moved entry has a gradient of its own, that of its own uses.
    const given = operands.flat();
    if (o === "reshape") m = [...given.keys()];
    if (m) return m.map(place => this.put("sum", [given[place]]));
    if (o === "matrixMultiply") return this.product(operands, shapes, d);
    if (o === "softmax") {
      const result = operands[0].slice();
      for (const group of groups(d, x)) {
        const most = this.put("maximumReduction", group.map(k => operands[0][k]));
        const powers = group.map(k => this.put("exp", [this.put("subtract", [operands[0][k], most])]));
        const total = this.put("sum", powers);
        group.forEach((k, place) => { result[k] = this.put("divide", [powers[place], total]); });
      }
      return result;
    }
    if (/^(sum|mean|maximumReduction|minimumReduction|logSumExp)$/.test(o)) {
      const [all, shape] = a.length === 1 ? [operands[0], shapes[0]] : [operands.flat(), [a.length]];
      return groups(shape, x).map(group => this.put(o, group.map(k => all[k])));
    }
    const places = shapes.map(shape => broadcast(shape, d));
    return places[0].map((_, k) => this.put(o, operands.map((list, slot) => list[places[slot][k]]), p));
  }

  /** Products of matrices, of vectors, and of many matrices at once. */
  product([left, right], [from, to], shape) {
    const wide = to.length === 1 ? [...to, 1] : to;
    const [inner, columns] = wide.slice(-2);
    const rows = from.length === 1 ? 1 : from[from.length - 2];
    const outer = shape.slice(0, shape.length - (from.length > 1 ? 1 : 0) - (to.length > 1 ? 1 : 0));
    const firsts = [broadcast(from.slice(0, -2), outer), broadcast(wide.slice(0, -2), outer)];
    return firsts[0].flatMap((batch, number) => Array.from({ length: rows * columns }, (_, k) => {
      const row = (batch * rows + Math.floor(k / columns)) * inner;
      const column = firsts[1][number] * inner * columns + k % columns;
      return this.put("sum", Array.from({ length: inner }, (_, place) =>
        this.put("multiply", [left[row + place], right[column + place * columns]])));
    }));
  }
}
