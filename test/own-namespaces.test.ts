import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { test } from "node:test";

const module = path.join(import.meta.dirname, "lab/own-namespaces.testing.ts");

const cases: readonly { readonly name: string; readonly body: string; readonly want: RegExp; readonly code: number }[] =
  [
    { name: "a test that passes", body: `test("it", () => {});`, want: /pass 1/, code: 0 },
    { name: "a test that fails", body: `test("it", () => { throw new Error("no"); });`, want: /Error: no/, code: 1 },
    {
      name: "a failure after all tests",
      body: `test("it", () => {}); after(() => { throw new Error("a process is left"); });`,
      want: /a process is left/,
      code: 1,
    },
    { name: "a failure before all tests", body: `throw new Error("no lab");`, want: /no lab/, code: 1 },
  ];

for (const { name, body, want, code } of cases) {
  test(`a file that runs itself again ends as what ran inside: ${name}`, async (t) => {
    const folder = await mkdtemp(path.join(tmpdir(), "inside-"));
    t.after(() => rm(folder, { recursive: true, force: true }));
    const file = path.join(folder, "inside.test.ts");
    // A shell in the place of namespaces, which only root can make.
    const lines = [
      `import { after, test } from "node:test";`,
      `import { insideNamespaces } from ${JSON.stringify(module)};`,
      `void after;`,
      `const enter = ["sh", "-euc", '"$@"', "sh"] as const;`,
      `if (insideNamespaces(import.meta.filename, { mark: "INSIDE_TEST", enter })) { ${body} }`,
    ];
    await writeFile(file, lines.join("\n"));
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const child = spawn(process.execPath, [file], { env, stdio: ["ignore", "pipe", "pipe"] });
    const [out, err, [exitCode]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);
    assert.match(out + err, want);
    assert.equal(exitCode, code);
  });
}
