// The inspector: everything about one value.

import { elements, formula, make, plot } from "./markup.mjs";
import { bracketed, onPaper, sumOf } from "../computing/numbers.mjs";
import {
  $, all, at, engine, entries, entryName, equation, formulas, graph, grid, isArray, isAsked, isLeaf, loss, lossOf, mark,
  name, nodes, number, precision, press, result, say, set, start, state, text,
} from "./page.mjs";

const element = $("inspector");
/** Whether somebody types or chooses in the inspector. */
export const isBusy = () => document.activeElement?.tagName === "INPUT" && element.contains(document.activeElement);
export const holds = target => element.contains(target);

export function inspect() {
  const { hovered, selected } = state;
  // While somebody walks through entries, there is no preview in their place.
  const i = hovered >= 0 && document.activeElement?.tagName !== "TD" ? hovered : selected;
  const isSelected = i >= 0 && i === selected;
  const isHidden = isAsked(i);
  const reaches = i !== loss && engine.reaches[i] && !graph.isStored;
  const canNudge = isSelected && !state.isPredicting && reaches;
  mark(element, "preview", i >= 0 && !isSelected);
  $("leaf").hidden = !isSelected || !isLeaf(i);
  $("nudging").hidden = !canNudge;
  $("asking").hidden = !(state.isPredicting && isSelected && i !== loss && nodes[i].st != null);
  showGrid(i, isSelected);
  if (i < 0) {
    $("name").textContent = text.pick;
    $("about").replaceChildren(make("p", text.pickHow, "muted"));
    $("curve").replaceChildren();
    $("more").replaceChildren();
    return;
  }
  const sample = nodes[i].l == null ? "" : ` · ${text.sample} ${nodes[i].l + 1}`;
  const shape = isArray(i) ? ` · ${nodes[i].d.join("×")}` : "";
  $("name").replaceChildren(make("b", name(i)), " ", make("span", text.roles[nodes[i].r] + sample + shape, "muted"));
  $("about").replaceChildren(...value(i, isSelected), ...isHidden ? [] : gradient(i, reaches));
  $("more").replaceChildren(...grid ? [] : [
    ...nodes[i].o ? localDerivatives(i) : [], ...isHidden || i === loss ? [] : paths(i)]);
  if (isSelected && isLeaf(i)) showLeaf(i);
  if (canNudge) showNudge(i);
  $("curve").replaceChildren(...reaches && !isHidden ? [curve(i, isSelected)] : []);
}

// Arrays

/** The most entries that are listed. */
const mostEntries = 1000;
let listed = -1;

/** The entries of an array: one of them is chosen, and has its gradient below. */
function showGrid(i, isSelected) {
  if (!grid) return;
  grid.hidden = !isArray(i);
  if (grid.hidden) return;
  const numbers = entries[i].slice(0, mostEntries);
  if (listed !== i) {
    listed = i;
    const { c, d } = nodes[i];
    const columns = graph.isStored && c ? c.findIndex(k => k >= d[d.length - 1]) : d[d.length - 1];
    const cells = numbers.map(() => make("td"));
    grid.replaceChildren();
    while (cells.length > 0) grid.append(make("tr", null, null, ...cells.splice(0, columns > 0 ? columns : cells.length)));
    set(grid, { "aria-label": name(i) });
  }
  grid.querySelectorAll("td").forEach((cell, k) => {
    const isChosen = isSelected && k === state.entry;
    cell.textContent = number(all.values[numbers[k]]);
    set(cell, { tabindex: isChosen || !isSelected && k === 0 ? 0 : -1, "aria-selected": isChosen });
  });
}

// Values and gradients

function value(i, isSelected) {
  const { o, a: operands, f } = nodes[i];
  const head = make("h3", text.value);
  if (grid && o) {
    const rest = entries[i].length - mostEntries;
    return [head, formula(`${name(i)} = ${f}`), ...isArray(i) ? [] : [formula("= ", { b: number(result.values[i]), c: "v" })],
      ...rest > 0 ? [make("p", say("more", rest), "muted")] : []];
  }
  // The number of the selected leaf is in its field.
  if (!o) return isSelected && isLeaf(i) || isArray(i) ? [] : [head, formula(equation(i))];
  const [texts, sign] = onPaper(
    operands.map(k => result.values[k]), x => engine.operations[i].value(...x), result.values[i], precision);
  const numbers = formulas.definition(i, k => bracketed(texts[operands.indexOf(k)]));
  return [head, make(
    "p", null, "f", `${name(i)} = ${formulas.definition(i, name)}`, make("br"), `= ${numbers} ${sign} `,
    make("b", number(result.values[i]), "v"))];
}

function gradient(i, reaches) {
  const gradient = result.gradients[i];
  const { s } = nodes[i];
  const left = { d: [name(loss), entryName(i)] };
  const lines = [make("h3", text.gradientHead), formula(...formulas.chain(i, text).line)];
  if (grid) {
    if (s && nodes[i].st != null) lines.push(formula(left, " = ", { b: number(gradient), c: "g" }));
  } else if (s && s !== number(gradient) && s.length < 60) {
    lines.push(formula(left, " = " + s));
  }
  if (reaches) {
    lines.push(make("p", say(
      "means", entryName(i), number(state.step), name(loss), formulas.signed(gradient * state.step)), "muted"));
  }
  return lines;
}

function localDerivatives(i) {
  const operands = nodes[i].a;
  const lines = operands.slice(0, 4).map((k, slot) => {
    const rule = formulas.rule(i, slot, name);
    const [numbers, sign] = formulas.ruleInNumbers(i, slot);
    const own = number(result.locals[i][slot]);
    const parts = [formulas.derivative(i, k), " = " + rule];
    if (numbers !== rule && numbers !== bracketed(own)) parts.push(" = " + numbers);
    if (rule !== own && rule !== bracketed(own)) parts.push(` ${sign} `, { b: own });
    return formula(...parts);
  });
  if (operands.length > 4) lines.push(make("p", say("more", operands.length - 4), "muted"));
  if (operands.length === 1) {
    const [k] = operands;
    lines.push(make("div", null, "mini", plot({
      of: engine.operations[i].value, at: result.values[k], slope: result.locals[i][0], x: name(k), y: name(i),
    })));
  }
  return [make("h3", text.local), ...lines];
}

function paths(i) {
  if (!engine.reaches[i]) return [];
  const [count, list] = engine.paths(i);
  const ways = list.map(way => formulas.path(i, way));
  const lines = [make("h3", say("paths", count > 1e6 ? number(count) : count)), ...ways.map(way => make(
    "p", null, "f path", make("span", way.names), make("br"), way.rules, make("br"), way.numbers,
    make("b", number(way.product), "g")))];
  if (count > list.length) {
    lines.push(make("p", say("morePaths", number(count - list.length, 6)), "muted"));
  } else if (list.length > 1) {
    const [texts, sign] = onPaper(ways.map(way => way.product), sumOf, result.gradients[i], precision);
    lines.push(formula(
      `${text.together} ${texts.map(bracketed).join(" + ")} ${sign} `, { b: number(result.gradients[i]), c: "g" }));
  }
  return lines;
}

const curve = (i, isSelected) => plot({
  of: x => lossOf(state.x, at(i), x), at: result.values[i], slope: result.gradients[i], x: entryName(i), y: name(loss),
  step: state.isNudged && isSelected ? state.step : 0,
});

/** The field and the slider of a leaf; the slider's ends stay, so that a place means a number. */
function showLeaf(i) {
  const field = $("number");
  const slider = $("slide");
  const [x, begin] = [state.x[at(i)], start[at(i)]];
  const reach = Math.max(2, 2 * Math.abs(begin));
  const label = leafName(i);
  $("leafname").textContent = label + " =";
  set(slider, {
    "aria-label": label, min: begin - reach, max: begin + reach, step: reach / 200, "aria-valuetext": leafWords(i),
  });
  slider.value = x;
  if (document.activeElement !== field) {
    field.value = x;
    field.removeAttribute("aria-invalid");
  }
  $("putback").disabled = x === begin;
}

/** What a leaf is called, and what is said of it after an edit. */
const leafName = i => nodes[i].n ? entryName(i) : text.roles[nodes[i].r];
export const leafWords = i => `${leafName(i)} = ${number(state.x[at(i)])}${text.separator}${equation(loss)}`;

/** What a small step of the value changes, and what its gradient says of that. */
function showNudge(i) {
  const { isNudged, step } = state;
  const told = $("told");
  const after = lossOf(state.x, at(i), result.values[i] + step);
  const change = after - result.values[loss];
  const estimate = result.gradients[i] * step;
  const size = number(step);
  press("nudge", isNudged);
  $("nudge").textContent = `${entryName(i)} + ${size}`;
  told.replaceChildren();
  if (!isNudged) return;
  const precise = x => number(x, precision + 2);
  const isExact = Math.abs(change - estimate) <= 1e-12 * Math.max(1, Math.abs(after));
  told.append(
    formula(`${name(loss)}${text.colon}${precise(result.values[loss])} → ${precise(after)}, Δ = `, {
      b: formulas.signed(change) }),
    formula({ d: [name(loss), entryName(i)] }, ` · ${size} = ${formulas.factor(result.gradients[i])} · ${size} = `,
      { b: formulas.signed(estimate), c: "g" }),
    make("p", isExact ? text.exact : say("bent", number(change - estimate, 2)), "muted"));
}
