// The computation and its gradients, for any numbers in the leaves.

import { operationOf } from "./operations.mjs";

/**
 * @typedef {object} GraphNode - one value, in evaluation order
 * @property {string} i - its id in the graph's JSON
 * @property {string} n - its name; empty for a number in the program
 * @property {string} r - its role
 * @property {string} [o] - the operation, of a computed value
 * @property {number[]} [a] - its operands
 * @property {number} [p] - a constant exponent
 * @property {number[]} [d] - the shape of an array
 * @property {string} [f] - how it is computed, of arrays
 * @property {number[]} [c] - the entries of an array that the drawing shows, if not all
 * @property {number[]} [g] - its gradient, where the page does not compute
 * @property {number | number[]} [v] - the numbers of a leaf, or of any value where the page does not compute
 * @property {number} [l] - its sample, from 0
 * @property {number} at - the step in which it is known
 * @property {number} [st] - the step of the backward pass in which its gradient is
 * @property {string} [b] - what the drawing writes at its box where several have one step: 4a
 * @property {string} [s] - its gradient as a formula
 * @property {string} [k] - the id of its box where that is not `i`
 * @property {number | number[]} [u] - its numbers after the update, where the script does not know the rule
 */

/**
 * @typedef {object} Result
 * @property {Float64Array} values
 * @property {Float64Array} gradients
 * @property {number[][]} locals - by computed value, by operand
 */

export class Engine {
  /** @param {GraphNode[]} nodes @param {number} loss */
  constructor(nodes, loss) {
    this.nodes = nodes;
    this.loss = loss;
    this.operations = nodes.map(node => node.o ? operationOf(node) : undefined);
    /** By value, its uses: the user, and the place among its operands. @type {[number, number][][]} */
    this.uses = nodes.map(() => []);
    nodes.forEach((node, user) => (node.a ?? []).forEach((operand, slot) => this.uses[operand].push([user, slot])));
    /** Whether the loss depends on a value. */
    this.reaches = nodes.map(() => false);
    this.reaches[loss] = true;
    for (let i = nodes.length - 1; i >= 0; i--) {
      if (this.reaches[i]) (nodes[i].a ?? []).forEach(operand => { this.reaches[operand] = true; });
    }
    /** The operations that this script does not know. */
    this.unknown = [...new Set(nodes.filter((node, i) => node.o && !this.operations[i]).map(node => node.o))];
  }

  /**
   * One pass forward, and one back unless it is not asked for.
   * @param {ArrayLike<number>} leaves @param {{fixed?: number, at?: number, back?: boolean}} [how]
   * @returns {Result}
   */
  run(leaves, { fixed = -1, at = 0, back = true } = {}) {
    const { nodes, operations } = this;
    const values = new Float64Array(nodes.length);
    const gradients = new Float64Array(nodes.length);
    /** @type {number[][]} */
    const locals = [];
    for (let i = 0; i < nodes.length; i++) {
      if (nodes[i].o) {
        const operands = nodes[i].a.map(k => values[k]);
        values[i] = operations[i].value(...operands);
        if (back) locals[i] = operations[i].slopes(values[i], ...operands);
      } else {
        values[i] = leaves[i];
      }
      if (i === fixed) values[i] = at;
    }
    if (back) {
      gradients[this.loss] = 1;
      /** @type {number[]} */
      const largest = [];
      for (let i = nodes.length - 1; i >= 0; i--) {
        // Less than the last bit of a share is rounding.
        if (Math.abs(gradients[i]) < 2 ** (Math.floor(Math.log2(largest[i])) - 52)) gradients[i] = 0;
        if (!locals[i] || !this.reaches[i]) continue;
        nodes[i].a.forEach((operand, slot) => {
          const share = gradients[i] * locals[i][slot];
          gradients[operand] += share;
          largest[operand] = Math.max(largest[operand] ?? 0, Math.abs(share));
        });
      }
    }
    return { values, gradients, locals };
  }

  /** The loss for these leaves, one value held at a number. */
  lossAt(leaves, fixed = -1, at = 0) { return this.run(leaves, { fixed, at, back: false }).values[this.loss]; }

  /** All that a value is computed from. @param {number} i @returns {Set<number>} */
  above(i, found = new Set()) {
    for (const k of this.nodes[i].a ?? []) if (!found.has(k)) this.above(k, found.add(k));
    return found;
  }

  /** All that is computed from a value on the way to the loss. @param {number} i @returns {Set<number>} */
  below(i, found = new Set()) {
    for (const [k] of this.uses[i]) if (this.reaches[k] && !found.has(k)) this.below(k, found.add(k));
    return found;
  }

  /**
   * How many paths lead from a value to the loss, and the first of them as lists of uses: they are counted first, as their
   * number doubles with each reuse.
   * @param {number} i @returns {[number, [number, number][][]]}
   */
  paths(i, most = 8) {
    const counts = new Float64Array(this.nodes.length);
    counts[this.loss] = 1;
    for (let k = this.nodes.length - 1; k >= 0; k--) {
      if (k !== this.loss) counts[k] = this.uses[k].reduce((sum, [user]) => sum + counts[user], 0);
    }
    /** @type {[number, number][][]} */
    const list = [];
    const walk = (k, way) => {
      if (list.length >= most) return;
      if (k === this.loss) return void list.push(way);
      for (const use of this.uses[k]) if (counts[use[0]] > 0) walk(use[0], [...way, use]);
    };
    walk(i, []);
    return [counts[i], list];
  }
}
