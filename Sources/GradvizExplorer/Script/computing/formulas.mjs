// What the page writes about a value: formulas from the operations' templates, filled with names or numbers.
// A line is a list of parts; GradvizExplorer/StillLines.swift writes the same ones.

import { bracketed, fill, format, onPaper, productOf, sumOf, superscript } from "./numbers.mjs";

/** @typedef {string | {d: [string, string]} | {b: string, c?: string}} Part - text, a derivative, or what stands out */

/** The parts as plain text, as they are read aloud. @param {Part[]} parts */
export const plain = parts =>
  parts.map(part => typeof part === "string" ? part : "d" in part ? `∂${part.d[0]}/∂${part.d[1]}` : part.b).join("");

export class Formulas {
  /**
   * @param {import("./engine.mjs").Engine} engine @param {number} precision
   * @param {Record<string, string[]>} templates - by operation, its formula and its derivative by operand, the last for
   *   all further ones; `{0}` is the first operand, `{*}` all with commas, `{+}` with plus signs, `{k}` the operand itself,
   *   `{n}` how many they are, `{y}` the result
   * @param {string} separator - between arguments
   */
  constructor(engine, precision, templates, separator) {
    this.separator = separator;
    this.templates = templates;
    this.engine = engine;
    this.nodes = engine.nodes;
    this.loss = engine.loss;
    this.precision = precision;
    /** The chain rule of arrays stands in formulas without numbers. */
    this.hasArrays = this.nodes.some(node => node.d);
    /** @type {import("./engine.mjs").Result} */
    this.result = { values: [], gradients: [], locals: [] };
  }

  number(x, digits = this.precision) { return format(x, digits); }
  signed(x) { return (x > 0 ? "+" : "") + this.number(x); }
  factor(x) { return bracketed(this.number(x)); }

  /** A value's name; of a number in the program, that number. @param {number} i */
  name(i) { return this.nodes[i].n || this.factor(this.result.values[i]); }
  value(i) { return this.factor(this.result.values[i]); }

  fill(template, i, name, slot = 0) {
    const operands = this.nodes[i].a;
    return template.replace(/{(.)}/g, (_, key) => {
      if (key === "n") return String(operands.length);
      if (key === "*" || key === "+") return operands.map(k => name(k)).join(key === "+" ? " + " : this.separator);
      return name(key === "y" ? i : operands[key === "k" ? slot : key]);
    }).replace(/\(\(([^()]*)\)\)/, "($1)");
  }

  /** How a value is computed, with `name` for each value. @param {number} i @param {(k: number) => string} name */
  definition(i, name) {
    const { f, p: exponent } = this.nodes[i];
    if (f) return f;
    if (exponent != null) return name(this.nodes[i].a[0]) + superscript(exponent);
    return this.fill(this.templates[this.nodes[i].o][0], i, name);
  }

  /** How a value changes with one of its operands. */
  rule(i, slot, name) {
    const exponent = this.nodes[i].p;
    if (exponent != null) {
      const base = name(this.nodes[i].a[0]);
      return exponent === 2 ? `2 · ${base}` : `${bracketed(this.number(exponent, 12))} · ${base}${superscript(exponent - 1)}`;
    }
    return this.fill(this.template(i, slot), i, name, slot);
  }

  template(i, slot) {
    const templates = this.templates[this.nodes[i].o];
    return templates[slot + 1] ?? templates[templates.length - 1];
  }

  /** The rule with numbers, and whether they give the printed result. @returns {[string, string]} */
  ruleInNumbers(i, slot) {
    const operands = this.nodes[i].a;
    const { values, locals } = this.result;
    const operation = this.engine.operations[i];
    const usesResult = this.nodes[i].p == null && this.template(i, slot).includes("{y}");
    const compute = numbers => {
      const y = numbers[operands.length];
      const x = numbers.slice(0, operands.length);
      return operation.slopes(usesResult ? y : operation.value(...x), ...x)[slot];
    };
    const [texts, sign] = onPaper(
      [...operands.map(k => values[k]), values[i]], compute, locals[i][slot], this.precision);
    return [this.rule(i, slot, k => bracketed(k === i ? texts[operands.length] : texts[operands.indexOf(k)])), sign];
  }

  derivative(a, b) { return { d: [this.name(a), this.name(b)] }; }

  /** The chain rule of a value: a line, and what is said of it. @returns {{line: Part[], words: string}} */
  chain(i, text) {
    const { engine, loss, result } = this;
    const gradient = this.number(result.gradients[i]);
    const begin = fill(text.gradientOf, [this.name(i)]) + " ";
    const uses = engine.uses[i].filter(([user]) => engine.reaches[user]);
    const left = [this.derivative(loss, i), " = "];
    if (i === loss) return { line: [...left, { b: "1" }], words: begin + "1" };
    if (uses.length === 0) return { line: [...left, { b: "0" }], words: begin + "0" };
    const { s: formula } = this.nodes[i];
    if (this.hasArrays) {
      return { line: [...left, formula ?? { b: gradient, c: "g" }], words: begin + (formula ?? gradient) };
    }
    const parts = [];
    if (uses.length === 1 && uses[0][0] === loss) {
      // ∂L/∂L says nothing: the derivative itself.
      const rule = this.rule(loss, uses[0][1], k => this.name(k));
      const said = bracketed(rule) === bracketed(gradient) ? "" : rule + " = ";
      return { line: [...left, said, { b: gradient, c: "g" }], words: begin + said + gradient };
    }
    uses.forEach(([user, slot], place) => {
      if (place > 0) parts.push(" + ");
      if (user !== loss) parts.push(this.derivative(loss, user), " · ");
      // Of b + b the derivative by b is that of both uses: each has its rule.
      const isWhole = user !== loss && this.nodes[user].a.filter(k => k === i).length < 2;
      parts.push(isWhole ? this.derivative(user, i) : bracketed(this.rule(user, slot, k => this.name(k))));
    });
    const factors = uses.flatMap(([user, slot]) => [result.gradients[user], result.locals[user][slot]]);
    const compute = numbers => sumOf(numbers.map((x, k) => k % 2 ? 0 : x * numbers[k + 1]));
    const [texts, sign] = onPaper(factors, compute, result.gradients[i], this.precision);
    const numbers = uses.map((_, k) => `${bracketed(texts[2 * k])} · ${bracketed(texts[2 * k + 1])}`).join(" + ");
    const said = numbers.replace(/·/g, text.times).replace(/ \+ /g, ` ${text.plus} `);
    return {
      line: [...left, ...parts, ` = ${numbers} ${sign} `, { b: gradient, c: "g" }],
      words: `${begin}${said} = ${gradient}`,
    };
  }

  /** A path to the loss, and its product in names and in numbers. @param {[number, number][]} way */
  path(i, way) {
    const factors = way.map(([user, slot]) => this.result.locals[user][slot]);
    const product = productOf(factors);
    const [texts, sign] = onPaper(factors, productOf, product, this.precision);
    const names = [i, ...way.map(([user]) => user)].map(k => this.name(k)).join(" → ");
    const rules = way.map(([user, slot]) => {
      const rule = this.rule(user, slot, k => this.name(k));
      return / [−+/] /.test(rule) ? `(${rule})` : bracketed(rule);
    });
    return { names, rules: rules.join(" · "), numbers: `= ${texts.map(bracketed).join(" · ")} ${sign} `, product };
  }

  /** The number on a gradient's wire. */
  local(i, slot) { return this.number(this.result.locals[i][slot]); }

  /** What the uses of a value at one place add to its gradient. @param {[number, number][]} uses */
  share(uses) { return sumOf(uses.map(([user, slot]) => this.result.gradients[user] * this.result.locals[user][slot])); }
}
