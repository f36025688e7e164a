import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { readCompiledCode, writeCompiledCode } from "./compiled-code.ts";

function folder(t: TestContext): string {
  const made = mkdtempSync(path.join(tmpdir(), "compiled-code-"));
  t.after(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

const code = Buffer.from("compiled code");

test("what is written is read, and replaced by what is written next", (t) => {
  const file = path.join(folder(t), "made", "up.code");
  writeCompiledCode(file, Buffer.from("older"));
  writeCompiledCode(file, code);
  assert.deepEqual(readCompiledCode(file), code);
  assert.deepEqual(readdirSync(path.dirname(file)), ["up.code"]);
});

const damages: readonly { readonly name: string; readonly damage: (bytes: Buffer) => Buffer }[] = [
  { name: "an empty file", damage: () => Buffer.alloc(0) },
  { name: "a file of less than a checksum", damage: (bytes) => bytes.subarray(0, 3) },
  { name: "a file that was cut", damage: (bytes) => bytes.subarray(0, -1) },
  { name: "a file of zeros", damage: (bytes) => Buffer.alloc(bytes.length, 0).fill(1, 0, 1) },
  { name: "one other byte", damage: (bytes) => Buffer.concat([Buffer.from("X"), bytes.subarray(1)]) },
];

for (const { name, damage } of damages) {
  test(`${name} is not taken for code`, (t) => {
    const file = path.join(folder(t), "up.code");
    writeCompiledCode(file, code);
    writeFileSync(file, damage(readFileSync(file)));
    assert.equal(readCompiledCode(file), undefined);
  });
}

test("no file is no code", (t) => {
  assert.equal(readCompiledCode(path.join(folder(t), "up.code")), undefined);
});

test("where nothing can be written, nothing is kept, and nothing fails", (t) => {
  const at = folder(t);
  writeFileSync(path.join(at, "file"), "");
  writeCompiledCode(path.join(at, "file", "up.code"), code);
  assert.deepEqual(readdirSync(at), ["file"]);
});
