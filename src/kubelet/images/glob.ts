/** What fits one place of a text; `*` stands for any number of places. */
type Token = "*" | ((char: string) => boolean);

/**
 * Whether a text fits a pattern with `*`, `?`, `[a-z]`, `[^a-z]` and `\`, as Go's `path.Match` has them. A broken pattern
 * fits nothing. The time it takes grows with the product of both lengths, whatever the pattern: it is a user's.
 */
export function globMatches(glob: string, text: string): boolean {
  const tokens = parseGlob(glob);
  if (tokens === undefined) return false;
  let [token, char] = [0, 0];
  /** Where to go on when something does not fit: the last star takes one place more. */
  let retry: { readonly token: number; char: number } | undefined;
  while (char < text.length) {
    const wanted = tokens[token];
    if (wanted === "*") {
      token += 1;
      retry = { token, char };
    } else if (wanted?.(text[char] ?? "")) {
      token += 1;
      char += 1;
    } else {
      if (retry === undefined) return false;
      retry.char += 1;
      ({ token, char } = retry);
    }
  }
  return tokens.slice(token).every((left) => left === "*");
}

/** Undefined when the pattern is broken. */
function parseGlob(glob: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  // Each alternative takes at least one place; what none takes is broken.
  const parts = /\*|\?|\[(\^?)((?:(?:\\.|[^\]\\-])(?:-(?:\\.|[^\]\\-]))?)+)\]|\\(.)|([^[\\])/sy;
  while (parts.lastIndex < glob.length) {
    const [whole, negated, ranges, escaped, plain] = parts.exec(glob) ?? [];
    if (whole === undefined) return undefined;
    if (whole === "*") tokens.push("*");
    else if (whole === "?") tokens.push(() => true);
    else if (ranges !== undefined) tokens.push(oneOf(ranges, negated === "^"));
    else tokens.push((char) => char === (escaped ?? plain));
  }
  return tokens;
}

/** A range that is turned round has nothing in it. */
function oneOf(ranges: string, negated: boolean): (char: string) => boolean {
  const bounds = [...ranges.matchAll(/(\\?.)(?:-(\\?.))?/gs)].map(
    ([, from = "", to = from]) => [from.at(-1) ?? "", to.at(-1) ?? ""] as const,
  );
  return (char) => bounds.some(([from, to]) => from <= char && char <= to) !== negated;
}
