/** Writes a JSON value, with BigInt for large integers, as YAML that YAML 1.1 and 1.2 read alike. Sorts keys, as upstream. */
export function yamlOf(value: unknown): string {
  const lines: string[] = [];
  write(value, "", "", lines);
  return `${lines.join("\n")}\n`;
}

/**
 * @param lead - What stands before the value on its first line: `- `, `key: `.
 * @param indent - What stands before its further lines.
 */
function write(value: unknown, lead: string, indent: string, lines: string[]): void {
  if (Array.isArray(value) && value.length > 0) {
    // Lists are not indented below their key.
    if (lead.endsWith(": ")) lines.push(lead.slice(0, -1));
    value.forEach((item, index) => {
      const start = index === 0 && !lead.endsWith(": ") ? lead : indent;
      write(item, `${start}- `, `${indent}  `, lines);
    });
    return;
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    const entries = Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    if (entries.length > 0) {
      writeEntries(entries, lead, indent, lines);
      return;
    }
  }
  lines.push(`${lead}${scalar(value, indent)}`);
}

function writeEntries(
  entries: readonly (readonly [key: string, value: unknown])[],
  lead: string,
  indent: string,
  lines: string[],
): void {
  const nested = lead.endsWith(": ");
  if (nested) lines.push(lead.slice(0, -1));
  const own = nested ? `${indent}  ` : indent;
  for (const [index, [key, value]] of entries.entries()) {
    const start = index === 0 && !nested ? lead : own;
    write(value, `${start}${text(key, undefined)}: `, own, lines);
  }
}

function scalar(value: unknown, indent: string): string {
  if (typeof value === "string") return text(value, indent);
  if (typeof value === "bigint") return String(value);
  // An empty list or object, a number, a boolean or null.
  return JSON.stringify(value) ?? "null";
}

/** Text that needs no quotes. Excludes text that YAML 1.1 reads as a number or a timestamp. */
const PLAIN = /^[A-Za-z/][A-Za-z0-9_./+@-]*(?: [A-Za-z0-9_./+@-]+)*$/;
/** Words, and an exponent alone, which parsers of YAML 1.1 take for a number without digits. */
const NOT_TEXT = /^(?:y|yes|n|no|true|false|on|off|null|e[-+]?\d+)$/i;
/** Several lines that a block can hold: printable, and the first without a space that would be taken for indentation. */
const BLOCK = /^[^\s][^\r\t\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\u2028\u2029]*$/u;
/** Characters that JSON does not escape, but YAML forbids or reads as line breaks. */
const UNSAFE = /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g;

/** @param indent - Of the lines of a block; `undefined` where there may be none, as in a key. */
function text(value: string, indent: string | undefined): string {
  if (PLAIN.test(value) && !NOT_TEXT.test(value)) return value;
  if (indent !== undefined && value.includes("\n") && BLOCK.test(value.replaceAll("\n", " "))) {
    return block(value, indent);
  }
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(value).replaceAll(UNSAFE, escaped);
}

function block(value: string, indent: string): string {
  const body = value.replace(/\n+$/, "");
  const ends = value.length - body.length;
  const mark = ends === 0 ? "|-" : ends === 1 ? "|" : "|+";
  const lines = (ends > 1 ? value.slice(0, -1) : body).split("\n");
  return [mark, ...lines.map((line) => (line === "" ? "" : `${indent}  ${line}`))].join("\n");
}
