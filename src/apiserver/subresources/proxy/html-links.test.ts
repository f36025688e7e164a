import assert from "node:assert/strict";
import { test } from "node:test";
import { costRatio } from "@fairlead/lib/cost-ratio.testing";
import fc from "fast-check";
import { createLinkRewriter, TAG_MAX } from "./html-links.ts";

const cases: readonly (readonly [name: string, html: string, want: string])[] = [
  ["a link", `<a class=x href="/a?b=c&amp;d">t</a>`, `<a class=x href="[/a?b=c&amp;d]">t</a>`],
  ["single quotes", `<A HREF='/a'>`, `<A HREF='[/a]'>`],
  ["no quotes", "<img src=/a.png alt=x>", "<img src=[/a.png] alt=x>"],
  ["an element that closes itself", `<link rel="x" href="/a"/>`, `<link rel="x" href="[/a]"/>`],
  ["spaces and line ends", `<form\n action =\t"/a" >`, `<form\n action =\t"[/a]" >`],
  ["two links in one tag", `<img src="/a" longdesc="/b">`, `<img src="[/a]" longdesc="[/b]">`],
  [
    "a script's source, not its text",
    `<script src="/a">"<a href='/b'>"</script><a href="/c">`,
    `<script src="[/a]">"<a href='/b'>"</script><a href="[/c]">`,
  ],
  ["a link in a comment", `<!-- <a href="/a"> --><a href="/b">`, `<!-- <a href="/a"> --><a href="[/b]">`],
  ["an empty comment", `<!--><a href="/b">`, `<!--><a href="[/b]">`],
  ["the doctype", `<!DOCTYPE html><a href="/b">`, `<!DOCTYPE html><a href="[/b]">`],
  ["an attribute that holds no URL", `<a title="/a" data-href="/b">`, `<a title="/a" data-href="/b">`],
  ["an element that has no such attribute", `<p href="/a">`, `<p href="/a">`],
  ["an attribute that is there twice", `<a href="/a" href="/b">`, `<a href="[/a]" href="/b">`],
  ["a greater-than sign in an attribute", `<a title=">" href="/a">`, `<a title=">" href="[/a]">`],
  ["an attribute without a value", `<a download href="/a">`, `<a download href="[/a]">`],
  ["text that looks like a tag", `1 < 2 <3 <a href="/a">`, `1 < 2 <3 <a href="[/a]">`],
  ["a tag that never ends", `<a href="/a`, `<a href="/a`],
  ["a title", `<title><a href="/a"></title><base href="/">`, `<title><a href="/a"></title><base href="[/]">`],
];

for (const [name, html, want] of cases) {
  test(`links in HTML: ${name}`, () => assert.equal(rewritten([html]), want));
}

test("links in HTML: pieces of any size give what the whole gives", () => {
  const fragments = fc.constantFrom(
    ...cases.map(([, html]) => html),
    "<",
    ">",
    "<!--",
    "-->",
    "<script>",
    "</script",
    "</script>",
    "<a href=",
    '"',
    "'",
    "/x",
    " ",
    "\u00e9",
  );
  const documents = fc.array(fragments, { maxLength: 12 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(documents, fc.array(fc.nat({ max: 9 })), (html, sizes) => {
      assert.equal(rewritten(pieces(html, sizes)), rewritten([html]));
      assert.equal(
        rewritten([html], (url) => url),
        html,
      );
    }),
  );
});

/** What comes in one piece, and what then comes one character at a time, of a size. */
const wasteful: readonly (readonly [name: string, head: (n: number) => string, rest: (n: number) => string])[] = [
  ["tags without an end", () => "", (n) => "<a x".repeat(n)],
  ["greater-than signs in a quoted value", (n) => `<a ${"a=b ".repeat(n)}x="`, (n) => ">".repeat(n)],
  ["attributes with greater-than signs", () => "", (n) => `<a ${"a='>' ".repeat(n)}>`],
  ["text of a script", () => "<script>", (n) => "</".repeat(n)],
  ["a comment", () => "<!--", (n) => "->".repeat(n)],
];

for (const [name, head, rest] of wasteful) {
  test(`links in HTML: the cost of pieces of one character grows with their number: ${name}`, () => {
    const ratio = costRatio(
      (size) => {
        const parts = [head(size), ...rest(size)];
        return () => rewritten(parts);
      },
      500,
      8,
    );
    // Linear work gives about 8; work with a quadratic part tends to 64.
    assert.ok(ratio < 28, `8 times the size took ${ratio.toFixed(1)} times as long`);
  });
}

test("links in HTML: a tag that is too long is passed on unchanged, however it is split, and no tag begins in it", () => {
  const long = "x".repeat(TAG_MAX);
  for (const html of [`<a title="${long}<a href=/b>" href=/c>`, `<script ${long}><a href=/b></script>`]) {
    const want = `${html}<a href=[/d]>`;
    for (const sizes of [[html.length + 13], [1], [1024], [TAG_MAX, 1], [TAG_MAX + 1]]) {
      assert.ok(rewritten(pieces(`${html}<a href=/d>`, sizes)) === want, `in pieces of ${sizes}`);
    }
  }
});

test("links in HTML: a tag is passed on when it is known to be too long", () => {
  const rewriter = createLinkRewriter((url) => url);
  const sizes = [];
  for (let i = 0; i < 4; i++) sizes.push(rewriter.push(`${i === 0 ? "<" : "a"}${"b".repeat(TAG_MAX / 2 - 1)}`).length);
  assert.deepEqual(sizes, [0, 0, TAG_MAX * 1.5, TAG_MAX / 2]);
});

function rewritten(parts: readonly string[], rewrite = (url: string) => `[${url}]`): string {
  const rewriter = createLinkRewriter(rewrite);
  return parts.map((part) => rewriter.push(part)).join("") + rewriter.end();
}

/** Cuts a text into pieces of the given sizes, again and again. */
function pieces(text: string, sizes: readonly number[]): string[] {
  const found: string[] = [];
  for (let at = 0, i = 0; at < text.length; i++) {
    const size = Math.max(1, sizes[i % Math.max(1, sizes.length)] ?? text.length);
    found.push(text.slice(at, at + size));
    at += size;
  }
  return found;
}
