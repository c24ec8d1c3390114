// Uses a page as a person does, with real events of a headless Chromium: node drive.mjs CHROMIUM PROFILE ADDRESS ACTIONS.
//
// ACTIONS is a file with a JSON list of `{click}`, `{drag, by}`, `{hover}`: a selector; `{key}`, `{type}`; `{go}`: an address;
// `{wait}` in milliseconds; `{size, isDark}`; `{paper}`: a size; `{picture}`: a file; `{see}`: an expression. It prints what
// was seen, and whatever the page said on its console or asked for.
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

const [chromium, profile, address, file] = process.argv.slice(2);
const browser = spawn(chromium, [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--remote-debugging-pipe",
  `--user-data-dir=${profile}`, "about:blank",
], { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
const waiting = new Map();
const noise = [];
let last = 0;
let rest = "";
browser.stdio[4].on("data", data => {
  const parts = (rest + data).split("\0");
  rest = parts.pop();
  for (const part of parts) {
    const { id, result, error, method, params } = JSON.parse(part);
    if (id) {
      waiting.get(id)(error ? { error } : result);
    } else if (method === "Runtime.exceptionThrown" || method === "Runtime.consoleAPICalled" || method === "Log.entryAdded") {
      noise.push(params.exceptionDetails?.exception?.description ?? JSON.stringify(params));
    } else if (method === "Network.requestWillBeSent" && !params.request.url.startsWith("file:")) {
      noise.push(params.request.url);
    }
  }
});
let session;
const send = (method, params = {}) => new Promise(answer => {
  const id = ++last;
  waiting.set(id, answer);
  browser.stdio[3].write(JSON.stringify({ id, method, params, sessionId: session }) + "\0");
});
const wait = time => new Promise(done => setTimeout(done, time));
const see = async expression => {
  const { result, exceptionDetails } = await send("Runtime.evaluate", { expression, returnByValue: true, awaitPromise: true });
  return exceptionDetails ? `error: ${exceptionDetails.exception?.description}` : result.value;
};
const place = async selector => {
  const found = await see(`(() => {
    const element = document.querySelector(${JSON.stringify(selector)});
    element?.scrollIntoView({ block: "center" });
    const box = element?.getBoundingClientRect();
    return box && [box.x + box.width / 2, box.y + box.height / 2];
  })()`);
  if (!Array.isArray(found)) throw new Error(`there is no ${selector}`);
  return found;
};
const mouse = (type, x, y, more = {}) => send("Input.dispatchMouseEvent", { type, x, y, ...more });
const press = { button: "left", buttons: 1, clickCount: 1 };
const codes = {
  Enter: 13, Escape: 27, " ": 32, End: 35, Home: 36, ArrowLeft: 37, ArrowUp: 38, ArrowRight: 39, ArrowDown: 40, Tab: 9,
  Backspace: 8,
};
const actions = {
  async click(selector) {
    const [x, y] = await place(selector);
    await mouse("mouseMoved", x, y);
    await mouse("mousePressed", x, y, press);
    await mouse("mouseReleased", x, y, press);
  },
  async hover(selector) { await mouse("mouseMoved", ...await place(selector)); },
  async drag(selector, { by }) {
    const [x, y] = await place(selector);
    await mouse("mouseMoved", x, y);
    await mouse("mousePressed", x, y, press);
    for (const part of [0.25, 0.5, 0.75, 1]) await mouse("mouseMoved", x + by * part, y, { button: "left", buttons: 1 });
    await mouse("mouseReleased", x + by, y, press);
  },
  async key(key) {
    const text = key === "Enter" ? "\r" : key.length === 1 ? key : undefined;
    await send("Input.dispatchKeyEvent", { type: text ? "keyDown" : "rawKeyDown", key, text, windowsVirtualKeyCode: codes[key] });
    await send("Input.dispatchKeyEvent", { type: "keyUp", key, windowsVirtualKeyCode: codes[key] });
  },
  type: text => send("Input.insertText", { text }),
  async go(url) {
    await send("Page.navigate", { url });
    for (let tries = 0; tries < 200; tries++) {
      await wait(50);
      if (await see("location.href !== 'about:blank' && document.readyState === 'complete'") === true) return;
    }
  },
  wait: time => wait(time),
  async size([width, height], { isDark = false }) {
    await send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: false });
    const features = [{ name: "prefers-color-scheme", value: isDark ? "dark" : "light" }];
    await send("Emulation.setEmulatedMedia", { features });
  },
  /** Paper of this many pixels. */
  async paper([width, height]) {
    await send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: false });
    await send("Emulation.setEmulatedMedia", { media: "print" });
  },
  async picture(file) {
    const { data } = await send("Page.captureScreenshot", { format: "png" });
    writeFileSync(file, Buffer.from(data, "base64"));
  },
};
const seen = [];
try {
  const { targetId } = await send("Target.createTarget", { url: "about:blank" });
  ({ sessionId: session } = await send("Target.attachToTarget", { targetId, flatten: true }));
  for (const domain of ["Page", "Runtime", "Log", "Network"]) await send(domain + ".enable");
  await actions.size([1200, 900], {});
  await actions.go(address);
  for (const action of JSON.parse(readFileSync(file, "utf8"))) {
    const [name] = Object.keys(action);
    if (name === "see") seen.push(String(await see(action.see)));
    else await actions[name](action[name], action);
    // What an event changes is drawn in the next frame.
    await wait(40);
  }
} catch (error) {
  noise.push(String(error));
}
console.log(JSON.stringify({ seen, noise }));
browser.kill();
