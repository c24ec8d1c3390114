// The page: what each event changes, and one drawing of everything from the state.

import { Drawing } from "./drawing.mjs";
import { Inspector } from "./inspector.mjs";
import { $, Page } from "./page.mjs";
import { exercise, judge } from "./prediction.mjs";
import { Sentences } from "./sentences.mjs";
import { Training } from "./training.mjs";

const on = (element, type, action) => element.addEventListener(type, action);

class Explorer {
  constructor() {
    this.page = new Page();
    this.drawing = new Drawing(this.page);
    this.sentences = new Sentences(this.page, this.drawing);
    this.inspector = new Inspector(this.page);
    this.training = new Training(this.page, () => this.draw(), (words, wait) => this.tell(words, wait));
    this.timers = { tell: 0, save: 0, hover: 0, play: 0, frame: 0 };
    /** A number that is scrubbed. @type {{i: number, x: number, from: number, moved: boolean, id: number} | null} */
    this.drag = null;
    this.wasDragged = false;
    $("letters").hidden = !this.drawing.hasLetters;
    $("time").max = String(this.page.graph.end);
    this.listen();
    this.page.root.classList.add("js");
    this.load();
  }

  // Drawing

  draw() {
    this.drawing.write();
    this.showMoment(false);
    this.drawing.light();
    this.inspector.show();
    this.sentences.writeLists();
    this.training.show();
    this.save();
  }

  showMoment(isSaid) {
    const { page } = this;
    const { pos } = page.state;
    this.drawing.showMoment();
    const { words, line } = this.sentences.moment();
    const place = this.sentences.place();
    $("s" + page.stage).checked = true;
    $("time").value = String(pos);
    $("time").setAttribute("aria-valuetext", `${place}. ${words}`);
    $("where").textContent = place;
    $("first").disabled = $("back").disabled = pos === 0;
    $("on").disabled = $("last").disabled = pos === page.graph.end;
    $("say").replaceChildren(...line);
    if (isSaid && !page.isPlaying) this.tell(words);
  }

  showModes() {
    const { state, root } = this.page;
    $("predict").setAttribute("aria-pressed", String(state.isPredicting));
    $("letters").setAttribute("aria-pressed", String(state.showsLetters));
    root.classList.toggle("predicting", state.isPredicting);
  }

  /** Says something to a screen reader, after a while in which nothing else is said. */
  tell(words, wait = 250) {
    clearTimeout(this.timers.tell);
    this.timers.tell = setTimeout(() => { $("live").textContent = words; }, wait);
  }

  save() {
    clearTimeout(this.timers.save);
    this.timers.save = setTimeout(() => {
      const address = this.page.address();
      try {
        if (location.hash.slice(1) !== address) history.replaceState(null, "", "#" + address);
      } catch {
        // A sandboxed frame may not.
      }
    }, 300);
  }

  load() {
    this.page.load(location.hash.slice(1));
    this.training.showRate();
    $("h").value = String(this.page.state.step);
    if ($("h").selectedIndex < 0) $("h").value = "0.01";
    $("verdict").textContent = "";
    this.drawing.setTabStop();
    this.showModes();
    this.showScore();
    this.draw();
  }

  // Changes

  go(pos, { stops = true, isWhole = false } = {}) {
    const { page } = this;
    if (stops) this.pause();
    page.state.isWhole = isWhole;
    page.state.isNudged = false;
    page.state.pos = Math.max(0, Math.min(page.graph.end, pos));
    this.drawing.write();
    this.showMoment(true);
    this.inspector.show();
    this.save();
  }

  /** A new number in a leaf. */
  set(i, x) {
    const { page } = this;
    if (!Number.isFinite(x) || x === page.state.x[i]) return;
    page.state.x[i] = x;
    page.forget();
    page.losses.length = 0;
    page.optimizer.restart();
    if (!this.timers.frame) {
      this.timers.frame = requestAnimationFrame(() => {
        this.timers.frame = 0;
        page.compute();
        this.draw();
        this.showScore();
        const { formulas, loss, nodes, result, state, text } = page;
        const name = nodes[i].n || text.roles[nodes[i].r];
        this.tell(`${name} = ${formulas.number(state.x[i])}${this.page.text.separator}${formulas.name(loss)} = ${formulas.number(result.values[loss])}`, 600);
      });
    }
  }

  choose(i, takesFocus = false) {
    const { page, drawing } = this;
    if (i !== page.state.selected) {
      page.state.isNudged = false;
      $("verdict").textContent = "";
      $("verdict").className = "";
      $("answer").value = page.tried.get(i) ?? "";
    }
    page.state.selected = i;
    page.hovered = -1;
    drawing.setTabStop();
    if (takesFocus && i >= 0) drawing.boxes[i].focus();
    drawing.write();
    drawing.showMoment();
    drawing.light();
    this.inspector.show();
    this.save();
  }

  pause() {
    if (!this.page.isPlaying) return;
    clearInterval(this.timers.play);
    this.page.isPlaying = false;
    this.labelPlay();
  }

  play() {
    const { page } = this;
    if (page.isPlaying) {
      this.pause();
      this.showMoment(true);
      return;
    }
    if (page.state.pos === page.graph.end) this.go(0);
    page.isPlaying = true;
    this.timers.play = setInterval(() => {
      if (page.state.pos < page.graph.end) return this.go(page.state.pos + 1, { stops: false });
      this.pause();
      this.showMoment(true);
    }, 1400);
    this.labelPlay();
  }

  labelPlay() {
    const { isPlaying, text } = this.page;
    $("play").textContent = isPlaying ? text.pause : text.play;
    $("play").setAttribute("aria-pressed", String(isPlaying));
  }

  // Predict

  predict() {
    const { page } = this;
    const { state } = page;
    state.isPredicting = !state.isPredicting;
    state.isNudged = false;
    page.forget();
    if (state.isPredicting) {
      state.pos = page.ends[2];
      state.isWhole = true;
      const first = exercise(page, this.drawing.places)[0] ?? -1;
      if (!page.isAsked(state.selected)) this.choose(first);
    }
    this.showModes();
    this.showScore();
    this.draw();
    if (state.isPredicting && !$("asking").hidden) $("answer").focus();
  }

  showScore() {
    const { page } = this;
    const count = exercise(page, this.drawing.places).length;
    $("score").textContent = page.text.found.replace("{}", String(page.found.size)).replace("{}", String(count));
  }

  answer() {
    const { page } = this;
    const i = page.state.selected;
    if (i < 0) return;
    const text = $("answer").value.trim();
    const { isRight, words } = judge(page, i, text);
    page.tried.set(i, text);
    this.verdict(words, isRight ? "ok" : "no");
    if (isRight) this.find(i);
  }

  reveal() {
    const { page } = this;
    const i = page.state.selected;
    if (i < 0) return;
    this.find(i);
    this.verdict(page.text.itIs.replace("{}", page.formulas.number(page.result.gradients[i])), "");
  }

  verdict(words, name) {
    $("verdict").textContent = words;
    $("verdict").className = name;
  }

  find(i) {
    this.page.found.add(i);
    this.showScore();
    this.draw();
  }

  next() {
    const next = exercise(this.page, this.drawing.places).find(i => this.page.isAsked(i));
    if (next == null) return;
    this.choose(next);
    $("answer").focus();
  }

  // Events

  listen() {
    this.listenToPlayer();
    this.listenToPointer();
    this.listenToKeys();
    this.listenToInspector();
    on(window, "hashchange", () => this.load());
    on(document, "visibilitychange", () => {
      if (!document.hidden) return;
      this.pause();
      this.training.halt();
    });
  }

  listenToPlayer() {
    const { page } = this;
    on($("first"), "click", () => this.go(0));
    on($("back"), "click", () => this.go(page.state.pos - 1));
    on($("on"), "click", () => this.go(page.state.pos + 1));
    on($("last"), "click", () => this.go(page.graph.end));
    on($("play"), "click", () => this.play());
    on($("time"), "input", event => this.go(Number(event.target.value)));
    on($("time"), "keydown", event => {
      if (event.key !== " ") return;
      event.preventDefault();
      this.play();
    });
    for (let stage = 0; stage < 4; stage++) {
      if ($("s" + stage)) on($("s" + stage), "change", () => this.go(page.ends[stage], { isWhole: true }));
    }
    on($("predict"), "click", () => this.predict());
    on($("letters"), "click", () => {
      page.state.showsLetters = !page.state.showsLetters;
      this.showModes();
      this.drawing.write();
      this.save();
    });
  }

  /** The value that an event is about; −1 for none. */
  valueAt(event) {
    const element = event.target.closest?.("[data-n],[data-of],[data-copy]");
    return element ? Number(element.dataset.n ?? element.dataset.of ?? element.dataset.copy) : -1;
  }

  listenToPointer() {
    const { page } = this;
    const { svg } = page;
    on(svg, "pointermove", event => {
      if (this.drag) return this.scrub(event);
      if (event.pointerType === "touch") return;
      const i = this.valueAt(event);
      if (i === page.hovered) return;
      clearTimeout(this.timers.hover);
      this.timers.hover = setTimeout(() => {
        // While somebody types, a pointer that rests on the drawing changes nothing.
        const active = document.activeElement;
        if (active?.tagName === "INPUT" && this.inspector.element.contains(active)) return;
        this.hover(i);
      }, i < 0 ? 160 : 70);
    });
    on(svg, "pointerleave", () => {
      clearTimeout(this.timers.hover);
      if (page.hovered >= 0) this.hover(-1);
    });
    on(svg, "pointerdown", event => {
      const i = this.valueAt(event);
      this.wasDragged = false;
      if (i < 0 || event.button !== 0 || !page.isLeaf(i) || !event.target.closest(".leafy")) return;
      this.drag = { i, x: event.clientX, from: page.state.x[i], moved: false, id: event.pointerId };
    });
    const drop = () => {
      this.wasDragged = this.drag?.moved ?? false;
      this.drag = null;
    };
    on(svg, "pointerup", drop);
    on(svg, "pointercancel", drop);
    on(svg, "click", event => {
      if (this.wasDragged) return;
      const i = this.valueAt(event);
      this.choose(i, i >= 0);
    });
    on(page.figure, "focusin", event => {
      const i = this.valueAt(event);
      if (i < 0) return;
      if (i !== page.state.selected) this.choose(i);
      else this.drawing.light();
    });
    on(page.figure, "focusout", () => requestAnimationFrame(() => this.drawing.light()));
  }

  hover(i) {
    this.page.hovered = i;
    this.drawing.light();
    this.inspector.show();
  }

  /** One percent of a number a pixel. */
  scrub(event) {
    const { drag, page } = this;
    if (event.pointerId !== drag.id) return;
    const way = event.clientX - drag.x;
    if (!drag.moved) {
      if (Math.abs(way) < 4) return;
      drag.moved = true;
      page.keep();
      page.svg.setPointerCapture(event.pointerId);
      this.choose(drag.i, true);
    }
    const unit = Math.max(1, Math.abs(page.start[drag.i])) / 100;
    this.set(drag.i, Number((drag.from + Math.round(way) * unit).toPrecision(6)));
  }

  listenToKeys() {
    const { page } = this;
    on(page.svg, "keydown", event => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const i = this.valueAt(event);
      if (i < 0 || !this.keyOnValue(i, event.key)) return;
      event.preventDefault();
      event.stopPropagation();
    });
    on(document, "keydown", event => {
      const { target, key } = event;
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (/^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName)) {
        const { selected } = page.state;
        if (key === "Escape" && selected >= 0 && this.inspector.element.contains(target)) this.drawing.boxes[selected].focus();
        return;
      }
      if (key === "ArrowRight") this.go(page.state.pos + 1);
      else if (key === "ArrowLeft") this.go(page.state.pos - 1);
      else if ($("player").contains(target) && key === "Home") this.go(0);
      else if ($("player").contains(target) && key === "End") this.go(page.graph.end);
      else return;
      event.preventDefault();
    });
  }

  /** Whether a key means something on a value of the drawing. */
  keyOnValue(i, key) {
    const { page, drawing } = this;
    if (/^Arrow/.test(key) || key === "Home" || key === "End") {
      const next = key === "Home" ? 0 : key === "End" ? page.loss : drawing.neighbour(i, key);
      if (next >= 0) this.choose(next, true);
      return true;
    }
    if (key === "Enter" || key === " ") {
      if (!$("asking").hidden && page.isAsked(i)) {
        $("answer").focus();
      } else if (page.isLeaf(i)) {
        $("number").focus();
        $("number").select();
      } else {
        this.tell(page.isAsked(i) ? page.text.predictSay : page.formulas.chain(i, page.text).words, 0);
      }
      return true;
    }
    if ((key === "+" || key === "-") && page.isLeaf(i)) {
      page.keep();
      this.set(i, Number((page.state.x[i] + (key === "+" ? 0.1 : -0.1)).toPrecision(12)));
      return true;
    }
    if (key !== "Escape") return false;
    this.choose(-1);
    return true;
  }

  listenToInspector() {
    const { page, training } = this;
    const { state } = page;
    const number = $("number");
    on(number, "focus", () => { this.mayKeep = true; });
    on(number, "input", () => {
      const x = number.valueAsNumber;
      number.setAttribute("aria-invalid", String(!Number.isFinite(x)));
      if (!Number.isFinite(x)) return;
      this.keepOnce();
      this.set(state.selected, x);
    });
    on(number, "keydown", event => { if (event.key === "Enter") this.drawing.boxes[state.selected].focus(); });
    on($("slide"), "pointerdown", () => { this.mayKeep = true; });
    on($("slide"), "focus", () => { this.mayKeep = true; });
    on($("slide"), "input", event => {
      this.keepOnce();
      this.set(state.selected, Number(event.target.value));
    });
    on($("putback"), "click", () => {
      page.keep();
      this.set(state.selected, page.start[state.selected]);
    });
    on($("nudge"), "click", () => {
      state.isNudged = !state.isNudged;
      this.draw();
      if (state.isNudged) this.tell($("told").innerText, 0);
    });
    on($("h"), "change", event => {
      state.step = Number(event.target.value);
      this.draw();
    });
    on($("form"), "submit", event => {
      event.preventDefault();
      this.answer();
    });
    on($("reveal"), "click", () => this.reveal());
    on($("next"), "click", () => this.next());
    on($("undo"), "click", () => training.undo());
    on($("reset"), "click", () => training.reset());
    if (!page.canTrain) return;
    on($("lr"), "input", event => {
      state.rate = Number((10 ** Number(event.target.value)).toPrecision(2));
      page.compute();
      this.draw();
    });
    on($("t1"), "click", () => training.train(1));
    on($("t10"), "click", () => training.train(10));
    on($("go"), "click", () => training.run());
  }

  /** One copy for Undo a gesture. */
  keepOnce() {
    if (!this.mayKeep) return;
    this.mayKeep = false;
    this.page.keep();
  }
}

new Explorer();
