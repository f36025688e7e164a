import assert from "node:assert/strict";
import { test } from "node:test";
import { fixedTimestamp, parseLogLine } from "./log-line.ts";

const lines: { name: string; line: string; want: string }[] = [
  { name: "a whole line", line: "2016-10-06T00:17:09.669794202Z stdout F text 1\n", want: "stdout|text 1\n" },
  { name: "a part loses its line feed", line: "2016-10-06T00:17:09.1Z stderr P half\n", want: "stderr partial|half" },
  { name: "an empty line", line: "2016-10-06T00:17:09Z stdout F \n", want: "stdout|\n" },
  {
    name: "further tags are for readers to come",
    line: "2016-10-06T00:17:09Z stdout P:x y\n",
    want: "stdout partial|y",
  },
  { name: "the file's last line without its end", line: "2016-10-06T00:17:09Z stdout F cut", want: "stdout|cut" },
  { name: "another stream", line: "2016-10-06T00:17:09Z stdlog F text\n", want: "none" },
  { name: "no timestamp", line: "yesterday stdout F text\n", want: "none" },
  { name: "no tag", line: "2016-10-06T00:17:09Z stdout\n", want: "none" },
  { name: "nothing", line: "", want: "none" },
];

for (const { name, line, want } of lines) {
  test(`parseLogLine: ${name}`, () => {
    const parsed = parseLogLine(Buffer.from(line));
    const got = parsed === undefined ? "none" : `${parsed.stream}${parsed.partial ? " partial" : ""}|${parsed.text}`;
    assert.equal(got, want);
  });
}

const timestamps: [string, string][] = [
  ["2016-10-06T00:17:09Z", "2016-10-06T00:17:09.000000000Z"],
  ["2016-10-06T00:17:09.5Z", "2016-10-06T00:17:09.500000000Z"],
  ["2016-10-06T00:17:09.123456789+01:00", "2016-10-06T00:17:09.123456789+01:00"],
];

for (const [from, want] of timestamps) {
  test(`fixedTimestamp: ${from} has nine digits`, () => assert.equal(fixedTimestamp(from), want));
}
