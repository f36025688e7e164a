/** What Go prints unescaped: letters, marks, numbers, punctuation, symbols and the space of ASCII. */
const UNPRINTABLE = /[^\p{L}\p{M}\p{N}\p{P}\p{S} ]|["\\]/gu;

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\x07": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
};

/**
 * Quotes a text for a message as Go's `%q` does, which upstream's messages are written with: a line break becomes `\n`, a
 * NUL `\x00`, a zero-width space `\u200b`. https://pkg.go.dev/strconv#Quote
 */
export function goQuote(text: string): string {
  return `"${text.replace(UNPRINTABLE, escaped)}"`;
}

function escaped(character: string): string {
  const known = ESCAPES[character];
  if (known !== undefined) return known;
  const code = character.codePointAt(0) ?? 0;
  const hexadecimal = (digits: number) => code.toString(16).padStart(digits, "0");
  if (code < 0x20 || code === 0x7f) return `\\x${hexadecimal(2)}`;
  return code < 0x1_00_00 ? `\\u${hexadecimal(4)}` : `\\U${hexadecimal(8)}`;
}
