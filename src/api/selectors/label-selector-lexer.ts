/** What a token can be: a word, a sign, or the end of the text. */
export type TokenType =
  | "identifier"
  | "in"
  | "notin"
  | "!"
  | "="
  | "=="
  | "!="
  | ">"
  | "<"
  | "("
  | ")"
  | ","
  | "error"
  | "end";

/** One piece of a selector. */
export interface Token {
  readonly type: TokenType;
  /** What stood there, or what upstream says about it. */
  readonly text: string;
}

const SYMBOLS: readonly TokenType[] = ["==", "!=", "=", "!", ">", "<", "(", ")", ","];

/** Cuts the text of a label selector into tokens. The last one is always `end`. */
export function labelSelectorTokens(text: string): Token[] {
  const tokens: Token[] = [];
  let rest = text.trimStart();
  while (rest !== "") {
    const token = nextToken(rest);
    tokens.push(token);
    rest = rest.slice(token.text.length).trimStart();
  }
  return [...tokens, { type: "end", text: "" }];
}

function nextToken(rest: string): Token {
  const symbol = SYMBOLS.find((s) => rest.startsWith(s));
  if (symbol !== undefined) return { type: symbol, text: symbol };
  const word = /^[^\s=!(),><]+/.exec(rest)?.[0] ?? "";
  return { type: word === "in" || word === "notin" ? word : "identifier", text: word };
}
