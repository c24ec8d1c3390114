// An exercise's own slips: derivatives taken at the wrong number, and results of the forward pass.

import { isNear } from "./judging.mjs";
import { productOf, sumOf, typedNumber } from "../computing/numbers.mjs";
import { engine, formulas, name, nodes, number, result, say, text } from "../page/page.mjs";

/**
 * What a gradient is if the derivative of the only function that a value goes into is taken at the wrong number.
 * @param {number} i @returns {[number, string][]}
 */
export function slopeSlips(i) {
  const uses = engine.uses[i].filter(([user]) => engine.reaches[user]);
  if (uses.length !== 1 || nodes[uses[0][0]].a.length !== 1) return [];
  const user = uses[0][0];
  const { slopes } = engine.operations[user];
  const [x, y, upstream] = [result.values[i], result.values[user], result.gradients[user]];
  return [[upstream * slopes(y, y)[0], text.more.output], [upstream * slopes(x, x)[0], text.more.input]];
}

/** What other operations make of the operands of a value, and what is said of each. @returns {[number, string][]} */
function valueSlips(i) {
  const { a: operands = [], o: operation, p: exponent } = nodes[i];
  const { more } = text;
  const x = operands.map(k => result.values[k]);
  const { value } = engine.operations[i];
  /** @type {[number, string][]} */
  const slips = [];
  if (exponent != null) slips.push([x[0] * exponent, more.times], [-result.values[i], more.sign]);
  if (x.length === 2 && operation !== "multiply") slips.push([value(x[1], x[0]), more.swapped]);
  if (x.length > 1) {
    if (operation !== "multiply") slips.push([productOf(x), more.multiplied]);
    if (operation !== "add" && operation !== "sum") slips.push([sumOf(x), more.summed]);
    if (operation === "mean") slips.push([sumOf(x), more.summed]);
    slips.push(...x.map(one => /** @type {[number, string]} */ ([one, more.operand])));
    if (x.length > 2) slips.push(...x.map(one => /** @type {[number, string]} */ ([sumOf(x) - one, more.missing])));
  } else if (x.length === 1) {
    slips.push([x[0], more.unchanged]);
  }
  return [...slips, [-result.values[i], text.slips.sign], [result.gradients[i], more.gradient]];
}

/**
 * Whether an answer is a computed value's number, and what is said of it.
 * @param {number} i @param {string} answer @returns {{isRight: boolean, words: string}}
 */
export function judgeValue(i, answer) {
  const typed = typedNumber(answer);
  if (isNaN(typed)) return { isRight: false, words: text.noNumber };
  const right = result.values[i];
  if (isNear(typed, right)) return { isRight: true, words: say("right", number(right)) };
  const slip = valueSlips(i).find(([value]) => Number.isFinite(value) && isNear(typed, value));
  const isClose = Math.abs(typed - right) <= Math.abs(right) * 0.1;
  const words = slip ? slip[1] : isClose ? text.slips.close : text.more.other;
  const definition = formulas.definition(i, name);
  return { isRight: false, words: words.replace(/{i}/g, name(i)).replace(/{f}/g, definition) };
}
