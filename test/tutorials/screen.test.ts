import assert from "node:assert/strict";
import { test } from "node:test";
import { type Awaited, printedBefore, shownText } from "./screen.testing.ts";

const shown: { name: string; output: string; want: string }[] = [
  { name: "ends of lines as terminals write them", output: "a\r\nb\r\r\nc", want: "a\nb\nc" },
  {
    name: "colours, a cleared line, a question for the cursor",
    output: "\x1b[1;32ma\x1b[0m\x1b[K\x1b[6nb",
    want: "ab",
  },
  { name: "a window's title, and a bell", output: "\x1b]0;root@a\x07a\x07", want: "a" },
  { name: "a line that is written again", output: "10%\r50%\r100%\nb", want: "100%\nb" },
  { name: "a prompt that is written again in a wider terminal", output: "/ #      \r/ # ", want: "/ # " },
];

for (const { name, output, want } of shown) {
  test(`shownText: ${name}`, () => {
    assert.equal(shownText(output), want);
  });
}

const cases: ({ name: string; text: string; want: string[] | undefined; exitCode?: number } & Partial<Awaited>)[] = [
  { name: "a command that goes on", text: "a\n", want: undefined },
  { name: "a command that has ended", text: "a\nb\n\x1e0\x1e", want: ["a", "b"], exitCode: 0 },
  { name: "one that has failed", text: "no\n\x1e127\x1e", want: ["no"], exitCode: 127 },
  { name: "a last line without an end", text: "10800\x1e0\x1e", want: ["10800"], exitCode: 0 },
  { name: "empty lines", text: "a\n\n\n\x1e0\x1e", want: ["a", "", ""], exitCode: 0 },
  { name: "a shell in a container that has started", prompt: "/ #", text: "/ # ", want: [""] },
  { name: "a command in a container", prompt: "/ #", inContainer: true, text: "id\nroot\n/ # ", want: ["id", "root"] },
  { name: "the old prompt in a container", prompt: "/ #", inContainer: true, text: "/ # ", want: undefined },
  { name: "a prompt in the middle of a line", prompt: "/ #", inContainer: true, text: "id\nx / # ", want: undefined },
  { name: "the prompt of a container when the own is awaited", text: "id\n/ # ", want: undefined },
  { name: "the way out of a container", inContainer: true, text: "exit\n\x1e0\x1e", want: ["exit"], exitCode: 0 },
];

for (const { name, text, want, exitCode, prompt = "$", inContainer = false } of cases) {
  test(`printedBefore: ${name}`, () => {
    assert.deepEqual(printedBefore(text, { prompt, inContainer }), want && { lines: want, exitCode });
  });
}

test("printedBefore: a shell in a container that has ended is reported", () => {
  assert.throws(() => printedBefore("gone\n\x1e1\x1e", { prompt: "/ #", inContainer: true }), /prompt "\/ #": gone/);
});
