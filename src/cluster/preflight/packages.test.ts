import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "@fairlead/lib/temporary-folder.testing";
import { isThere, listed } from "./install-packages.ts";
import { missingRequirements, REQUIREMENTS } from "./packages.ts";

test("what is missing is named with its package and what it is for", () => {
  const missing = missingRequirements((needs) => needs !== "nft");
  assert.equal(listed(missing), "nft (package nftables: puts Services into the kernel)");
});

test("nothing is missing where everything is there", () => {
  assert.deepEqual(
    missingRequirements(() => true),
    [],
  );
});

test("every requirement is named once, with a Debian package", () => {
  const needs = REQUIREMENTS.map((requirement) => requirement.needs);
  assert.deepEqual(needs, [...new Set(needs)]);
  for (const { package: name } of REQUIREMENTS) assert.match(name, /^[a-z0-9][a-z0-9+.-]+$/);
});

const places: { needs: string; want: boolean }[] = [
  { needs: "sh", want: true },
  { needs: "/bin/sh", want: true },
  { needs: "/etc/passwd", want: false },
  { needs: "no-such-program-here", want: false },
];
for (const { needs, want } of places) {
  test(`${needs} ${want ? "is" : "is not"} a program that is there`, () => {
    assert.equal(isThere(needs), want);
  });
}

test("a library is there when it can be read: it need not be executable", async (t) => {
  const folder = await temporaryFolder(t);
  const library = path.join(folder, "libexample.so.2");
  assert.equal(isThere(library), false);
  await writeFile(library, "", { mode: 0o644 });
  assert.equal(isThere(library), true);
});
