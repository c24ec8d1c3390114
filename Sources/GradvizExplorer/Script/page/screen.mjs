// What each change draws: everything from the state, or what the change can touch.

import { boxes, light, markMoment, setTabStop, writeNumbers } from "./drawing.mjs";
import { inspect, leafWords } from "./inspector.mjs";
import { judge } from "../exercise/judging.mjs";
import {
  $, address, compute, end, ends, forget, found, isAsked, load, look, losses, mark, number, optimizer, press, result, root, say,
  set, stageNow, state, text, tried,
} from "./page.mjs";
import { exercise } from "./prediction.mjs";
import { moment, place, writeLists } from "./sentences.mjs";
import { connect, showRate, showTraining } from "./training.mjs";

const timers = { tell: 0, save: 0, play: 0, frame: 0 };

export function draw() {
  writeNumbers();
  showMoment(false);
  light();
  inspect();
  writeLists();
  showTraining();
  save();
}
connect(draw, words => tell(words));

function showMoment(isSaid) {
  const { pos } = state;
  markMoment();
  const { words, line } = moment();
  const where = place();
  $("s" + stageNow()).checked = true;
  $("time").value = pos;
  set($("time"), { "aria-valuetext": `${where}. ${words}` });
  $("where").textContent = where;
  $("first").disabled = $("back").disabled = pos === 0;
  $("on").disabled = $("last").disabled = pos === end;
  $("say").replaceChildren(...line);
  if (isSaid && !state.isPlaying) tell(words);
}

export function showModes() {
  press("predict", state.isPredicting);
  press("letters", state.showsLetters);
  mark(root, "predicting", state.isPredicting);
}

/** Says something to a screen reader, after a while in which nothing else is said. */
export function tell(words, wait = 250) {
  clearTimeout(timers.tell);
  timers.tell = setTimeout(() => { $("live").textContent = words; }, wait);
}

export function save() {
  clearTimeout(timers.save);
  timers.save = setTimeout(() => {
    const hash = address();
    try {
      if (location.hash.slice(1) !== hash) history.replaceState(null, "", "#" + hash);
    } catch {
      // A sandboxed frame may not.
    }
  }, 300);
}

export function open() {
  load(location.hash.slice(1));
  showRate();
  $("h").value = state.step;
  if ($("h").selectedIndex < 0) $("h").value = "0.01";
  verdict("");
  setTabStop();
  showModes();
  showScore();
  draw();
}

// Changes

/** A step of the training. */
export function go(pos, { stops = true, isWhole = false } = {}) {
  if (stops) pause();
  state.isWhole = isWhole;
  state.isNudged = false;
  state.pos = Math.max(0, Math.min(end, pos));
  writeNumbers();
  showMoment(true);
  inspect();
  save();
}

/** A new number in the leaf's chosen entry. @param {number} n - its place among all numbers */
export function edit(i, n, x) {
  if (!Number.isFinite(x) || x === state.x[n]) return;
  state.x[n] = x;
  forget();
  losses.length = 0;
  optimizer.restart();
  timers.frame ||= requestAnimationFrame(() => {
    timers.frame = 0;
    compute();
    draw();
    showScore();
    tell(leafWords(i), 600);
  });
}

export function choose(i, { takesFocus = false, entry = 0 } = {}) {
  if (i !== state.selected) {
    state.isNudged = false;
    verdict("");
    $("answer").value = tried.get(i) ?? "";
  }
  state.selected = i;
  state.entry = entry;
  state.hovered = -1;
  look();
  setTabStop();
  if (takesFocus && i >= 0) boxes[i].focus();
  writeNumbers();
  markMoment();
  light();
  inspect();
  save();
}

export function hover(i) {
  state.hovered = i;
  light();
  inspect();
}

export function pause() {
  if (!state.isPlaying) return;
  clearInterval(timers.play);
  state.isPlaying = false;
  labelPlay();
}

export function play() {
  const stop = () => {
    pause();
    showMoment(true);
  };
  if (state.isPlaying) return stop();
  if (state.pos === end) go(0);
  state.isPlaying = true;
  timers.play = setInterval(() => state.pos < end ? go(state.pos + 1, { stops: false }) : stop(), 1400);
  labelPlay();
}

function labelPlay() {
  $("play").textContent = state.isPlaying ? text.pause : text.play;
  press("play", state.isPlaying);
}

// Predict

export function predict() {
  state.isPredicting = !state.isPredicting;
  state.isNudged = false;
  forget();
  if (state.isPredicting) {
    state.pos = ends[2];
    state.isWhole = true;
    if (!isAsked(state.selected)) choose(exercise[0] ?? -1);
  }
  showModes();
  showScore();
  draw();
  if (!$("asking").hidden) $("answer").focus();
}

function showScore() { $("score").textContent = say("found", found.size, exercise.length); }

function verdict(words, name = "") {
  $("verdict").textContent = words;
  $("verdict").className = name;
}

function find(i) {
  found.add(i);
  showScore();
  draw();
}

export function answer() {
  const { selected } = state;
  const typed = $("answer").value.trim();
  const { isRight, words } = judge(selected, typed);
  tried.set(selected, typed);
  verdict(words, isRight ? "ok" : "no");
  if (isRight) find(selected);
}

export function reveal() {
  find(state.selected);
  verdict(say("itIs", number(result.gradients[state.selected])));
}

export function next() {
  const next = exercise.find(isAsked);
  if (next == null) return;
  choose(next);
  $("answer").focus();
}
