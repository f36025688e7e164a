import type { Failure } from "./run-check.ts";

/** Where Node's test runner begins to repeat the tests that failed, with their errors. */
const FAILING_TESTS = /^\u2716 failing tests:$/m; // In ASCII, as the bundle is read.

/** Lines of one program that are repeated at most, the last ones. */
const LINES_MAX = 200;

/**
 * Returns what is printed when checks have failed: the tests that failed, then the labels. The output of the program may be
 * thousands of lines back, and often only the end of a log is kept.
 */
export function failureSummary(failed: readonly Failure[]): string {
  const blocks = failed.flatMap(({ label, printed }) =>
    printed === undefined ? [] : [`\n## ${label}: failed\n${failingTests(printed)}`],
  );
  return [...blocks, ["\nFailed", ...failed.map(({ label }) => label)].join("\n  ")].join("\n");
}

function failingTests(printed: string): string {
  const at = printed.search(FAILING_TESTS);
  const lines = printed.slice(Math.max(at, 0)).trimEnd().split("\n");
  return lines.slice(-LINES_MAX).join("\n");
}
