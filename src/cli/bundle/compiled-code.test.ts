import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { keepCompiledCode, readCompiledCode, removeCompiledCode } from "./compiled-code.ts";

function folder(t: TestContext): string {
  const made = mkdtempSync(path.join(tmpdir(), "compiled-code-"));
  t.after(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

const code = Buffer.from("compiled code");

test("what is kept is read, and replaced by more", (t) => {
  const file = path.join(folder(t), "made", "up.code");
  keepCompiledCode(file, Buffer.from("less"));
  keepCompiledCode(file, code);
  assert.deepEqual(readCompiledCode(file), code);
  assert.deepEqual(readdirSync(path.dirname(file)), ["up.code"]);
});

const next: readonly { readonly name: string; readonly length: number; readonly isKept: boolean }[] = [
  { name: "less", length: 999, isKept: false },
  { name: "as much", length: 1_000, isKept: false },
  { name: "hardly more", length: 1_010, isKept: false },
  { name: "more", length: 1_100, isKept: true },
];

for (const { name, length, isKept } of next) {
  test(`${name} than what is kept is ${isKept ? "kept" : "not written"}`, (t) => {
    const file = path.join(folder(t), "up.code");
    keepCompiledCode(file, Buffer.alloc(1_000, 1));
    keepCompiledCode(file, Buffer.alloc(length, 2));
    assert.equal(readCompiledCode(file)?.length, isKept ? length : 1_000);
  });
}

test("what is removed is replaced by less", (t) => {
  const file = path.join(folder(t), "up.code");
  keepCompiledCode(file, Buffer.alloc(1_000));
  removeCompiledCode(file);
  removeCompiledCode(file);
  keepCompiledCode(file, code);
  assert.deepEqual(readCompiledCode(file), code);
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
    keepCompiledCode(file, code);
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
  keepCompiledCode(path.join(at, "file", "up.code"), code);
  assert.deepEqual(readdirSync(at), ["file"]);
});
