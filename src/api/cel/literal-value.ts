import { ExpressionProblem } from "./expression.ts";
import type { Token } from "./tokens.ts";
import { type CelValue, Uint } from "./value.ts";

const INT_MIN = -(2n ** 63n);
const INT_MAX = 2n ** 63n - 1n;
const UINT_MAX = 2n ** 64n - 1n;

/**
 * Returns the value of a literal.
 *
 * @param isNegative - Whether a minus stands before it.
 * @throws {ExpressionProblem} for a number outside of 64 bits, or a text that is none.
 */
export function literalValue({ kind, text, at }: Token, isNegative: boolean): CelValue {
  const sign = isNegative ? "-" : "";
  switch (kind) {
    case "int": {
      const value = isNegative ? -BigInt(text) : BigInt(text);
      if (value < INT_MIN || value > INT_MAX) throw new ExpressionProblem("invalid int literal", at);
      return value;
    }
    case "uint": {
      const value = BigInt(text.slice(0, -1));
      if (value > UINT_MAX) throw new ExpressionProblem("invalid uint literal", at);
      return new Uint(value);
    }
    case "double": {
      const value = Number(sign + text);
      if (!Number.isFinite(value)) throw new ExpressionProblem("invalid double literal", at);
      return value;
    }
    case "bytes":
      return bytesOf(text.slice(1), at);
    default:
      return textOf(text, at);
  }
}

/** What stands between the quotes. */
function inner(quoted: string): { readonly isRaw: boolean; readonly content: string } {
  const isRaw = /^[rR]/.test(quoted);
  const text = isRaw ? quoted.slice(1) : quoted;
  const quotes = /^(?:"""|''')/.test(text) && text.length >= 6 ? 3 : 1;
  return { isRaw, content: text.slice(quotes, -quotes).replace(/\r\n?/g, "\n") };
}

const SIMPLE: Readonly<Record<string, number>> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11 };
const ESCAPED = /\\(?:([0-3][0-7][0-7])|[xX]([\da-fA-F]{2})|(?:u([\da-fA-F]{4})|U([\da-fA-F]{8}))|(.))/gs;

/** The code point, or the byte, of an escape. */
function escapedCode([, octal, byte, short, long, simple = ""]: readonly (string | undefined)[]): number {
  if (octal !== undefined) return Number.parseInt(octal, 8);
  if (byte !== undefined) return Number.parseInt(byte, 16);
  const unicode = short ?? long;
  return unicode === undefined ? (SIMPLE[simple] ?? simple.charCodeAt(0)) : Number.parseInt(unicode, 16);
}

function textOf(quoted: string, at: number): string {
  const { isRaw, content } = inner(quoted);
  if (isRaw) return content;
  return content.replace(ESCAPED, (...match) => {
    const code = escapedCode(match.slice(0, 6));
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
      throw new ExpressionProblem("invalid unicode code point", at);
    }
    return String.fromCodePoint(code);
  });
}

function bytesOf(quoted: string, at: number): Uint8Array {
  const { isRaw, content } = inner(quoted);
  if (isRaw) return Buffer.from(content);
  const parts: Buffer[] = [];
  let end = 0;
  for (const match of content.matchAll(ESCAPED)) {
    parts.push(Buffer.from(content.slice(end, match.index)));
    // Bytes have no code points.
    if ((match[3] ?? match[4]) !== undefined) throw new ExpressionProblem("unable to unescape string", at);
    parts.push(Buffer.from([escapedCode(match)]));
    end = match.index + match[0].length;
  }
  return Buffer.concat([...parts, Buffer.from(content.slice(end))]);
}
