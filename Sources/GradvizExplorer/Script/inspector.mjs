// The inspector: everything about one value.

import { make, elements, plot } from "./markup.mjs";
import { bracketed, onPaper, sumOf } from "./numbers.mjs";
import { $ } from "./page.mjs";

export class Inspector {
  /** @param {import("./page.mjs").Page} page */
  constructor(page) {
    this.page = page;
    this.element = $("inspector");
  }

  show() {
    const { page } = this;
    const { engine, nodes, state, text } = page;
    const i = page.hovered >= 0 ? page.hovered : state.selected;
    const isSelected = i >= 0 && i === state.selected;
    const isHidden = i >= 0 && page.isAsked(i);
    const canNudge = isSelected && !state.isPredicting && engine.reaches[i] && i !== page.loss;
    this.element.classList.toggle("preview", i >= 0 && !isSelected);
    $("leaf").hidden = !isSelected || !page.isLeaf(i);
    $("nudging").hidden = !canNudge;
    $("asking").hidden = !(state.isPredicting && isSelected && i !== page.loss && nodes[i].st != null);
    if (i < 0) {
      $("name").textContent = text.pick;
      $("about").replaceChildren(make("p", text.pickHow, "muted"));
      $("curve").replaceChildren();
      $("more").replaceChildren();
      return;
    }
    const sample = nodes[i].l == null ? "" : ` · ${text.sample} ${nodes[i].l + 1}`;
    $("name").replaceChildren(
      make("b", page.formulas.name(i)), " ", make("span", text.roles[nodes[i].r] + sample, "muted"));
    $("about").replaceChildren(...this.value(i, isSelected), ...isHidden ? [] : this.gradient(i));
    $("more").replaceChildren(
      ...nodes[i].o ? this.localDerivatives(i) : [], ...isHidden || i === page.loss ? [] : this.paths(i));
    if (isSelected && page.isLeaf(i)) this.showLeaf(i);
    if (canNudge) this.showNudge(i);
    const curve = i !== page.loss && engine.reaches[i] && !isHidden ? [this.curve(i, isSelected)] : [];
    $("curve").replaceChildren(...curve);
  }

  value(i, isSelected) {
    const { formulas, isLeaf, nodes, result, text, graph, engine } = this.page;
    const number = formulas.number(result.values[i]);
    if (engine.isLeaf(i)) {
      // The number of the selected leaf is in its field.
      return isSelected ? [] : [make("h3", text.value), make("p", `${formulas.name(i)} = ${number}`, "f")];
    }
    const operands = nodes[i].a;
    const [texts, sign] = onPaper(
      operands.map(k => result.values[k]), x => engine.operations[i].value(...x), result.values[i], graph.precision);
    const names = formulas.definition(i, k => formulas.name(k));
    const numbers = formulas.definition(i, k => bracketed(texts[operands.indexOf(k)]));
    return [
      make("h3", text.value),
      make("p", null, "f", `${formulas.name(i)} = ${names}`, make("br"), `= ${numbers} ${sign} `, make("b", number, "v")),
    ];
  }

  gradient(i) {
    const { engine, formulas, loss, nodes, result, state, text } = this.page;
    const gradient = result.gradients[i];
    const lines = [make("h3", text.gradientHead), make("p", null, "f", ...elements(formulas.chain(i, text).line))];
    if (nodes[i].s && nodes[i].s !== formulas.number(gradient) && nodes[i].s.length < 60) {
      lines.push(make("p", null, "f", ...elements([formulas.derivative(loss, i), " = " + nodes[i].s])));
    }
    if (i !== loss && engine.reaches[i]) {
      const means = text.means.replace("{v}", formulas.name(i)).replace("{h}", formulas.number(state.step))
        .replace("{L}", formulas.name(loss)).replace("{d}", formulas.signed(gradient * state.step));
      lines.push(make("p", means, "muted"));
    }
    return lines;
  }

  localDerivatives(i) {
    const { engine, formulas, graph, nodes, result, text } = this.page;
    const operands = nodes[i].a;
    const lines = operands.slice(0, 4).map((k, slot) => {
      const rule = formulas.rule(i, slot, a => formulas.name(a));
      const [numbers, sign] = formulas.ruleInNumbers(i, slot);
      const number = formulas.local(i, slot);
      const parts = [formulas.derivative(i, k), " = " + rule];
      if (numbers !== rule && numbers !== bracketed(number)) parts.push(" = " + numbers);
      if (rule !== number && rule !== bracketed(number)) parts.push(` ${sign} `, { b: number });
      return make("p", null, "f", ...elements(parts));
    });
    if (operands.length > 4) lines.push(make("p", text.more.replace("{}", String(operands.length - 4)), "muted"));
    if (operands.length === 1) {
      const curve = {
        of: x => engine.operations[i].value(x), at: result.values[operands[0]], slope: result.locals[i][0],
        x: formulas.name(operands[0]), y: formulas.name(i), step: 0,
      };
      lines.push(make("div", null, "mini", plot(curve, text, graph.precision)));
    }
    return [make("h3", text.local), ...lines];
  }

  paths(i) {
    const { engine, formulas, graph, result, text } = this.page;
    if (!engine.reaches[i]) return [];
    const [count, list] = engine.paths(i);
    const ways = list.map(way => formulas.path(i, way));
    const shown = count > 1e6 ? formulas.number(count) : String(count);
    const lines = [make("h3", text.paths.replace("{}", shown)), ...ways.map(way => make(
      "p", null, "f path", make("span", way.names), make("br"), way.rules, make("br"), way.numbers,
      make("b", formulas.number(way.product), "g")))];
    if (count > list.length) {
      lines.push(make("p", text.morePaths.replace("{}", formulas.number(count - list.length, 6)), "muted"));
    } else if (list.length > 1) {
      const [texts, sign] = onPaper(ways.map(way => way.product), sumOf, result.gradients[i], graph.precision);
      lines.push(make("p", null, "f", `${text.together} ${texts.map(bracketed).join(" + ")} ${sign} `,
        make("b", formulas.number(result.gradients[i]), "g")));
    }
    return lines;
  }

  curve(i, isSelected) {
    const { engine, formulas, graph, loss, result, state, text } = this.page;
    return plot({
      of: x => engine.lossAt(state.x, i, x), at: result.values[i], slope: result.gradients[i], x: formulas.name(i),
      y: formulas.name(loss), step: state.isNudged && isSelected ? state.step : 0,
    }, text, graph.precision);
  }

  /** The field and the slider of a leaf; the slider's ends stay, so that a place means a number. */
  showLeaf(i) {
    const { formulas, loss, result, start, state } = this.page;
    const field = $("number");
    const slider = $("slide");
    const reach = Math.max(2, 2 * Math.abs(start[i]));
    const label = this.page.nodes[i].n || this.page.text.roles[this.page.nodes[i].r];
    $("leafname").textContent = label + " =";
    slider.setAttribute("aria-label", label);
    slider.min = String(start[i] - reach);
    slider.max = String(start[i] + reach);
    slider.step = String(reach / 200);
    slider.value = String(state.x[i]);
    if (document.activeElement !== field) {
      field.value = String(state.x[i]);
      field.removeAttribute("aria-invalid");
    }
    slider.setAttribute("aria-valuetext",
      `${label} = ${formulas.number(state.x[i])}${this.page.text.separator}${formulas.name(loss)} = ${formulas.number(result.values[loss])}`);
    $("putback").disabled = state.x[i] === start[i];
  }

  /** What a small step of the value changes, and what its gradient says of that. */
  showNudge(i) {
    const { engine, formulas, graph, loss, result, state, text } = this.page;
    const button = $("nudge");
    const after = engine.lossAt(state.x, i, result.values[i] + state.step);
    const change = after - result.values[loss];
    const estimate = result.gradients[i] * state.step;
    const name = formulas.name(loss);
    button.setAttribute("aria-pressed", String(state.isNudged));
    button.textContent = `${formulas.name(i)} + ${formulas.number(state.step)}`;
    $("told").replaceChildren();
    if (!state.isNudged) return;
    const precise = x => formulas.number(x, graph.precision + 2);
    const isExact = Math.abs(change - estimate) <= 1e-9 * Math.max(1, Math.abs(change));
    const step = formulas.number(state.step);
    $("told").append(
      make("p", null, "f", `${name}${text.colon}${precise(result.values[loss])} → ${precise(after)}, Δ = `,
        make("b", formulas.signed(change))),
      make("p", null, "f", ...elements([
        formulas.derivative(loss, i), ` · ${step} = ${formulas.factor(result.gradients[i])} · ${step} = `,
        { b: formulas.signed(estimate), c: "g" }])),
      make("p", isExact ? text.exact : text.bent.replace("{}", formulas.number(change - estimate, 2)), "muted"));
  }
}
