import { type Piece, pieces } from "./varying.testing.ts";

/** What is known so far of the values that vary. */
export interface Known {
  /** Page's value → this cluster's. */
  readonly bindings: ReadonlyMap<string, string>;
  /** Values that the reader has given the cluster, in what was typed or in a manifest: those are printed unchanged. */
  readonly given: ReadonlySet<string>;
}

export type Comparison =
  | { readonly same: true; readonly bindings: ReadonlyMap<string, string> }
  /** The first line of the page that was not printed, with the values known so far put in. */
  | { readonly same: false; readonly missing: string };

/** The rest of a line is not shown. */
const REST_LEFT_OUT = / \.\.\.$/;

/**
 * Whether everything that the page shows was printed: each line, in this order. Lines between them are no difference,
 * since newer clients print more, and neither is the width of columns.
 *
 * @param page - What the page shows.
 * @param printed - What was printed, without colours and carriage returns.
 */
export function compare(page: readonly string[], printed: readonly string[], { bindings, given }: Known): Comparison {
  let known = bindings;
  let next = 0;
  for (const line of page) {
    const found = printed
      .slice(next)
      .map((candidate) => match(line, candidate, { bindings: known, given }))
      .findIndex((result) => result !== undefined);
    if (found === -1) return { same: false, missing: substitute(line, known) };
    known = match(line, printed[next + found] ?? "", { bindings: known, given }) ?? known;
    next += found + 1;
  }
  return { same: true, bindings: known };
}

/** The text with the page's values replaced by this cluster's, where those are known. */
export function substitute(text: string, bindings: ReadonlyMap<string, string>): string {
  return pieces(text)
    .map((piece) => bindings.get(piece.text) ?? piece.text)
    .join("");
}

/** The bindings once a line of the page is taken for a printed one; undefined where it cannot be. */
function match(line: string, printed: string, { bindings, given }: Known): ReadonlyMap<string, string> | undefined {
  const shown = words(line);
  const parts = pieces(REST_LEFT_OUT.test(shown) ? shown.replace(REST_LEFT_OUT, "") : shown);
  const isNew = (piece: Piece) => piece.type === "chosen" && !bindings.has(piece.text) && !given.has(piece.text);
  const pattern = parts.map((piece) => {
    if (piece.type === "passing") return piece.pattern;
    if (isNew(piece) && piece.type === "chosen") return `(${piece.pattern})`;
    return literally(bindings.get(piece.text) ?? piece.text);
  });
  const rest = REST_LEFT_OUT.test(shown) ? "(?: .*)?" : "";
  const values = new RegExp(`^${pattern.join("")}${rest}$`).exec(words(printed))?.slice(1);
  if (values === undefined) return undefined;
  const extended = new Map(bindings);
  for (const [i, { text }] of parts.filter(isNew).entries()) {
    const value = values[i] ?? "";
    if (extended.has(text) ? extended.get(text) !== value : [...extended.values()].includes(value)) return undefined;
    extended.set(text, value);
  }
  return extended;
}

function literally(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function words(line: string): string {
  return line.trim().replaceAll(/\s+/g, " ");
}
