// What each event of the page changes.

import { boxes, hasLetters, light, neighbour, numberAt, writeNumbers } from "./page/drawing.mjs";
import { holds, isBusy } from "./page/inspector.mjs";
import {
  $, at, canTrain, compute, end, ends, entries, figure, formulas, grid, isAsked, isLeaf, keep, loss, nodes, root, start,
  state, svg, text,
} from "./page/page.mjs";
import { answer, choose, draw, edit, go, hover, next, open, pause, play, predict, reveal, save, showModes, tell } from "./page/screen.mjs";
import { halt, reset, run, train, undo } from "./page/training.mjs";

const on = (element, type, action) => element.addEventListener(type, action);
const onClick = actions => { for (const id in actions) on($(id), "click", () => actions[id]()); };
/** A number that is scrubbed. @type {{i: number, n: number, x: number, from: number, moved: boolean, id: number} | null} */
let drag = null;
let wasDragged = false;
/** Whether the next change of a field begins a gesture. */
let mayKeep = true;
let hovering = 0;

/** The value that an event is about; −1 for none. */
const valueAt = ({ target }) => {
  const data = target.closest?.("[data-n],[data-of],[data-copy]")?.dataset;
  return data ? Number(data.n ?? data.of ?? data.copy) : -1;
};
/** The entry of an array that an event in the inspector is about; −1 for none. */
const entryAt = ({ target }) => [...grid.querySelectorAll("td")].indexOf(target);
const done = event => {
  event.preventDefault();
  event.stopPropagation();
};

function listenToPlayer() {
  onClick({
    first: () => go(0), back: () => go(state.pos - 1), on: () => go(state.pos + 1), last: () => go(end), play, predict,
    letters() {
      state.showsLetters = !state.showsLetters;
      showModes();
      writeNumbers();
      save();
    },
  });
  on($("time"), "input", () => go(Number($("time").value)));
  on($("time"), "keydown", event => {
    if (event.key !== " ") return;
    event.preventDefault();
    play();
  });
  ends.forEach((pos, stage) => { if ($("s" + stage)) on($("s" + stage), "change", () => go(pos, { isWhole: true })); });
}

// The pointer

function begin(event, i, n) {
  wasDragged = false;
  if (event.button !== 0 || !isLeaf(i)) return;
  drag = { i, n, x: event.clientX, from: state.x[n], moved: false, id: event.pointerId };
}

const drop = () => {
  wasDragged = drag?.moved ?? false;
  drag = null;
};

/** One percent of a number a pixel. */
function scrub(event) {
  const { i, n, x, from, moved, id } = drag;
  if (event.pointerId !== id) return;
  const way = event.clientX - x;
  if (!moved) {
    if (Math.abs(way) < 4) return;
    drag.moved = true;
    keep();
    event.currentTarget.setPointerCapture(id);
    choose(i, { takesFocus: event.currentTarget === svg, entry: entries[i].indexOf(n) });
  }
  const unit = Math.max(1, Math.abs(start[n])) / 100;
  edit(i, n, Number((from + Math.round(way) * unit).toPrecision(6)));
}

function listenToPointer() {
  on(svg, "pointermove", event => {
    if (drag) return scrub(event);
    if (event.pointerType === "touch") return;
    const i = valueAt(event);
    if (i === state.hovered) return;
    clearTimeout(hovering);
    // While somebody types, a pointer that rests on the drawing changes nothing.
    hovering = setTimeout(() => { if (!isBusy()) hover(i); }, i < 0 ? 160 : 70);
  });
  on(svg, "pointerleave", () => {
    clearTimeout(hovering);
    if (state.hovered >= 0) hover(-1);
  });
  on(svg, "pointerdown", event => {
    const i = valueAt(event);
    if (i >= 0 && event.target.closest(".leafy")) begin(event, i, numberAt(i, event.target));
    else wasDragged = false;
  });
  for (const place of [svg, grid]) {
    if (!place) continue;
    on(place, "pointerup", drop);
    on(place, "pointercancel", drop);
  }
  on(svg, "click", event => {
    if (wasDragged) return;
    const i = valueAt(event);
    choose(i, { takesFocus: i >= 0, entry: i < 0 ? 0 : entries[i].indexOf(numberAt(i, event.target)) });
  });
  on(figure, "focusin", event => {
    const i = valueAt(event);
    if (i < 0) return;
    if (i !== state.selected) choose(i);
    else light();
  });
  on(figure, "focusout", () => requestAnimationFrame(light));
}

// The keyboard

const hasModifier = event => event.ctrlKey || event.metaKey || event.altKey;

function listenToKeys() {
  on(svg, "keydown", event => {
    const i = valueAt(event);
    if (!hasModifier(event) && i >= 0 && (moves(i, event.key) || keyOnValue(i, event.key))) done(event);
  });
  on(document, "keydown", event => {
    const { target, key } = event;
    if (hasModifier(event) || event.defaultPrevented) return;
    const { pos, selected } = state;
    if (/^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName)) {
      if (key === "Escape" && selected >= 0 && holds(target)) boxes[selected].focus();
      return;
    }
    const isInPlayer = $("player").contains(target);
    if (key === "ArrowRight") go(pos + 1);
    else if (key === "ArrowLeft") go(pos - 1);
    else if (isInPlayer && key === "Home") go(0);
    else if (isInPlayer && key === "End") go(end);
    else return;
    event.preventDefault();
  });
}

/** Whether a key leads from a value of the drawing to another. */
function moves(i, key) {
  if (!/^Arrow|^Home$|^End$/.test(key)) return false;
  const next = key === "Home" ? 0 : key === "End" ? loss : neighbour(i, key);
  if (next >= 0) choose(next, { takesFocus: true });
  return true;
}

/** Whether a key means something on a value, or on an entry of one. */
function keyOnValue(i, key) {
  if (key === "Enter" || key === " ") {
    if (!$("asking").hidden && isAsked(i)) {
      $("answer").focus();
    } else if (isLeaf(i)) {
      $("number").focus();
      $("number").select();
    } else {
      tell(isAsked(i) ? text.predictSay : formulas.chain(i, text).words, 0);
    }
  } else if ((key === "+" || key === "-") && isLeaf(i)) {
    keep();
    edit(i, at(i), Number((state.x[at(i)] + (key === "+" ? 0.1 : -0.1)).toPrecision(12)));
  } else if (key === "Escape") {
    choose(-1);
  } else {
    return false;
  }
  return true;
}

// The inspector

function listenToInspector() {
  const field = $("number");
  const slider = $("slide");
  const change = x => {
    const { selected } = state;
    if (mayKeep) keep();
    mayKeep = false;
    edit(selected, at(selected), x);
  };
  const starts = () => { mayKeep = true; };
  on(field, "focus", starts);
  on(slider, "pointerdown", starts);
  on(slider, "focus", starts);
  on(field, "input", () => {
    const x = field.valueAsNumber;
    field.setAttribute("aria-invalid", !Number.isFinite(x));
    if (Number.isFinite(x)) change(x);
  });
  on(field, "keydown", event => {
    if (event.key === "Enter") (grid?.querySelector("[tabindex='0']") ?? boxes[state.selected]).focus();
  });
  on(slider, "input", () => change(Number(slider.value)));
  on($("h"), "change", () => {
    state.step = Number($("h").value);
    draw();
  });
  on($("form"), "submit", event => {
    event.preventDefault();
    answer();
  });
  onClick({
    putback() {
      starts();
      change(start[at(state.selected)]);
    },
    nudge() {
      state.isNudged = !state.isNudged;
      draw();
      if (state.isNudged) tell($("told").innerText, 0);
    },
    reveal, next, undo, reset,
  });
  if (!canTrain) return;
  on($("lr"), "input", () => {
    state.rate = Number((10 ** Number($("lr").value)).toPrecision(2));
    compute();
    draw();
  });
  onClick({ t1: () => train(1), t10: () => train(10), go: run });
}

/** The entries of an array: chosen, walked and changed as values of the drawing are. */
function listenToGrid() {
  const pick = entry => {
    choose(state.selected, { entry });
    grid.querySelectorAll("td")[entry].focus();
  };
  on(grid, "pointermove", event => { if (drag) scrub(event); });
  on(grid, "pointerdown", event => {
    const k = entryAt(event);
    if (k >= 0) begin(event, state.selected, entries[state.selected]?.[k]);
  });
  on(grid, "click", event => {
    const k = entryAt(event);
    if (k >= 0 && !wasDragged) pick(k);
  });
  on(grid, "keydown", event => {
    const { key } = event;
    const columns = grid.rows[0].cells.length;
    const way = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[key];
    const count = grid.querySelectorAll("td").length;
    const k = key === "Home" ? 0 : key === "End" ? count - 1 : entryAt(event) + way;
    if (hasModifier(event)) return;
    if (k >= 0 && k < count) pick(k);
    else if (!way && key === "Escape") boxes[state.selected]?.focus();
    else if (!way && !keyOnValue(state.selected, key)) return;
    done(event);
  });
}

$("letters").hidden = !hasLetters;
$("time").max = end;
listenToPlayer();
listenToPointer();
listenToKeys();
listenToInspector();
if (grid) listenToGrid();
on(window, "hashchange", open);
on(document, "visibilitychange", () => {
  if (!document.hidden) return;
  pause();
  halt();
});
root.classList.add("js");
open();
