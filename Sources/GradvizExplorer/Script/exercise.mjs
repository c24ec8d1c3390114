// The page of an exercise: a field for each missing number, and what is said of what is typed there.

import { judge } from "./exercise/judging.mjs";
import { $, number, result, root, say, text } from "./page/page.mjs";
import { judgeValue, slopeSlips } from "./exercise/slips.mjs";

const on = (element, type, action) => element.addEventListener(type, action);

/** A number to find. */
class Field {
  /** @param {HTMLElement} element @param {number} place */
  constructor(element, place) {
    this.input = element.querySelector("input");
    this.note = $(this.input.getAttribute("aria-describedby"));
    this.name = element.querySelector("label").textContent;
    this.i = Number(element.dataset.i);
    this.isValue = element.dataset.kind === "value";
    /** Where it stands in the figure. */
    this.frames = [...document.querySelectorAll(`[data-frame="${place}"]`)];
    this.ink = [...document.querySelectorAll(`[data-ink="${place}"]`)];
    this.empty();
  }

  empty() {
    this.input.value = this.checked = "";
    this.isFound = this.isShown = false;
    this.say("", "");
  }

  get isOpen() { return !this.isFound && !this.isShown; }

  /** @param {string} words @param {string} kind */
  say(words, kind) {
    this.note.textContent = words;
    this.note.className = "note " + kind;
    this.input.readOnly = !this.isOpen;
    if (kind === "no") this.input.setAttribute("aria-invalid", "true");
    else this.input.removeAttribute("aria-invalid");
  }

  write(text) { for (const element of this.ink) element.textContent = text; }
}

class Exercise {
  constructor() {
    this.fields = [...document.querySelectorAll("#fields li")].map((element, place) => new Field(element, place));
    /** The one that is being answered. */
    this.current = this.fields[0];
    this.listen();
    this.showScore();
    root.classList.add("js");
  }

  answer(field) { return (field.isValue ? result.values : result.gradients)[field.i]; }

  tell(words) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => { $("live").textContent = words; }, 150);
  }

  showScore() {
    const { fields } = this;
    const found = fields.filter(field => field.isFound).length;
    const score = say("found", found, fields.length);
    $("score").textContent = found === fields.length ? `${score}. ${text.more.all}` : score;
    $("reveal").disabled = $("check").disabled = !fields.some(field => field.isOpen);
  }

  /** Says what there is to say of an answer that is new. */
  check(field) {
    const typed = field.input.value.trim();
    if (!field.isOpen || typed === field.checked) return;
    field.checked = typed;
    if (typed === "") return field.say("", "");
    const { isRight, words } = field.isValue
      ? judgeValue(field.i, typed) : judge(field.i, typed, slopeSlips(field.i));
    if (isRight) {
      field.isFound = true;
      field.write(number(this.answer(field)));
    }
    field.say(words, isRight ? "ok" : "no");
    this.showScore();
    this.tell(`${field.name}${text.colon}${words} ${isRight ? $("score").textContent : ""}`);
  }

  reveal() {
    const field = this.current.isOpen ? this.current : this.fields.find(field => field.isOpen);
    if (!field) return;
    const answer = number(this.answer(field));
    field.isShown = true;
    field.input.value = answer;
    field.write(answer);
    const words = say("itIs", answer);
    field.say(words, "");
    this.showScore();
    this.tell(field.name + text.colon + words);
    this.next(field)?.input.focus();
  }

  /** The next one that is not answered, from the beginning again. */
  next(field) {
    const place = this.fields.indexOf(field);
    return [...this.fields.slice(place + 1), ...this.fields.slice(0, place)].find(one => one.isOpen);
  }

  reset() {
    for (const field of this.fields) {
      field.empty();
      field.write("");
    }
    this.showScore();
    this.fields[0].input.focus();
  }

  choose(field) {
    this.current = field;
    for (const one of this.fields) for (const frame of one.frames) frame.classList.toggle("here", one === field);
  }

  listen() {
    this.fields.forEach((field, place) => {
      const { input } = field;
      on(input, "focus", () => this.choose(field));
      on(input, "change", () => this.check(field));
      on(input, "keydown", event => {
        const way = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
        if (!way || event.ctrlKey || event.metaKey || event.altKey) return;
        event.preventDefault();
        this.fields[place + way]?.input.focus();
      });
    });
    on($("form"), "submit", event => {
      event.preventDefault();
      const active = this.fields.find(field => field.input === document.activeElement);
      for (const field of active ? [active] : this.fields) this.check(field);
      if (active && !active.isOpen) this.next(active)?.input.focus();
    });
    on($("reveal"), "click", () => this.reveal());
    on($("reset"), "click", () => this.reset());
    on($("graph"), "click", event => {
      const i = event.target.closest?.("[data-n]")?.dataset.n;
      const own = this.fields.filter(field => field.i === Number(i));
      (own.find(field => field.isOpen) ?? own[0])?.input.focus();
    });
  }
}

new Exercise();
