// Gradient descent on the page, and its curve of the loss.

import { lossCurve } from "./markup.mjs";
import {
  $, canTrain, compute, end, equation, firstLoss, forget, graph, isDiverged, isEdited, keep, loss, losses, lossOf, number,
  optimizer, past, press, result, say, set, start, state, text, update, updated,
} from "./page.mjs";

const mostLosses = 5000;
let timer = 0;
/** What a change of many numbers draws, and how it is told. */
let draw = () => {};
let tell = words => {};
export function connect(drawing, telling) { [draw, tell] = [drawing, telling]; }

/** Some updates; stops where the loss grows without end. @param {number} count */
export function train(count, isOwnGesture = true) {
  if (isOwnGesture) keep();
  state.pos = end;
  state.isWhole = true;
  state.isNudged = false;
  forget();
  for (let k = 0; k < count; k++) {
    if (!(Math.abs(lossOf(updated)) < 1e12 * (1 + Math.abs(firstLoss))) || isDiverged(updated)) {
      halt();
      $("trouble").textContent = say("diverged", optimizer.updates);
      break;
    }
    losses.push(result.values[loss]);
    if (losses.length > mostLosses) losses.splice(1, 1);
    update();
    compute();
    $("trouble").textContent = "";
  }
  draw();
  if (!timer) tell(summary());
}

export function run() {
  if (timer) return halt();
  if (matchMedia("(prefers-reduced-motion:reduce)").matches) return train(100);
  keep();
  timer = setInterval(() => train(1, false), 60);
  label();
}

export function halt() {
  if (!timer) return;
  clearInterval(timer);
  timer = 0;
  label();
  tell(summary());
}

function label() {
  $("go").textContent = timer ? text.stop : text.run;
  press("go", timer > 0);
}

function summary() {
  const now = result.values[loss];
  return say("curve", number(losses[0] ?? now), number(now), optimizer.updates);
}

export function undo() {
  halt();
  const last = past.pop();
  if (!last) return;
  state.x.set(last.x);
  losses.length = 0;
  losses.push(...last.losses);
  optimizer.take(last.optimizer);
  change(text.undone);
}

export function reset() {
  halt();
  keep();
  state.x.set(start);
  state.rate = graph.lr;
  losses.length = 0;
  optimizer.restart();
  showRate();
  change(text.wasReset);
}

function change(words) {
  forget();
  $("trouble").textContent = "";
  compute();
  draw();
  tell(`${words} ${equation(loss)}`);
}

export function showRate() {
  if (canTrain) $("lr").value = Math.log10(state.rate);
}

export function showTraining() {
  $("undo").disabled = past.length === 0;
  $("reset").disabled = past.length === 0 && !isEdited();
  if (canTrain) {
    const rate = number(optimizer.rate(state.rate));
    $("lrout").textContent = rate;
    $("lrnow").textContent = rate;
    set($("lr"), { "aria-valuetext": rate });
  }
  $("lossnow").textContent = equation(loss) + (optimizer.updates ? ` · ${say("after", optimizer.updates)}` : "");
  $("losscurve").replaceChildren(lossCurve([...losses, result.values[loss]], summary()));
}
