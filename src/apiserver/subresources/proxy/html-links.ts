/** Attributes that hold a URL, by element: HTML 4.01 and HTML 5, as upstream's proxy knows them. */
const URL_ATTRIBUTES: ReadonlyMap<string, readonly string[]> = new Map([
  ["a", ["href"]],
  ["applet", ["codebase"]],
  ["area", ["href"]],
  ["audio", ["src"]],
  ["base", ["href"]],
  ["blockquote", ["cite"]],
  ["body", ["background"]],
  ["button", ["formaction"]],
  ["command", ["icon"]],
  ["del", ["cite"]],
  ["embed", ["src"]],
  ["form", ["action"]],
  ["frame", ["longdesc", "src"]],
  ["head", ["profile"]],
  ["html", ["manifest"]],
  ["iframe", ["longdesc", "src"]],
  ["img", ["longdesc", "src", "usemap"]],
  ["input", ["src", "usemap", "formaction"]],
  ["ins", ["cite"]],
  ["link", ["href"]],
  ["object", ["classid", "codebase", "data", "usemap"]],
  ["q", ["cite"]],
  ["script", ["src"]],
  ["source", ["src"]],
  ["video", ["poster", "src"]],
]);

/** Elements whose content is text up to their end tag: a tag in it is none. */
const RAW_TEXT: ReadonlySet<string> = new Set([
  "iframe",
  "noembed",
  "noframes",
  "plaintext",
  "script",
  "style",
  "textarea",
  "title",
  "xmp",
]);

/** Longest tag whose links are rewritten, in characters. Bounds what waits for the rest of a tag. */
const TAG_MAX = 64 * 1024;

/** Rewrites the links of one HTML document that comes in pieces. */
export interface LinkRewriter {
  /** Returns what can be passed on by now. */
  push(piece: string): string;
  /** Returns the rest. */
  end(): string;
}

/** Context of the next character. */
type State =
  | { readonly in: "text" }
  /** A comment, an end tag or a tag that is too long: passed on up to and with `until`. */
  | { readonly in: "skipped"; readonly until: string }
  /** The content of a raw text element, passed on up to its end tag. */
  | { readonly in: "raw"; readonly element: string };

/**
 * Reads HTML as a browser's tokenizer does (HTML Standard section 13.2.5) and changes nothing but the values of
 * attributes that hold a URL.
 *
 * @param rewrite - Gets such a value as it is written and returns the new one, in which quotes are encoded.
 */
export function createLinkRewriter(rewrite: (url: string) => string): LinkRewriter {
  let state: State = { in: "text" };
  let waiting = "";

  const run = (piece: string, isLast: boolean): string => {
    // An unfinished tag needs a `>` to end: without one, scanning it again is wasted.
    if (waiting.length > 4 && state.in === "text" && !isLast && !piece.includes(">") && waiting.length < TAG_MAX) {
      waiting += piece;
      return "";
    }
    const html = waiting + piece;
    const written: string[] = [];
    let at = 0;
    while (at < html.length) {
      const step: Step | undefined = next(state, html, at, rewrite);
      if (step === undefined) break;
      written.push(step.text);
      at = step.end;
      state = step.state;
    }
    waiting = isLast ? "" : html.slice(at);
    if (isLast) written.push(html.slice(at));
    return written.join("");
  };

  return { push: (piece) => run(piece, false), end: () => run("", true) };
}

interface Step {
  readonly text: string;
  /** Position of the next step. */
  readonly end: number;
  readonly state: State;
}

const TEXT: State = { in: "text" };

/** One step; `undefined` when it takes more characters to know. */
function next(state: State, html: string, at: number, rewrite: (url: string) => string): Step | undefined {
  switch (state.in) {
    case "text": {
      const start = html.indexOf("<", at);
      if (start < 0) return { text: html.slice(at), end: html.length, state };
      if (start > at) return { text: html.slice(at, start), end: start, state };
      return markup(html, at, rewrite);
    }
    case "skipped": {
      const found = html.indexOf(state.until, at);
      const end = found < 0 ? safeEnd(html, at, state.until.length - 1) : found + state.until.length;
      if (end === at) return undefined;
      return { text: html.slice(at, end), end, state: found < 0 ? state : TEXT };
    }
    case "raw": {
      const endTag = new RegExp(`</${state.element}[\\t\\n\\f\\r />]`, "gi");
      endTag.lastIndex = at;
      const found = endTag.exec(html)?.index;
      const end = found ?? safeEnd(html, at, state.element.length + 2);
      if (found === undefined && end === at) return undefined;
      return { text: html.slice(at, end), end, state: found === undefined ? state : TEXT };
    }
  }
}

/** Returns the end of the text that cannot belong to an unfinished end mark of `kept` characters. */
function safeEnd(html: string, at: number, kept: number): number {
  return Math.max(at, html.length - kept);
}

/** Parses the markup at a `<`. */
function markup(html: string, at: number, rewrite: (url: string) => string): Step | undefined {
  const head = html.slice(at, at + 4);
  if (head === "<!--") return { text: "<!", end: at + 2, state: { in: "skipped", until: "-->" } };
  if (head.length < 4 && "<!--".startsWith(head)) return undefined;
  if (/^<[!?/]/.test(head)) return { text: "<", end: at + 1, state: { in: "skipped", until: ">" } };
  if (!/^<[a-z]/i.test(head)) return { text: "<", end: at + 1, state: TEXT };
  const tag = startTag(html, at);
  if (tag === undefined) {
    return html.length - at < TAG_MAX ? undefined : { text: "<", end: at + 1, state: { in: "skipped", until: ">" } };
  }
  const names = URL_ATTRIBUTES.get(tag.name) ?? [];
  let text = "";
  let written = at;
  for (const { name, start, end } of tag.attributes) {
    if (!names.includes(name)) continue;
    text += html.slice(written, start) + rewrite(html.slice(start, end));
    written = end;
  }
  text += html.slice(written, tag.end);
  return { text, end: tag.end, state: RAW_TEXT.has(tag.name) ? { in: "raw", element: tag.name } : TEXT };
}

interface StartTag {
  /** In lower case. */
  readonly name: string;
  readonly attributes: readonly { readonly name: string; readonly start: number; readonly end: number }[];
  readonly end: number;
}

const TAG_NAME = /[^\t\n\f\r />]*/y;
const BETWEEN = /[\t\n\f\r /]*/y;
const ATTRIBUTE_NAME = /=?[^\t\n\f\r />=]*/y;
const EQUALS = /[\t\n\f\r ]*=[\t\n\f\r ]*/y;
const UNQUOTED = /[^\t\n\f\r >]*/y;

/** The start tag at a `<`; `undefined` when its end is not there. Where an attribute is named twice, the first counts. */
function startTag(html: string, at: number): StartTag | undefined {
  const name = match(TAG_NAME, html, at + 1);
  const attributes = new Map<string, { readonly start: number; readonly end: number }>();
  let position = at + 1 + name.length;
  for (;;) {
    position += match(BETWEEN, html, position).length;
    if (position >= html.length) return undefined;
    if (html[position] === ">") break;
    const attribute = match(ATTRIBUTE_NAME, html, position).toLowerCase();
    position += attribute.length;
    const equals = match(EQUALS, html, position);
    if (equals === "") continue;
    position += equals.length;
    const quote = html[position];
    const isQuoted = quote === '"' || quote === "'";
    const start = isQuoted ? position + 1 : position;
    const end = isQuoted ? html.indexOf(quote, start) : start + match(UNQUOTED, html, start).length;
    if (end < 0 || end >= html.length) return undefined;
    if (!attributes.has(attribute)) attributes.set(attribute, { start, end });
    position = isQuoted ? end + 1 : end;
  }
  const listed = [...attributes].map(([attribute, range]) => ({ name: attribute, ...range }));
  return { name: name.toLowerCase(), attributes: listed, end: position + 1 };
}

function match(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? "";
}
