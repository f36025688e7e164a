import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "@fairlead/lib/temporary-folder.testing";
import { exited } from "../testing/pods.testing.ts";
import { podPaths } from "../volumes/pod-paths.ts";
import { makeTerminationFile, terminationMessage } from "./termination-message.ts";

const line = (text: string, tag = "F", stream = "stdout") => `2026-01-01T00:00:00Z ${stream} ${tag} ${text}\n`;
const many = (count: number, text: string) => Array.from({ length: count }, (_, i) => `${text} ${i}`);

const rows: {
  name: string;
  file?: string;
  log?: string;
  exitCode?: number;
  policy?: "File" | "FallbackToLogsOnError";
  want: string;
}[] = [
  { name: "the file's text", file: "bye\n", log: line("log"), want: "bye\n" },
  { name: "whole lines of the log", log: line("one") + line("two", "F", "stderr"), want: "one\ntwo\n" },
  { name: "a last line without an end", log: line("one") + line("two", "P"), want: "one\ntwo" },
  { name: "a line in parts", log: line("thr", "P") + line("ee"), want: "three\n" },
  { name: "spaces and empty lines", log: line("  a  b ") + line(""), want: "  a  b \n\n" },
  { name: "success", log: line("one"), exitCode: 0, want: "" },
  { name: "no fallback", log: line("one"), policy: "File", want: "" },
  { name: "no log", want: "" },
  {
    name: "the last 80 lines",
    log: many(100, "n")
      .map((text) => line(text))
      .join(""),
    want: many(100, "n")
      .slice(20)
      .map((text) => `${text}\n`)
      .join(""),
  },
  {
    name: "the last 2048 bytes",
    log: line("a".repeat(4_000)) + line("b".repeat(100)),
    want: `${"a".repeat(2048 - 102)}\n${"b".repeat(100)}\n`,
  },
  { name: "the last 4096 bytes of the file", file: `${"a".repeat(5_000)}b`, want: `${"a".repeat(4_095)}b` },
];

for (const { name, file = "", log, exitCode = 1, policy = "FallbackToLogsOnError", want } of rows) {
  test(`terminationMessage: ${name}`, async (t) => {
    const folder = await temporaryFolder(t);
    const paths = podPaths(folder, "uid-1");
    await writeFile(await makeTerminationFile(paths, "app", 0), file);
    const logPath = path.join(folder, "0.log");
    if (log !== undefined) await writeFile(logPath, log);
    const instance = exited("app", exitCode, { logPath });
    assert.equal(await terminationMessage(paths, { terminationMessagePolicy: policy }, instance), want);
  });
}
