import { type AttributeValue, createStartTagReader, type StartTagReader } from "./start-tag.ts";

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

/** Longest tag whose links are rewritten, in characters. Limits the text that is held until its tag ends. */
export const TAG_MAX = 64 * 1024;

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
  | TagState
  /** A comment or an end tag: passed on up to and with `until`. */
  | { readonly in: "skipped"; readonly until: string }
  /** The content of a raw text element, passed on up to its end tag. */
  | { readonly in: "raw"; readonly element: string };

/** A start tag. */
interface TagState {
  readonly in: "tag";
  readonly reader: StartTagReader;
  /** Its text so far. `undefined` if it is too long, and passed on as it comes. */
  readonly held: string | undefined;
}

/**
 * Reads HTML as a browser's tokenizer does (HTML Standard section 13.2.5) and changes nothing but the values of
 * attributes that hold a URL.
 *
 * @param rewrite - Gets such a value in its written form and returns the new one, in which quotes are encoded.
 */
export function createLinkRewriter(rewrite: (url: string) => string): LinkRewriter {
  let state: State = { in: "text" };
  let waiting = "";

  const run = (piece: string, isLast: boolean): string => {
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
    if (isLast) written.push(html.slice(at), (state.in === "tag" && state.held) || "");
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
      return markup(html, at);
    }
    case "tag":
      return startTag(state, html, at, rewrite);
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

/** Returns what begins at a `<`. */
function markup(html: string, at: number): Step | undefined {
  const head = html.slice(at, at + 4);
  if (head === "<!--") return { text: "<!", end: at + 2, state: { in: "skipped", until: "-->" } };
  if (head.length < 4 && "<!--".startsWith(head)) return undefined;
  if (/^<[!?/]/.test(head)) return { text: "<", end: at + 1, state: { in: "skipped", until: ">" } };
  if (!/^<[a-z]/i.test(head)) return { text: "<", end: at + 1, state: TEXT };
  const reader = createStartTagReader((element) => URL_ATTRIBUTES.get(element) ?? []);
  return { text: "", end: at + 1, state: { in: "tag", reader, held: "<" } };
}

/** Reads on in a start tag, up to its end or the end of the piece. */
function startTag({ reader, held }: TagState, html: string, at: number, rewrite: (url: string) => string): Step {
  const tagEnd = reader.read(html, at);
  const end = tagEnd ?? html.length;
  const more = html.slice(at, end);
  const tag = held !== undefined && held.length + more.length <= TAG_MAX ? held + more : undefined;
  const state = tagEnd === undefined ? { in: "tag" as const, reader, held: tag } : contentOf(reader.element());
  if (tag === undefined) return { text: (held ?? "") + more, end, state };
  return { text: tagEnd === undefined ? "" : withLinks(tag, reader.values(), rewrite), end, state };
}

function contentOf(element: string): State {
  return RAW_TEXT.has(element) ? { in: "raw", element } : TEXT;
}

function withLinks(tag: string, links: readonly AttributeValue[], rewrite: (url: string) => string): string {
  let text = "";
  let written = 0;
  for (const { start, end } of links) {
    text += tag.slice(written, start) + rewrite(tag.slice(start, end));
    written = end;
  }
  return text + tag.slice(written);
}
