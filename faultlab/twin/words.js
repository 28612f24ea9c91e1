// How numbers and texts are printed: what Python's format and repr say, to the digit. Where a number lies exactly
// between two decimals, Python takes the even one and JavaScript the larger one; here it is Python's.

const EXACT = 100; // the most digits that JavaScript writes: more than any half needs
const UNPRINTED = /[\p{C}\p{Z}]/u;

/**
 * A number with so many decimals, as Python's `f"{value:.2f}"`.
 * @param {number} value
 * @param {number} decimals
 * @returns {string}
 */
export function fixed(value, decimals) {
  if (!Number.isFinite(value)) return unending(value);
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  const size = Math.abs(value);
  if (size >= 1e21) return sign + BigInt(size).toString() + (decimals ? `.${"0".repeat(decimals)}` : "");
  const [whole, part] = size.toFixed(EXACT).split(".");
  const kept = decimals ? `${whole}.${part.slice(0, decimals)}` : whole;
  return sign + (isHalfAfterEven(kept, part.slice(decimals)) ? kept : size.toFixed(decimals));
}

/**
 * A number with so many digits that count, as Python's `f"{value:.3g}"`.
 * @param {number} value
 * @param {number} digits
 * @returns {string}
 */
export function general(value, digits) {
  if (!Number.isFinite(value)) return unending(value);
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  const size = Math.abs(value);
  const [exact, tenfold] = size.toExponential(EXACT).split("e");
  const kept = exact.slice(0, digits + (digits > 1 ? 1 : 0));
  const half = isHalfAfterEven(kept, exact.replace(".", "").slice(digits));
  const [mantissa, power] = half ? [kept, tenfold] : size.toExponential(digits - 1).split("e");
  const exponent = Number(power);
  if (exponent < -4 || exponent >= digits) {
    return `${sign}${trimmed(mantissa)}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
  }
  const figures = mantissa.replace(".", "");
  if (exponent < 0) return sign + trimmed(`0.${"0".repeat(-exponent - 1)}${figures}`);
  const whole = figures.slice(0, exponent + 1);
  return sign + trimmed(figures.length > whole.length ? `${whole}.${figures.slice(exponent + 1)}` : whole);
}

/** @param {string} kept @param {string} rest */
function isHalfAfterEven(kept, rest) {
  return /^50*$/.test(rest) && /[02468]$/.test(kept);
}

/** @param {string} written */
function trimmed(written) {
  return written.includes(".") ? written.replace(/\.?0+$/, "") : written;
}

/** @param {number} value */
function unending(value) {
  return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
}

/**
 * A written number with its thousands apart.
 * @param {string} written
 * @returns {string}
 */
export function thousands(written) {
  const [whole, part] = written.split(".");
  return whole.replace(/\B(?=(?:\d{3})+$)/g, ",") + (part === undefined ? "" : `.${part}`);
}

/**
 * A number with at most six digits that count, thousands apart, never in powers of ten.
 * @param {number} value
 * @returns {string}
 */
export function plainly(value) {
  if (!Number.isFinite(value)) return unending(value);
  if (Math.abs(value) >= 100_000) return thousands(fixed(value, 0));
  const written = general(value, 6);
  return written.includes("e") ? trimmed(fixed(value, 12)) : thousands(written);
}

/**
 * A whole number, where a half goes to the even one, as Python's `round`.
 * @param {number} value
 * @returns {number}
 */
export function rounded(value) {
  return Number(fixed(value, 0));
}

/**
 * A text in quotes, as Python's `repr`.
 * @param {string} text
 * @returns {string}
 */
export function quoted(text) {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const inside = Array.from(text, (letter) => {
    if (letter === "\\" || letter === quote) return `\\${letter}`;
    if (letter === " " || !UNPRINTED.test(letter)) return letter;
    const short = { "\n": "\\n", "\r": "\\r", "\t": "\\t" }[letter];
    const code = /** @type {number} */ (letter.codePointAt(0));
    const [mark, size] = code < 0x100 ? ["x", 2] : code < 0x10000 ? ["u", 4] : ["U", 8];
    return short ?? `\\${mark}${code.toString(16).padStart(Number(size), "0")}`;
  });
  return quote + inside.join("") + quote;
}
