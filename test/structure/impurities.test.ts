import assert from "node:assert/strict";
import { test } from "node:test";
import { impurities } from "./impurities.testing.ts";
import { parseSources } from "./syntax-trees.testing.ts";

const cases: readonly { readonly name: string; readonly source: string; readonly want: readonly string[] }[] = [
  { name: "a module of Node.js", source: `import { readFileSync } from "node:fs";`, want: [`1: import "node:fs"`] },
  { name: "only types of one", source: `import type { Server } from "node:net";`, want: [`1: import "node:net"`] },
  {
    name: "an export from one",
    source: `export { setTimeout } from "node:timers";`,
    want: [`1: import "node:timers"`],
  },
  { name: "a list over several lines", source: `import {\n  a,\n} from "node:os";`, want: [`3: import "node:os"`] },
  { name: "a dynamic import", source: `const a = import("./a.ts");`, want: ["1: import()"] },
  { name: "the clock", source: `const a = Date.now();\nconst b = new Date();`, want: ["1: Date.now", "2: new Date()"] },
  { name: "the clock, as text", source: `const a = Date();`, want: ["1: Date()"] },
  { name: "the clock, by another way", source: `const a = Date["now"]();`, want: ["1: Date.now"] },
  { name: "the clock, handed on", source: `const options = { now: Date.now };`, want: ["1: Date.now"] },
  { name: "the clock of the process", source: `const a = performance.now();`, want: ["1: performance"] },
  {
    name: "timers",
    source: "setTimeout(f, 1);\nsetInterval(f, 1);\nsetImmediate(f);\nqueueMicrotask(f);",
    want: ["1: setTimeout", "2: setInterval", "3: setImmediate", "4: queueMicrotask"],
  },
  { name: "a timer in a signal", source: "const a = AbortSignal.timeout(5);", want: ["1: AbortSignal.timeout"] },
  {
    name: "randomness",
    source: "const a = Math.random();\nconst b = crypto.randomUUID();",
    want: ["1: Math.random", "2: crypto"],
  },
  { name: "async and await", source: "const f = async () => {\n  await g;\n};", want: ["1: async", "2: await"] },
  { name: "an async method", source: "class A {\n  async f() {}\n}", want: ["2: async"] },
  { name: "an await in a loop", source: "for await (const a of b) f(a);", want: ["1: await"] },
  { name: "promises without async", source: "const a = Promise.resolve(1);", want: ["1: Promise"] },
  { name: "the process", source: "const a = process.env.HOME;", want: ["1: process"] },
  { name: "the process, in a template", source: `const a = \`id \${process.pid}\`;`, want: ["1: process"] },
  { name: "the process, shortened", source: "f({ process });", want: ["1: process"] },
  { name: "the process, behind a global", source: "globalThis.process.exit(1);", want: ["1: globalThis"] },
  { name: "the network", source: `fetch("http://a");`, want: ["1: fetch"] },
  { name: "the place of the file", source: "const a = import.meta.dirname;", want: ["1: import.meta"] },
  { name: "a comment", source: "// Date.now(), await\n/* import('node:fs') */ const a = 1;", want: [] },
  { name: "a string", source: `const a = "Date.now()" + 'await' + \`process.env\` + /setTimeout(/.source;`, want: [] },
  {
    name: "a division is no regular expression",
    source: "const a = b / c; process; const d = b / c;",
    want: ["1: process"],
  },
  { name: "a given date", source: "const a = new Date(given);\nconst b = Date.parse(text);", want: [] },
  {
    name: "names of members",
    source: "interface A { process: string; await: boolean }\na.fetch(a.process);",
    want: [],
  },
  { name: "types", source: "type A = Promise<Date>;\nconst f = (a: typeof process): Promise<void> => a;", want: [] },
  { name: "a global that is passed in", source: "const f = (fetch: () => void) => fetch();", want: [] },
  {
    name: "a name in a type hides no global",
    source: "type F = (process: 1) => void;\nprocess;",
    want: ["2: process"],
  },
  { name: "other modules", source: `import { plan } from "./plan.ts";\nimport ip from "ipaddr.js";`, want: [] },
];

const trees = parseSources(Object.fromEntries(cases.map(({ source }, i) => [`case-${i}.ts`, source])));

for (const [i, { name, want }] of cases.entries()) {
  test(`impurities: ${name}`, () => {
    const tree = trees.get(`case-${i}.ts`);
    assert.ok(tree !== undefined);
    assert.deepEqual(
      impurities(tree).map(({ line, what }) => `${line}: ${what}`),
      want,
    );
  });
}
