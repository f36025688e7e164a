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

/** One token, with the white space before it: a sign, or a word that goes on up to the next sign. */
const TOKEN = /\s*([=!]=?|[<>(),]|[^\s=!(),><]+)/y;

/** Cuts the text of a label selector into tokens. The last one is always `end`. */
export function labelSelectorTokens(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  for (let found = TOKEN.exec(text); found !== null; found = TOKEN.exec(text)) {
    const [, token = ""] = found;
    tokens.push({ type: typeOf(token), text: token });
  }
  tokens.push({ type: "end", text: "" });
  return tokens;
}

function typeOf(token: string): TokenType {
  switch (token) {
    case "==":
    case "!=":
    case "=":
    case "!":
    case ">":
    case "<":
    case "(":
    case ")":
    case ",":
    case "in":
    case "notin":
      return token;
    default:
      return "identifier";
  }
}
