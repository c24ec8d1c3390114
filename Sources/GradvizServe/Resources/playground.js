// The page beside a program: what is typed is sent to gradviz, which draws it again. No library, no other address.
"use strict";
const $ = id => document.getElementById(id);
const [text, paint, numbers, problems, stage, state, show, file] =
  ["text", "paint", "numbers", "problems", "stage", "state", "show", "file"].map($);
const tab = crypto.randomUUID();
const WAIT = 250;
/** For each file: its text on disk, the text now, and the problems of the last drawing. */
const files = [...file.options].map(() => ({ saved: null, text: "", problems: [] }));
let current = 0, timer = 0, asking = null, drawn = null;

const address = (path, values) => path + "?" + new URLSearchParams({ file: String(current), ...values });

// MARK: The text

const TOKENS = new RegExp([
  /(?<note>#.*)/, /(?<string>"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?)/,
  /(?<word>(?<=^[ \t]*)(?:input|layer|loss|metric|param|predict|target|def|background|batch|caption|closeups|decimal|direction|dpi|formulas|gradients|holdout|lang|level|optimizer|parameters|precision|rate|samples|scale|schedule|stage|steps|theme|title|width)\b(?![ \t]*[=(.])|\b(?:else|for|if|in|return|and|not|or|True|False|None|pi)\b)/,
  /(?<name>[\p{L}_][\p{L}\p{M}\p{N}_]*(?=\s*\())/, /[\p{L}_][\p{L}\p{M}\p{N}_]*/,
  /(?<number>(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)/].map(part => part.source).join("|"), "gmu");
/** Longer texts stay plain. */
const MOST_PAINTED = 60000;

const characters = new Intl.Segmenter(undefined, { granularity: "grapheme" });
/** The place of a line's character in the text: messages count characters as a reader does. */
function place(lines, line, column) {
  let start = 0;
  for (let i = 0; i < Math.min(line - 1, lines.length); i++) start += lines[i].length + 1;
  const found = [...characters.segment(lines[line - 1] ?? "")][column - 1];
  return start + (found ? found.index : (lines[line - 1] ?? "").length);
}

function ranges(lines) {
  return files[current].problems.filter(one => one.line).map(one => {
    const begin = place(lines, one.line, one.column);
    const end = place(lines, one.line, one.column + (one.length ?? 1));
    return { begin, end: Math.max(end, begin), kind: one.isError ? "error" : "remark" };
  }).sort((a, b) => a.begin - b.begin);
}

function span(kind, words, tag = "span") {
  const element = document.createElement(tag);
  element.className = kind;
  element.textContent = words;
  return element;
}

/** The text in colors, with the marks of problems in it. */
function repaint() {
  const whole = text.value, lines = whole.split("\n"), marks = ranges(lines);
  numbers.replaceChildren(...lines.map((_, i) => {
    const found = files[current].problems.filter(one => one.line === i + 1);
    const kind = found.some(one => one.isError) ? "error" : found.length ? "remark" : "";
    return span(kind, (i + 1) + "\n");
  }));
  const parts = [];
  const put = (kind, begin, end) => {
    if (end > begin) parts.push(kind ? span(kind, whole.slice(begin, end)) : whole.slice(begin, end));
  };
  const plain = (begin, end) => {
    if (whole.length > MOST_PAINTED) return put("", begin, end);
    let at = begin;
    TOKENS.lastIndex = begin;
    for (let match; (match = TOKENS.exec(whole)) && match.index < end;) {
      const kind = Object.entries(match.groups).find(([, found]) => found !== undefined)?.[0] ?? "";
      put("", at, match.index);
      at = Math.min(end, match.index + match[0].length);
      put(kind, match.index, at);
      TOKENS.lastIndex = Math.max(at, match.index + 1);
    }
    put("", at, end);
  };
  let at = 0;
  for (const { begin, end, kind } of marks) {
    if (begin < at) continue;
    plain(at, begin);
    // Behind the end of a line there is a space to mark.
    const isEnd = begin >= whole.length || whole[begin] === "\n";
    parts.push(span(kind, isEnd ? " " : whole.slice(begin, end), "mark"));
    at = isEnd ? begin : end;
  }
  plain(at, whole.length);
  paint.replaceChildren(...parts, "\n");
  $("restore").hidden = files[current].saved === null || files[current].saved === whole;
}

function list() {
  problems.replaceChildren(...files[current].problems.map(one => {
    const item = span(one.isError ? "error" : "remark", "", "li");
    const content = document.createElement(one.line ? "button" : "p");
    const where = one.line ? `${problems.dataset.line} ${one.line}, ${problems.dataset.column} ${one.column}: ` : "";
    content.append(span("", (one.isError ? problems.dataset.error : problems.dataset.remark) + " ", "b"), where,
      // Words in backquotes are parts of a program.
      ...one.text.split("`").map((words, i) => i % 2 ? span("", words, "code") : words));
    if (one.line) content.addEventListener("click", () => go(one));
    item.append(content);
    return item;
  }));
}

/** Puts the cursor where a problem is. */
function go(one) {
  const lines = text.value.split("\n"), begin = place(lines, one.line, one.column);
  text.focus();
  text.setSelectionRange(begin, Math.min(place(lines, one.line, one.column + (one.length ?? 1)), text.value.length));
  $("scroll").scrollTo({ top: Math.max(0, (one.line - 4) * 21), left: 0 });
}

// MARK: The drawing

function say(kind, isBad = false) {
  state.textContent = state.dataset[kind];
  state.classList.toggle("bad", isBad);
}

/** Where the reader is on the page of the program; numbers that were changed there give way to those of the text. */
function moment() {
  if (drawn?.tagName !== "IFRAME") return "";
  try {
    const values = new URLSearchParams(drawn.contentWindow.location.hash.slice(1));
    for (const key of [...values.keys()]) if (key.startsWith("set.") || key === "predict") values.delete(key);
    return values.size > 0 ? "#" + values : "";
  } catch { return ""; }
}

/** A page that is a little too narrow is shown a little smaller, so that its inspector stands beside its drawing. */
function fit() {
  const scale = innerWidth > 800 ? Math.min(1, Math.max(.78, stage.clientWidth / 920)) : 1;
  for (const frame of stage.querySelectorAll("iframe")) {
    frame.style.transform = scale < 1 ? `scale(${scale})` : "";
    frame.style.width = frame.style.height = scale < 1 ? `${100 / scale}%` : "";
  }
}
new ResizeObserver(fit).observe(stage);

/** Puts the new drawing in the place of the old one once it is there, so that nothing flickers. */
function put(reply) {
  const isPage = reply.shows === "explorer";
  const element = document.createElement(isPage ? "iframe" : "div");
  const source = isPage ? element : document.createElement("img");
  const scroll = drawn?.tagName === "IFRAME" && isPage ? drawn.contentWindow?.scrollY ?? 0 : drawn?.scrollTop ?? 0;
  if (isPage) element.title = stage.dataset.title;
  else {
    element.className = "picture";
    element.tabIndex = 0;
    source.alt = show.querySelector(`[value=${reply.shows}]`).textContent;
    element.append(source);
  }
  source.addEventListener("load", () => {
    if (element !== stage.lastElementChild) return;
    for (const other of [...stage.children]) if (other !== element) other.remove();
    element.classList.add("shown");
    if (isPage) element.contentWindow.scrollTo(0, scroll); else element.scrollTop = scroll;
    drawn = element;
    stage.classList.remove("former");
  });
  source.src = reply.drawn + (isPage ? moment() : "");
  for (const other of [...stage.children]) if (!other.classList.contains("shown")) other.remove();
  stage.append(element);
  fit();
}

async function draw() {
  clearTimeout(timer);
  asking?.abort();
  const mine = asking = new AbortController(), number = current;
  say("drawing");
  try {
    const answer = await fetch(address("draw", { show: show.value, tab }), {
      method: "POST", body: text.value, signal: mine.signal, headers: { "Content-Type": "text/plain" } });
    if (mine.signal.aborted || answer.status === 409) return;
    if (!answer.ok) return failed(await answer.text());
    const reply = await answer.json();
    if (mine.signal.aborted || number !== current) return;
    files[current].problems = reply.problems;
    if (reply.drawn) {
      if (reply.settles) show.value = reply.shows;
      put(reply);
      say("current");
    } else {
      stage.classList.add("former");
      say(drawn ? "former" : "none", true);
    }
  } catch (error) {
    if (error.name !== "AbortError") say("stopped", true);
    return;
  }
  list();
  repaint();
}

function failed(words) {
  files[current].problems = [{ text: words.trim(), isError: true }];
  list();
  repaint();
  state.textContent = "";
}

// MARK: What the reader does

async function choose(number) {
  if (files[current].saved !== null) files[current].text = text.value;
  current = number;
  const one = files[current];
  if (one.saved === null) {
    try {
      const answer = await fetch(address("text", {}));
      if (!answer.ok) return failed(await answer.text());
      one.text = one.saved = (await answer.text()).replaceAll("\r\n", "\n");
    } catch { return say("stopped", true); }
  }
  text.value = one.text;
  document.title = file.selectedOptions[0].textContent + " – gradviz";
  for (const other of [...stage.children]) other.remove();
  drawn = null;
  list();
  repaint();
  await draw();
}

function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

async function download(format) {
  const name = file.selectedOptions[0].textContent, stem = name.replace(/^.*\//, "").replace(/\.[^.]*$/, "");
  if (format === "text") return save(new Blob([text.value], { type: "text/plain" }), name.replace(/^.*\//, ""));
  const shown = show.value === "explorer" ? new URLSearchParams(moment().slice(1)).get("stage") ?? "overview" : show.value;
  try {
    const answer = await fetch(address("download", { format, show: shown }), { method: "POST", body: text.value });
    if (!answer.ok) return failed(await answer.text());
    save(await answer.blob(), format === "html" ? `${stem}.html` : `${stem}-${shown}.${format}`);
  } catch { say("stopped", true); }
}

text.addEventListener("input", () => {
  // Marks belong to the text that was drawn.
  files[current].problems = [];
  repaint();
  clearTimeout(timer);
  timer = setTimeout(draw, WAIT);
});
file.addEventListener("change", () => choose(Number(file.value)));
show.addEventListener("change", draw);
$("restore").addEventListener("click", () => {
  text.value = files[current].saved;
  repaint();
  draw();
});
for (const button of document.querySelectorAll("[data-format]")) {
  button.addEventListener("click", () => download(button.dataset.format));
}
addEventListener("keydown", event => {
  if (event.key !== "s" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  download("text");
});
addEventListener("beforeunload", event => {
  files[current].text = text.value;
  if (files.some(one => one.saved !== null && one.saved !== one.text)) event.preventDefault();
});
// A browser may have kept the choice of an earlier visit.
file.value = "0";
choose(0);
