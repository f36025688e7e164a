/**
 * Values that differ from one cluster to the next, and how a page's stand for the real ones.
 *
 * - `chosen`: by the cluster, once: an address, a node port, the end of a generated name. The page's value stands for one
 *   real value from where it is first printed on, and different ones stand for different ones.
 * - `passing`: a time, an age, the node that a pod got. Any such value will do.
 */
export type Variability = "chosen" | "passing";

/** A piece of a line: as it stands, or a value that varies. */
export type Piece =
  | { readonly type: "plain"; readonly text: string }
  | { readonly type: Variability; readonly text: string; readonly pattern: string };

const ADDRESS = String.raw`\d{1,3}(?:\.\d{1,3}){3}`;
/** What Kubernetes makes random names and template hashes of: no vowels, so that they spell nothing. */
const SAFE = "[bcdfghjklmnpqrstvwxz2456789]";
const AGE = "(?:\\d+[ydhms])+";

/** In the order in which they are looked for. */
const KINDS: readonly { readonly type: Variability; readonly found: string; readonly pattern?: string }[] = [
  { type: "passing", found: String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z` },
  { type: "passing", found: String.raw`[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}` },
  // Several endpoints in one line stand in no order.
  { type: "passing", found: `(?<=,)${ADDRESS}|${ADDRESS}(?=(?::\\d+)?,)`, pattern: ADDRESS },
  { type: "chosen", found: ADDRESS },
  {
    type: "chosen",
    found: String.raw`(?<![\w.])3(?:[01]\d{3}|2[0-6]\d\d|27[0-5]\d|276[0-7])(?![\w.])`,
    pattern: "3\\d{4}",
  },
  { type: "passing", found: String.raw`(?<!\w)fairlead-\d+(?!\w)`, pattern: "fairlead-\\d+" },
  { type: "passing", found: `(?<![\\w.-])${AGE}(?![\\w.-])`, pattern: `(?:${AGE}|<unknown>)` },
  { type: "chosen", found: `(?<=\\w-)${SAFE}{6,10}-${SAFE}{5}(?![\\w-])`, pattern: `${SAFE}{6,10}-${SAFE}{5}` },
  { type: "chosen", found: `(?<=\\w-)${SAFE}{8,10}(?![\\w-])`, pattern: `${SAFE}{8,10}` },
  { type: "chosen", found: `(?<=\\w-)${SAFE}{5}(?![\\w-])`, pattern: `${SAFE}{5}` },
];
const VARYING = new RegExp(KINDS.map(({ found }) => `(${found})`).join("|"), "g");

/** Cuts a text at the values that vary. Joined, the pieces are the text again. */
export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(VARYING)) {
    const kind = KINDS[match.slice(1).findIndex((group) => group !== undefined)];
    if (kind === undefined) continue;
    if (match.index > end) found.push({ type: "plain", text: text.slice(end, match.index) });
    found.push({ type: kind.type, text: match[0], pattern: kind.pattern ?? kind.found });
    end = match.index + match[0].length;
  }
  if (end < text.length) found.push({ type: "plain", text: text.slice(end) });
  return found;
}

/** The values in a text that a cluster chooses unless they are configured. */
export function chosenValues(text: string): string[] {
  return pieces(text).flatMap((piece) => (piece.type === "chosen" ? [piece.text] : []));
}
