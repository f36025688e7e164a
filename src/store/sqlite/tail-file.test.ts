import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "@fairlead/lib/temporary-folder.testing";
import { openTailFile } from "./tail-file.ts";

const texts = (records: readonly Buffer[]) => records.map(String);

test("records are found again in their order, until the file is cleared", async (t) => {
  const file = path.join(await temporaryFolder(t), "tail");
  const first = openTailFile(file);
  assert.deepEqual(first.records, []);
  first.append([Buffer.from("a"), Buffer.from("b".repeat(70_000))]);
  first.append([Buffer.from("c")]);
  first.close();
  const second = openTailFile(file);
  assert.deepEqual(texts(second.records), ["a", "b".repeat(70_000), "c"]);
  assert.equal(second.bytes, 70_026);
  second.clear();
  assert.equal(second.bytes, 0);
  second.append([Buffer.from("d")]);
  second.close();
  assert.deepEqual(texts(openTailFile(file).records), ["d"]);
});

test("of a record that was cut nothing is found, wherever it was cut and whatever is behind it", async (t) => {
  const file = path.join(await temporaryFolder(t), "tail");
  const written = openTailFile(file);
  written.append([Buffer.from("first")]);
  const whole = written.bytes;
  written.append([Buffer.from("second")]);
  written.close();
  const content = readFileSync(file);
  for (let cut = whole; cut < content.length; cut++) {
    for (const rest of [
      Buffer.alloc(0),
      Buffer.alloc(content.length - cut),
      Buffer.alloc(5_000),
      Buffer.alloc(9, 0xff),
    ]) {
      writeFileSync(file, Buffer.concat([content.subarray(0, cut), rest]));
      const opened = openTailFile(file);
      assert.deepEqual(texts(opened.records), ["first"], `cut at ${cut}`);
      opened.append([Buffer.from("third")]);
      opened.close();
      assert.deepEqual(texts(openTailFile(file).records), ["first", "third"], `cut at ${cut}`);
    }
  }
});

test("a damaged record ends what is found", async (t) => {
  const file = path.join(await temporaryFolder(t), "tail");
  const written = openTailFile(file);
  written.append(["a", "b", "c"].map((text) => Buffer.from(text)));
  written.close();
  const content = readFileSync(file);
  content.write("X", content.indexOf("b"));
  writeFileSync(file, content);
  assert.deepEqual(texts(openTailFile(file).records), ["a"]);
});
