// Codes that people copy and type: faultlab/letters.py without a kernel, and small numbers packed into a large one.

import { sha256 } from "./sha256.js";

export const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
export const CHECK_LETTERS = 5;
const SPACES = /[\s\x1c-\x1f\x85]+/g; // what Python takes for a space

/** Small numbers packed into one large number, the first of them in its last place. */
export class Packed {
  /** @param {bigint} [whole] */
  constructor(whole = 0n) {
    this.whole = whole;
    /** @type {[number, number][]} */
    this.digits = [];
  }

  /** @param {number} value @param {number} base */
  put(value, base) {
    this.digits.push([value, base]);
  }

  /** @param {number} count any whole number: three bits at a time, each with a bit that says whether more follow */
  putCount(count) {
    for (; count >= 8; count = Math.floor(count / 8)) this.put(8 + (count % 8), 16);
    this.put(count, 16);
  }

  sum() {
    return this.digits.reduceRight((number, [value, base]) => number * BigInt(base) + BigInt(value), 0n);
  }

  /** @param {number} base */
  get(base) {
    const value = Number(this.whole % BigInt(base));
    this.whole /= BigInt(base);
    return value;
  }

  getCount() {
    let count = 0n, size = 1n, part = this.get(16);
    for (; part >= 8; part = this.get(16)) [count, size] = [count + BigInt(part - 8) * size, size * 8n];
    return Number(count + BigInt(part) * size);
  }
}

/** Letters as they were meant: without spaces and dashes, in capitals. @param {string} code */
export const typedOf = (code) => code.replace(SPACES, "").toUpperCase().replaceAll("-", "");

/** Without look-alikes. @param {string} letters */
export const meant = (letters) => letters.replaceAll("I", "1").replaceAll("L", "1").replaceAll("O", "0");

/** @param {string} body @returns {bigint} */
export const valueOf = (body) => [...body].reduce((number, letter) => number * 32n + BigInt(LETTERS.indexOf(letter)), 0n);

/** @param {string} prefix @param {string} body */
export function checkLetters(prefix, body) {
  const [number] = sha256(prefix + body);
  return Array.from({ length: CHECK_LETTERS }, (_, place) => LETTERS[(number >>> (5 * place)) & 31]).join("");
}

/**
 * What stands between a code's prefix and its check letters; null where it is mistyped.
 * @param {string} prefix
 * @param {string} code
 * @param {number} most letters
 * @returns {string | null}
 */
export function checkedBody(prefix, code, most) {
  const typed = typedOf(code), start = prefix.replaceAll("-", "");
  const letters = meant(typed.slice(start.length));
  const [body, check] = [letters.slice(0, -CHECK_LETTERS), letters.slice(-CHECK_LETTERS)];
  const sound = typed.startsWith(start) && body && letters.length <= most && [...letters].every((letter) => LETTERS.includes(letter));
  return sound && check === checkLetters(prefix, body) ? body : null;
}
