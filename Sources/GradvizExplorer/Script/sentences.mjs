// What is said of a moment, and the lists below the drawing.

import { elements, make } from "./markup.mjs";
import { change } from "./numbers.mjs";
import { $ } from "./page.mjs";

/** @typedef {{words: string, line: (string | Element)[]}} Sentence */

export class Sentences {
  /** @param {import("./page.mjs").Page} page @param {import("./drawing.mjs").Drawing} drawing */
  constructor(page, drawing) {
    this.page = page;
    this.drawing = drawing;
  }

  /** The place in the training step: `3 Backward pass, step 2 of 4`. */
  place() {
    const { ends, starts, stage, state, text } = this.page;
    const step = state.pos === 0 ? text.before
      : text.step.replace("{}", String(state.pos - starts[stage])).replace("{}", String(ends[stage] - starts[stage]));
    return `${text.stages[stage]}, ${step}`;
  }

  more(list, most) {
    return list.length > most ? this.page.text.semicolon + this.page.text.more.replace("{}", String(list.length - most)) : "";
  }

  /** @returns {Sentence} */
  moment() {
    const { page } = this;
    const { state } = page;
    if (state.isPredicting && page.stage >= 2 && page.indices(i => page.isAsked(i)).length > 0) {
      const asked = page.indices(i => page.gradientStep(i) === state.pos && page.isAsked(i));
      if (state.isWhole || page.stage === 3 || asked.length > 0) return this.said(page.text.predictSay);
    }
    if (page.stage === 3) return this.update();
    if (state.isWhole) return this.whole();
    if (state.pos === 0) return this.said(page.text.given);
    return page.stage < 2 ? this.values() : this.gradients();
  }

  said(words) { return { words, line: [words] }; }

  update() {
    const { canTrain, engine, formulas, graph, loss, result, state, text, updated } = this.page;
    if (!canTrain && this.page.isEdited) return this.said(text.unknownRule);
    const after = engine.lossAt(updated);
    const losses = change(result.values[loss], after, graph.precision);
    const words = (graph.rule ? text.updatedByRule : text.updated)
      .replace("{lr}", formulas.number(this.page.canTrain ? this.page.optimizer.rate(state.rate) : state.rate))
      .replace("{}", losses[0]).replace("{}", losses[1]);
    return this.said(words);
  }

  /** A finished stage. */
  whole() {
    const { ends, formulas, loss, nodes, parameters, result, stage, text } = this.page;
    const page = this.page;
    if (stage < 2) {
      const predictions = page.indices(i => nodes[i].r === "prediction");
      const last = page.indices(i => nodes[i].at === ends[0] && ends[0] > 0);
      const list = stage === 1 || predictions.length + last.length === 0 ? [loss]
        : predictions.length > 0 ? predictions : last;
      const values = list.slice(0, 6).map(i => `${formulas.name(i)} = ${formulas.number(result.values[i])}`).join(this.page.text.semicolon);
      const rest = this.more(list, 6);
      return { words: `${text.whole[stage]} ${values}${rest}`, line: [text.whole[stage] + " ", make("b", values, "v"), rest] };
    }
    const leaves = page.indices(i => page.isLeaf(i) && nodes[i].st != null);
    const list = parameters.length > 0 ? parameters : leaves;
    const some = list.slice(0, 6);
    const rest = this.more(list, 6);
    const words = some.map(i => `${text.gradientOf.replace("{}", formulas.name(i))} ${formulas.number(result.gradients[i])}`);
    const line = some.flatMap((i, k) => elements([
      k > 0 ? this.page.text.semicolon : "", formulas.derivative(loss, i), " = ", { b: formulas.number(result.gradients[i]), c: "g" }]));
    return { words: `${text.whole[2]} ${words.join(this.page.text.semicolon)}${rest}`, line: [text.whole[2] + " ", ...line, rest] };
  }

  values() {
    const { formulas, nodes, result, state } = this.page;
    const list = this.page.indices(i => nodes[i].at === state.pos);
    const some = list.slice(0, 4);
    const rest = this.more(list, 4);
    const words = some.map(i => `${formulas.name(i)} = ${formulas.number(result.values[i])}`).join(this.page.text.semicolon) + rest;
    const line = some.flatMap((i, k) => [
      k > 0 ? this.page.text.semicolon : "",
      `${formulas.name(i)} = ${formulas.definition(i, a => formulas.name(a))} = ${formulas.definition(i, a => formulas.value(a))} = `,
      make("b", formulas.number(result.values[i]), "v")]);
    return { words, line: [...line, rest] };
  }

  gradients() {
    const { formulas, state, text } = this.page;
    const list = this.page.indices(i => this.page.gradientStep(i) === state.pos);
    const some = list.slice(0, 3).map(i => formulas.chain(i, text));
    const rest = this.more(list, 3);
    return {
      words: some.map(chain => chain.words).join(this.page.text.semicolon) + rest,
      line: [...some.flatMap((chain, k) => [k > 0 ? this.page.text.semicolon : "", ...elements(chain.line)]), rest],
    };
  }

  // Below the drawing

  /** The most lines of the chain rule, and rows of the update. */
  static mostLines = 200;

  writeLists() {
    const { formulas, loss, nodes, parameters, result, start, state, text, updated } = this.page;
    const page = this.page;
    const { places } = this.drawing;
    const rows = page.indices(i => nodes[i].st != null)
      .sort((a, b) => nodes[a].st - nodes[b].st || places[a][1] - places[b][1] || a - b);
    const lines = rows.slice(0, Sentences.mostLines).map(i => {
      const line = page.isAsked(i) ? [formulas.derivative(loss, i), " = ?"] : formulas.chain(i, text).line;
      const item = make("li", null, "f", make("span", String(nodes[i].st), "badge"), ...elements(line));
      item.value = nodes[i].st;
      return item;
    });
    if (rows.length > lines.length) lines.push(make("li", text.more.replace("{}", String(rows.length - lines.length)), "muted"));
    $("rules").replaceChildren(...lines);
    $("table")?.tBodies[0].replaceChildren(...parameters.slice(0, Sentences.mostLines).map(i => {
      const isAsked = page.isAsked(i);
      const head = make("th", formulas.name(i));
      head.scope = "row";
      const numbers = [result.gradients[i], updated[i] - state.x[i], updated[i]];
      const cells = [formulas.number(state.x[i]), ...numbers.map(x => isAsked ? "?" : Number.isNaN(x) ? "" : formulas.number(x))];
      return make("tr", null, null, head, ...cells.map(cell => make("td", cell)));
    }));
    const edited = page.indices(i => page.isLeaf(i) && state.x[i] !== start[i]);
    $("edited").textContent = edited.slice(0, 60)
      .map(i => `${nodes[i].n || formulas.number(start[i])} = ${formulas.number(state.x[i])}`).join(this.page.text.separator);
    $("editedline").hidden = edited.length === 0;
  }
}
