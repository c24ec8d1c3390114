// What is said of a moment, and the lists below the drawing.

import { elements, make } from "./markup.mjs";
import { change } from "../computing/numbers.mjs";
import {
  $, canTrain, changed, ends, entryName, equation, formulas, gradientStep, graph, grid, indices, isArray, isAsked,
  isEdited, isLeaf, loss, lossOf, name, nodes, number, optimizer, order, parameters, precision, result, say, stageNow,
  start, starts, state, text, updated,
} from "./page.mjs";

/** @typedef {{words: string, line: (string | Element)[]}} Sentence */

/** The place in the training step: `3 Backward pass, step 2 of 4`. */
export function place() {
  const stage = stageNow();
  const step = state.pos === 0 ? text.before : say("step", state.pos - starts[stage], ends[stage] - starts[stage]);
  return `${text.stages[stage]}, ${step}`;
}

const said = words => ({ words, line: [words] });

/** The first ones of a list, with semicolons, and how many more there are. @returns {Sentence} */
function listed(list, most, of, begin = "") {
  const some = list.slice(0, most).map(of);
  const rest = list.length > most ? text.semicolon + say("more", list.length - most) : "";
  return {
    words: begin + some.map(one => one.words).join(text.semicolon) + rest,
    line: [begin, ...some.flatMap(({ line }, k) => k > 0 ? [text.semicolon, ...line] : line), rest],
  };
}

/** @returns {Sentence} */
export function moment() {
  const { isPredicting, isWhole, pos } = state;
  const stage = stageNow();
  if (isPredicting && stage >= 2 && indices(isAsked).length > 0
    && (isWhole || stage === 3 || indices(i => gradientStep(i) === pos && isAsked(i)).length > 0)) {
    return said(text.predictSay);
  }
  if (stage === 3) return update();
  if (isWhole) return whole(stage);
  if (pos === 0) return said(text.given);
  return stage < 2 ? listed(indices(i => nodes[i].at === pos), 4, computed)
    : listed(indices(i => gradientStep(i) === pos), 3, chain);
}

function update() {
  if (!canTrain && isEdited()) return said(text.unknownRule);
  const losses = graph.isStored ? [] : change(result.values[loss], lossOf(updated), precision);
  const rate = number(canTrain ? optimizer.rate(state.rate) : state.rate);
  return said(graph.isStored ? text.stored : say(graph.rule ? "updatedByRule" : "updated", rate, ...losses));
}

/** A finished stage. */
function whole(stage) {
  const begin = text.whole[stage] + " ";
  if (stage < 2) {
    const predictions = indices(i => nodes[i].r === "prediction");
    const list = stage === 1 ? [] : predictions.length > 0 ? predictions
      : indices(i => nodes[i].at === ends[0] && ends[0] > 0);
    return listed(list.length > 0 ? list : [loss], 6, i => ({ words: equation(i), line: [make("b", equation(i), "v")] }), begin);
  }
  const list = parameters.length > 0 ? parameters : indices(i => !nodes[i].o && nodes[i].st != null);
  return listed(list, 6, grid ? chain : i => ({
    words: `${say("gradientOf", name(i))} ${number(result.gradients[i])}`,
    line: elements([formulas.derivative(loss, i), " = ", { b: number(result.gradients[i]), c: "g" }]),
  }), begin);
}

const computed = i => {
  const names = `${name(i)} = ${formulas.definition(i, name)}`;
  if (isArray(i)) return said(names);
  const numbers = grid ? "" : ` = ${formulas.definition(i, a => formulas.value(a))}`;
  return { words: equation(i), line: [`${names}${numbers} = `, make("b", number(result.values[i]), "v")] };
};

const chain = i => {
  const { line, words } = formulas.chain(i, text);
  return { words, line: elements(line) };
};

// Below the drawing

/** The most lines of the chain rule, and rows of the update. */
const mostLines = 200;

export function writeLists() {
  const lines = order.slice(0, mostLines).map(i => {
    const line = isAsked(i) ? [formulas.derivative(loss, i), " = ?"] : formulas.chain(i, text).line;
    const item = make("li", null, "f", make("span", nodes[i].b ?? nodes[i].st, "badge"), ...elements(line));
    item.value = nodes[i].st;
    return item;
  });
  if (order.length > mostLines) lines.push(make("li", say("more", order.length - mostLines), "muted"));
  $("rules").replaceChildren(...lines);
  $("table")?.tBodies[0].replaceChildren(...parameters.slice(0, mostLines).map(i => {
    const head = make("th", name(i));
    head.scope = "row";
    const numbers = [result.gradients[i], updated[i] - state.x[i], updated[i]];
    const cells = numbers.map(x => isAsked(i) ? "?" : Number.isNaN(x) ? "" : number(x));
    return make("tr", null, null, head, ...[number(state.x[i]), ...cells].map(cell => make("td", cell)));
  }));
  const edits = changed();
  $("edited").textContent = edits.slice(0, 60)
    .map(([i, k, n]) => `${nodes[i].n ? entryName(i, k) : number(start[n])} = ${number(state.x[n])}`).join(text.separator);
  $("editedline").hidden = edits.length === 0;
}
