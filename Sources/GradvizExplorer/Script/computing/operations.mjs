// What each operation computes, and how it changes with each operand: the values and derivatives of
// Autograd/Passes/ElementRules.swift, ties and limits included.

import { halfToEven } from "./numbers.mjs";

/**
 * @typedef {object} Operation
 * @property {(...x: number[]) => number} value
 * @property {(y: number, ...x: number[]) => number[]} slopes - by operand, given the result
 */

/** As accurate as the engine's: Moshier's rational approximation near 0. @param {number} x */
function tanh(x) {
  const size = Math.abs(x);
  if (isNaN(x)) return x;
  const square = size * size;
  const top = (-9.64399179425052238628e-1 * square - 9.92877231001918586564e1) * square - 1.61468768441708447952e3;
  const bottom = ((square + 1.12811678491632931402e2) * square + 2.23548839060100448583e3) * square
    + 4.84406305325125486048e3;
  const result = size < 0.625 ? size + size * square * (top / bottom) : 1 - 2 / (Math.exp(2 * size) + 1);
  return x < 0 ? -result : result;
}

/** On the side where e^… does not overflow. @param {number} x */
function sigmoid(x) {
  const e = Math.exp(-Math.abs(x));
  return (x < 0 ? e : 1) / (1 + e);
}

const slopeOfErf = 1.1283791670955126;

/** A series of positive terms, and far from 0 a continued fraction. @param {number} x */
function erf(x) {
  const size = Math.abs(x);
  if (!(size > 0)) return x;
  let result = 1;
  if (size < 2.5) {
    let term = size;
    let sum = size;
    for (let n = 1; term > sum * 1e-18; n++) {
      term *= 2 * size * size / (2 * n + 1);
      sum += term;
    }
    result = slopeOfErf * Math.exp(-size * size) * sum;
  } else if (size < 6) {
    let fraction = 0;
    for (let n = 60; n > 0; n--) fraction = n / 2 / (size + fraction);
    result = 1 - slopeOfErf / 2 * Math.exp(-size * size) / (size + fraction);
  }
  return x < 0 ? -result : result;
}

const leastClamped = Math.fround(1e-12);
const slopeOfClampedLog = x =>
  x < 0 || x > 1 || x * (1 - x) >= leastClamped ? 1 / x : (1 - x) / leastClamped;

const greatest = x => x.reduce((a, b) => Math.max(a, b), -Infinity);
const least = x => x.reduce((a, b) => Math.min(a, b), Infinity);
const total = x => x.reduce((a, b) => a + b, 0);
const sign = x => x > 0 ? 1 : x < 0 ? -1 : isNaN(x) ? x : 0;

/** Each of the operands that are equal to the result has an equal share. */
function ties(y, ...x) {
  const count = x.filter(a => a === y).length;
  return x.map(a => a === y ? 1 / count : isNaN(y) ? NaN : 0);
}

function logSumExp(...x) {
  const most = greatest(x);
  return Number.isFinite(most) ? most + Math.log(total(x.map(a => Math.exp(a - most)))) : most;
}

const operation = (value, slopes) => ({ value, slopes });
const unary = (value, slope) => operation(value, (y, x) => [slope(x, y)]);
const comparison = holds => operation((a, b) => holds(a, b) ? 1 : 0, () => [0, 0]);
const stepwise = value => unary(value, () => 0);

/** @type {Record<string, Operation>} */
const operations = {
  add: operation((a, b) => a + b, () => [1, 1]),
  subtract: operation((a, b) => a - b, () => [1, -1]),
  multiply: operation((a, b) => a * b, (y, a, b) => [b, a]),
  divide: operation((a, b) => a / b, (y, a, b) => [1 / b, -a / (b * b)]),
  maximum: operation((a, b) => Math.max(a, b), (y, a, b) => a === b ? [0.5, 0.5] : a > b ? [1, 0] : [0, 1]),
  minimum: operation((a, b) => Math.min(a, b), (y, a, b) => a === b ? [0.5, 0.5] : a < b ? [1, 0] : [0, 1]),
  less: comparison((a, b) => a < b),
  lessOrEqual: comparison((a, b) => a <= b),
  greater: comparison((a, b) => a > b),
  greaterOrEqual: comparison((a, b) => a >= b),
  equal: comparison((a, b) => a === b),
  notEqual: comparison((a, b) => a !== b),
  masked: operation((a, b) => b !== 0 ? a : 0, (y, a, b) => [b !== 0 ? 1 : 0, 0]),
  negate: unary(x => -x, () => -1),
  exp: unary(Math.exp, (x, y) => y),
  log: unary(Math.log, x => 1 / x),
  clampedLog: unary(x => Math.max(Math.log(x), -100), slopeOfClampedLog),
  tanh: unary(tanh, (x, y) => 1 - y * y),
  sigmoid: unary(sigmoid, (x, y) => y * (1 - y)),
  relu: unary(x => x > 0 || isNaN(x) ? x : 0, x => x > 0 ? 1 : isNaN(x) ? x : 0),
  sin: unary(Math.sin, x => Math.cos(x)),
  cos: unary(Math.cos, x => -Math.sin(x)),
  sqrt: unary(Math.sqrt, (x, y) => 0.5 / y),
  abs: unary(Math.abs, sign),
  tan: unary(Math.tan, (x, y) => 1 + y * y),
  asin: unary(Math.asin, x => 1 / Math.sqrt(1 - x * x)),
  acos: unary(Math.acos, x => -1 / Math.sqrt(1 - x * x)),
  atan: unary(Math.atan, x => 1 / (1 + x * x)),
  sinh: unary(Math.sinh, x => Math.cosh(x)),
  cosh: unary(Math.cosh, x => Math.sinh(x)),
  log1p: unary(Math.log1p, x => 1 / (x + 1)),
  expm1: unary(Math.expm1, (x, y) => y + 1),
  log2: unary(Math.log2, x => 1 / (x * 0.6931471805599453)),
  log10: unary(Math.log10, x => 1 / (x * 2.302585092994046)),
  erf: unary(erf, x => slopeOfErf * Math.exp(-x * x)),
  sign: stepwise(sign),
  floor: stepwise(Math.floor),
  ceil: stepwise(Math.ceil),
  round: stepwise(halfToEven),
  stopGradient: stepwise(x => x),
  sum: operation((...x) => total(x), (y, ...x) => x.map(() => 1)),
  mean: operation((...x) => total(x) / x.length, (y, ...x) => x.map(() => 1 / x.length)),
  maximumReduction: operation((...x) => greatest(x), ties),
  minimumReduction: operation((...x) => least(x), ties),
  logSumExp: operation(logSumExp, (y, ...x) => x.map(a => Math.exp(a - y))),
};

/** With a constant exponent. @param {number} e @returns {Operation} */
const powerOf = e => unary(x => e === 2 ? x * x : x ** e, x => e === 0 ? 0 : e * x ** (e - 1));
const power = operation(
  (a, b) => a ** b,
  (y, a, b) => [b === 0 ? 0 : b * a ** (b - 1), a === 0 && b >= 0 ? 0 : y * Math.log(a)]);

/** The operation of a value; undefined for one that this script does not know. @param {{o: string, p?: number}} node */
export function operationOf(node) {
  if (node.o === "power") return node.p == null ? power : powerOf(node.p);
  return Object.hasOwn(operations, node.o) ? operations[node.o] : undefined;
}
