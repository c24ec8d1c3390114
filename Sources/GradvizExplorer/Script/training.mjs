// Gradient descent on the page, and its curve of the loss.

import { shape } from "./markup.mjs";
import { $ } from "./page.mjs";

const mostLosses = 5000;

export class Training {
  /** @param {import("./page.mjs").Page} page @param {() => void} draw @param {(words: string, wait?: number) => void} tell */
  constructor(page, draw, tell) {
    this.page = page;
    this.draw = draw;
    this.tell = tell;
    this.timer = 0;
  }

  get isRunning() { return this.timer !== 0; }

  /** Some updates; stops where the loss grows without end. @param {number} count */
  train(count, isOwnGesture = true) {
    const { page } = this;
    const { engine, losses, state, text } = page;
    if (isOwnGesture) page.keep();
    state.pos = page.graph.end;
    state.isWhole = true;
    state.isNudged = false;
    page.forget();
    const most = 1e12 * (1 + Math.abs(page.firstLoss));
    for (let k = 0; k < count; k++) {
      const next = page.updated;
      const loss = engine.lossAt(next);
      if (!(Math.abs(loss) < most) || page.parameters.some(i => !Number.isFinite(next[i]))) {
        this.halt();
        $("trouble").textContent = text.diverged.replace("{}", String(losses.length));
        break;
      }
      losses.push(page.result.values[page.loss]);
      if (losses.length > mostLosses) losses.shift();
      state.x.set(page.optimizer.next(page.parameters, state.x, page.result.gradients, state.rate, true));
      page.compute();
      $("trouble").textContent = "";
    }
    this.draw();
    if (!this.isRunning) this.tell(this.summary());
  }

  run() {
    if (this.isRunning) return this.halt();
    if (matchMedia("(prefers-reduced-motion:reduce)").matches) return this.train(100);
    this.page.keep();
    this.timer = setInterval(() => this.train(1, false), 60);
    this.label();
  }

  halt() {
    if (!this.isRunning) return;
    clearInterval(this.timer);
    this.timer = 0;
    this.label();
    this.tell(this.summary());
  }

  label() {
    $("go").textContent = this.isRunning ? this.page.text.stop : this.page.text.run;
    $("go").setAttribute("aria-pressed", String(this.isRunning));
  }

  summary() {
    const { formulas, loss, losses, result, text } = this.page;
    const now = result.values[loss];
    return text.curve.replace("{}", formulas.number(losses[0] ?? now)).replace("{}", formulas.number(now))
      .replace("{}", String(losses.length));
  }

  undo() {
    this.halt();
    const last = this.page.past.pop();
    if (!last) return;
    this.page.state.x.set(last.x);
    this.page.losses.length = Math.min(this.page.losses.length, last.losses);
    this.page.optimizer.take(last.optimizer);
    this.changed(this.page.text.undone);
  }

  reset() {
    const { page } = this;
    this.halt();
    page.keep();
    page.state.x.set(page.start);
    page.state.rate = page.graph.lr;
    page.losses.length = 0;
    page.optimizer.restart();
    this.showRate();
    this.changed(page.text.wasReset);
  }

  changed(words) {
    const { page } = this;
    page.forget();
    $("trouble").textContent = "";
    page.compute();
    this.draw();
    this.tell(`${words} ${page.formulas.name(page.loss)} = ${page.formulas.number(page.result.values[page.loss])}`);
  }

  showRate() {
    const { state } = this.page;
    if (!this.page.canTrain) return;
    $("lr").value = String(Math.log10(state.rate));
  }

  show() {
    const { page } = this;
    const { formulas, loss, losses, result, state, text } = page;
    $("undo").disabled = page.past.length === 0;
    $("reset").disabled = page.past.length === 0 && !page.isEdited;
    if (page.canTrain) {
      const rate = formulas.number(page.optimizer.rate(state.rate));
      $("lrout").textContent = rate;
      $("lrnow").textContent = rate;
      $("lr").setAttribute("aria-valuetext", rate);
    }
    const now = result.values[loss];
    const after = losses.length > 0 ? ` · ${text.after.replace("{}", String(losses.length))}` : "";
    $("lossnow").textContent = `${formulas.name(loss)} = ${formulas.number(now)}${after}`;
    $("losscurve").replaceChildren(this.curve([...losses, now]));
  }

  curve(all) {
    const finite = all.filter(Number.isFinite);
    const low = Math.min(0, ...finite);
    const high = Math.max(...finite, low + 1e-12);
    const X = k => 6 + k / Math.max(10, all.length - 1) * 248;
    const Y = y => 72 - (y - low) / (high - low) * 64;
    const points = all.map((y, k) =>
      Number.isFinite(y) ? `${k ? "L" : "M"}${X(k).toFixed(1)} ${Y(y).toFixed(1)}` : "");
    const last = all[all.length - 1];
    const svg = shape("svg", { viewBox: "0 0 260 80", role: "img", class: "plot", "aria-label": this.summary() });
    svg.append(
      shape("path", { class: "axis", d: `M6 ${Y(0)}H254` }), shape("path", { class: "fn", d: points.join("") }),
      shape("circle", { class: "pt", r: 3.5, cx: X(all.length - 1), cy: Number.isFinite(last) ? Y(last) : 8 }));
    return svg;
  }
}
