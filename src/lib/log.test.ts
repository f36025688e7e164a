import assert from "node:assert/strict";
import { test } from "node:test";
import { createLogger, type LogFields, silentLogger } from "./log.ts";

const now = () => Date.UTC(2026, 10, 21, 2, 30);

const cases: { name: string; fields: LogFields; want: string }[] = [
  { name: "no fields", fields: {}, want: "Done" },
  { name: "words and numbers without quotes", fields: { a: "x/y", b: 1, c: true }, want: "Done a=x/y b=1 c=true" },
  {
    name: "blanks, quotes and equals signs in quotes",
    fields: { a: "b c", d: 'e"f', g: "h=i" },
    want: 'Done a="b c" d="e\\"f" g="h=i"',
  },
  { name: "a line feed stays on the line", fields: { a: "b\nc" }, want: 'Done a="b\\nc"' },
  { name: "objects as JSON", fields: { a: { b: [1] } }, want: 'Done a="{\\"b\\":[1]}"' },
  {
    name: "errors with their causes, without their stacks",
    fields: { error: new Error("outer", { cause: new Error("inner") }) },
    want: 'Done error="outer: inner"',
  },
];
for (const { name, fields, want } of cases) {
  test(`a log line: ${name}`, () => {
    let written = "";
    const log = createLogger(
      (line) => {
        written += line;
      },
      { now },
    );
    log.info("Done", fields);
    assert.equal(written, `2026-11-21T02:30:00.000Z info  ${want}\n`);
  });
}

test("lines below the level are dropped", () => {
  const lines: string[] = [];
  const log = createLogger((line) => lines.push(line.split(" ")[1] ?? ""), { level: "warn", now });
  for (const level of ["debug", "info", "warn", "error"] as const) log[level]("x");
  assert.deepEqual(lines, ["warn", "error"]);
});

test("a logger with fields gives them to every line, and later ones win", () => {
  const lines: string[] = [];
  const log = createLogger((line) => lines.push(line), { now }).with({ part: "a", n: 1 });
  log.with({ n: 2 }).error("x", { m: 3 });
  assert.match(lines.join(""), /error x part=a n=2 m=3\n$/);
  silentLogger.with({}).error("x");
});
