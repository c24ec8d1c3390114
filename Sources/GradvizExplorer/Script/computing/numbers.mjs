// Numbers as the figures write them: the same digits as GradvizFigures/Numbers/NumberFormat.swift gives.

const mostDigits = 12;
const longestWhole = 9;
const leastWithPoint = 3;

/** What stands before the decimals: a point or a comma. */
let mark = ".";

/** @param {string} sign */
export function useMark(sign) { mark = sign; }

/**
 * The significant digits of a positive number as an integer, and the exponent of the first; rounded once, halves to even.
 * @param {number} size @param {number} count @returns {[number, number]}
 */
function significant(size, count) {
  const [mantissa, power] = size.toExponential(60).split("e");
  const digits = mantissa.replace(".", "");
  const rest = digits.slice(count);
  let head = Number(digits.slice(0, count));
  let exponent = Number(power);
  const isHalf = /^50*$/.test(rest);
  if (isHalf ? head % 2 === 1 : rest[0] >= "5") head += 1;
  if (head === 10 ** count) {
    head /= 10;
    exponent += 1;
  }
  return [head, exponent];
}

/** @param {number} x */
export function halfToEven(x) {
  const low = Math.floor(x);
  if (x - low !== 0.5) return Math.round(x);
  return low % 2 === 0 ? low : low + 1;
}

/** @param {number | string} number */
export function superscript(number) {
  return String(number).replace(/[-\d]/g, c => c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(c)]).replace(".", "·");
}

/** The digits with their mark after the first `before` of them, padded with zeros. */
function decimal(digits, count, before) {
  const leading = Math.max(1 - before, 0);
  const whole = before + leading;
  const all = "0".repeat(leading) + String(digits).padStart(count, "0");
  return all.length > whole ? all.slice(0, whole) + mark + all.slice(whole) : all.padEnd(whole, "0");
}

/**
 * A number with so many significant digits: `0.4200` is rounded, `0.5` is exact.
 * @param {number} x @param {number} precision @returns {string}
 */
export function format(x, precision) {
  if (isNaN(x)) return "NaN";
  if (!Number.isFinite(x)) return x < 0 ? "−∞" : "∞";
  if (x === 0) return "0";
  const most = Math.min(Math.max(precision, 1), mostDigits);
  const size = Math.abs(x);
  let [digits, exponent] = significant(size, mostDigits);
  let count = mostDigits;
  while (count > 1 && digits % 10 === 0) {
    digits /= 10;
    count -= 1;
  }
  const before = Math.max(most, 6);
  const isWhole = count <= exponent + 1;
  const isExact = count <= most || isWhole && exponent < Math.max(most, longestWhole);
  if (!isExact) {
    [digits, exponent] = significant(size, most);
    count = most;
    const hasPoint = most >= leastWithPoint;
    if (exponent >= (hasPoint ? most - 1 : most) && exponent < before) {
      const shown = halfToEven(size * (hasPoint ? 10 : 1));
      const places = String(shown).length;
      const first = places - (hasPoint ? 2 : 1);
      if (first < before) [digits, count, exponent] = [shown, places, first];
    }
  }
  const sign = x < 0 ? "−" : "";
  if (exponent >= -4 && exponent < before || isExact && isWhole && count > most) {
    return sign + decimal(digits, count, exponent + 1);
  }
  const power = "10" + superscript(exponent);
  return sign + (isExact && digits === 1 ? power : decimal(digits, count, 1) + "×" + power);
}

/** A number before and after a step, with enough digits to show the change. @returns {[string, string]} */
export function change(before, after, precision) {
  let digits = precision;
  while (before !== after && digits < mostDigits && format(before, digits) === format(after, digits)) digits += 1;
  return [format(before, digits), format(after, digits)];
}

/** The value of a number as it is printed. @param {string} text */
export function printedValue(text) {
  if (text.endsWith("∞")) return text[0] === "−" ? -Infinity : Infinity;
  const plain = text.replace(mark, ".").replace("−", "-").replace(/(\d×)?10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)$/, (_, before, power) => {
    const digits = power.replace(/./g, c => c === "⁻" ? "-" : "⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(c));
    return (before ? before[0] : "1") + "e" + digits;
  });
  return Number(plain);
}

/** What a person typed: `−0.4`, `0,4`, `1/3`; NaN for anything else. @param {string} text */
export function typedNumber(text) {
  const plain = text.trim().replace(",", ".").replace(/−/g, "-");
  const parts = plain.match(/^([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)\s*(?:\/\s*([-+]?(?:\d+\.?\d*|\.\d+)))?$/i);
  return parts ? Number(parts[1]) / Number(parts[2] ?? 1) : NaN;
}

/** A factor, or a term after a sign: negative numbers are in parentheses. @param {string} text */
export const bracketed = text => text.startsWith("−") ? "(" + text + ")" : text;

/**
 * Numbers with so many digits that paper gives the printed result: at most three more than usual, and "≈" where these are
 * not enough.
 * @param {number[]} numbers @param {(numbers: number[]) => number} compute @param {number} result @param {number} precision
 * @returns {[string[], string]}
 */
export function onPaper(numbers, compute, result, precision) {
  const wanted = printedValue(format(result, precision));
  for (let digits = precision; digits < precision + 4; digits++) {
    const texts = numbers.map(x => format(x, digits));
    const found = compute(texts.map(printedValue));
    // 10¹⁵ + 0.5 is not 10¹⁵: from twelve digits on, no text shows that it is rounded.
    if (found === wanted || (Math.abs(found) < 1e12 ? printedValue(format(found, precision)) === wanted
      : isNaN(found) && isNaN(result))) return [texts, "="];
  }
  return [numbers.map(x => format(x, precision)), "≈"];
}

/** @param {number[]} list */
export const productOf = list => list.reduce((a, b) => a * b, 1);
/** @param {number[]} list */
export const sumOf = list => list.reduce((a, b) => a + b, 0);

/** Words with their places `{}` filled in order. @param {string} words @param {(string | number)[]} parts */
export const fill = (words, parts) => words.replace(/{}/g, () => parts.shift());
