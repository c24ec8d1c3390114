// What a typed number says about the way it was found.

import { productOf, sumOf, typedNumber } from "../computing/numbers.mjs";
import { engine, name, nodes, number, result, say, state, text } from "../page/page.mjs";

/** Whether a typed number is another one, within 1 %. @param {number} a @param {number} b */
export const isNear = (a, b) => Math.abs(a - b) <= Math.max(Math.abs(b) * 0.01, 1e-6);

/**
 * Whether an answer is right, and what is said of it: right within 1 %, otherwise the first slip that gives it.
 * @param {number} i @param {string} answer @param {[number, string][]} more - further slips
 * @returns {{isRight: boolean, words: string}}
 */
export function judge(i, answer, more = []) {
  const typed = typedNumber(answer);
  if (isNaN(typed)) return { isRight: false, words: text.noNumber };
  const gradient = result.gradients[i];
  if (isNear(typed, gradient)) return { isRight: true, words: say("right", number(gradient)) };
  const uses = engine.uses[i].filter(([user]) => engine.reaches[user]);
  const locals = uses.map(([user, slot]) => result.locals[user][slot]);
  const upstream = uses.map(([user]) => result.gradients[user]);
  const shares = locals.map((local, k) => local * upstream[k]);
  const { slips } = text;
  /** @type {[number, string][]} */
  const candidates = [];
  if (uses.length > 1) {
    candidates.push(...shares.map(share => [share, slips.share]));
    candidates.push([sumOf(shares) / shares.length, slips.average], [productOf(shares), slips.product]);
  } else if (uses.length === 1) {
    candidates.push(
      [locals[0], slips.local], [upstream[0], slips.upstream], [upstream[0] + locals[0], slips.added],
      [upstream[0] * result.values[i], slips.own], [upstream[0] / locals[0], slips.divided]);
  }
  candidates.push(...more, [-gradient, slips.sign], [result.values[i], slips.value]);
  if (nodes[i].r === "parameter" && state.rate) {
    candidates.push([state.rate * gradient, slips.step], [-state.rate * gradient, slips.step]);
  }
  const user = uses.length > 0 ? name(uses[0][0]) : "";
  const fill = words => words.replace(/{i}/g, name(i)).replace(/{k}/g, user).replace(/{n}/g, uses.length);
  const slip = candidates.find(([value]) => Number.isFinite(value) && isNear(typed, value));
  if (slip) return { isRight: false, words: fill(slip[1]) };
  if (Math.abs(typed - gradient) <= Math.abs(gradient) * 0.1) return { isRight: false, words: slips.close };
  if (gradient !== 0 && Math.sign(typed) === -Math.sign(gradient)) return { isRight: false, words: slips.wrongsign };
  return { isRight: false, words: fill(slips.other) };
}
