import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { questions } from "./ask.ts";

test("each question gets the next line, and none after the end", async () => {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const ask = questions(input, output);
  input.write("first\nsec");
  assert.equal(await ask("One? "), "first");
  const second = ask("Two? ");
  input.end("ond\nlast");
  assert.equal(await second, "second");
  assert.equal(await ask("Three? "), "last");
  assert.equal(await ask("Four? "), undefined);
  assert.equal(String(output.read()), "One? Two? Three? Four? ");
});
