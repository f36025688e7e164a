import assert from "node:assert/strict";
import { test } from "node:test";
import { costRatio } from "@fairlead/lib/cost-ratio.testing";
import { fitsFormat } from "./formats.ts";

const HEX = "507f1f77bcf86cd799439011";

const rows: readonly (readonly [format: string, fits: readonly string[], others: readonly string[]])[] = [
  ["bsonobjectid", [HEX, HEX.toUpperCase()], ["", HEX.slice(1), `${HEX.slice(1)}g`]],
  [
    "uri",
    [
      "http://a.b/c?d#e",
      "/a/b%20c",
      "mailto:a@b",
      "http://u:p@h:8/x",
      "//h/p",
      "*",
      "http://[fe80::1%25en0]:80/",
      "x:?y",
    ],
    [
      "",
      "a",
      "?a",
      ":a",
      "http://h:x/",
      "http://a b/",
      "http://h/%zz",
      "http://[1.2.3.4]/",
      "http://h[/",
      "http://%41/",
      "/a\n",
    ],
  ],
  [
    "email",
    [
      "a@b",
      "a.b@c.d",
      "Ann B. <a@b>",
      '"q r"@b',
      "<a@b>",
      "a@[1.2.3.4]",
      "(c) <a@b>".slice(4),
      "a@b (c (d))",
      "g: a@b;",
      "ü@ö",
    ],
    ["", "a", "@b", "a@", "a..b@c", "a @b", "a@[x]", '""@b', "g: a@b, c@d;", "a@b (c", "a@b c", "a@b, c@d", "x <a@b"],
  ],
  ["hostname", ["a", "a.example.com", "1a", "ü.example.com"], ["", "-a", "a..b", "a_b", `${"a".repeat(64)}.com`]],
  ["ipv4", ["1.2.3.4", "01.02.03.04"], ["", "1.2.3", "1.2.3.256", "::1"]],
  ["ipv6", ["::1", "::ffff:1.2.3.4"], ["", "1.2.3.4", "fe80::1%e", "::01.2.3.4"]],
  ["cidr", ["1.2.3.0/24", "01.2.3.0/024", "::/0"], ["", "1.2.3.4", "1.2.3.4/33", "::1/129"]],
  [
    "mac",
    ["01:23:45:67:89:ab", "01-23-45-67-89-AB", "0123.4567.89ab", "01:23:45:67:89:ab:cd:ef"],
    ["", "01:23-45:67:89:ab", "01:23:45:67:89", "0123.4567"],
  ],
  ["uuid", ["123E4567-e89b-12d3-a456-426614174000", "123e4567e89b12d3a456426614174000"], ["", "123e4567"]],
  ["uuid3", ["123e4567-e89b-32d3-a456-426614174000"], ["123e4567-e89b-42d3-a456-426614174000"]],
  ["uuid4", ["123e4567-e89b-42d3-a456-426614174000"], ["123e4567-e89b-42d3-c456-426614174000"]],
  ["uuid5", ["123e4567-e89b-52d3-b456-426614174000"], ["123e4567-e89b-42d3-a456-426614174000"]],
  ["isbn", ["0321751043", "978-0321751041", "080442957X"], ["", "0321751044", "978 0321751042"]],
  ["isbn10", ["0-8044-2957-X"], ["978-0321751041"]],
  ["isbn13", ["978-0321751041"], ["0321751043"]],
  ["creditcard", ["4111 1111 1111 1111", "375556917985515"], ["", "4111111111111112", "1234567890123456"]],
  ["ssn", ["111-22-3333", "111 22-3333"], ["", "111223333", "111-22-333"]],
  ["hexcolor", ["#fff", "FFFFFF"], ["", "#ff", "#ggg"]],
  ["rgbcolor", ["rgb(1,2,3)", "rgb( 255 , 0,10 )"], ["", "rgb(256,1,1)", "rgb(01,1,1)", "rgb(1,1)"]],
  ["byte", ["YWJj", "YWI=", "YQ=="], ["", "YQ=", "YW-_", "YWJj\n"]],
  ["password", ["", "x"], []],
  ["date", ["2024-02-29", "0000-01-01"], ["", "2023-02-29", "2024-1-01", "2024-13-01", "2024-04-31"]],
  [
    "date-time",
    ["2024-02-29T10:11:12Z", "2024-02-29t10:11:12.5+01:00", "2024-02-29T10:11:12x5z"],
    ["", "2024-02-29", "2024-02-29T24:00:00Z", "2024-02-29T10:11:12", "2024-02-29 10:11:12Z"],
  ],
  [
    "duration",
    [
      "1h",
      "-1.5s",
      ".5s",
      "0",
      "1 day",
      "in 3 weeks",
      "1µs",
      "9223372036854775807ns",
      "-9223372036854775808ns",
      "300000h",
    ],
    ["", "1", ".s", "x", "2 xs", "99999999999999999999d"],
  ],
  ["k8s-short-name", ["a-b"], ["", "A", "a.b", "-a", "a".repeat(64)]],
  ["k8s-long-name", ["a.b-c", `${"a".repeat(64)}.b`], ["", "a..b", "a.", "A"]],
  ["a format that is not known", ["", "x"], []],
];

for (const [format, fits, others] of rows) {
  test(`fitsFormat: ${format}`, () => {
    for (const text of fits) assert.equal(fitsFormat(format, text), true, `${JSON.stringify(text)} fits`);
    for (const text of others) assert.equal(fitsFormat(format, text), false, `${JSON.stringify(text)} does not fit`);
  });
}

const LONG: readonly (readonly [name: string, text: (size: number) => string])[] = [
  ["digits", (n) => "1".repeat(n)],
  ["digits and blanks", (n) => `1${" ".repeat(n)}`],
  ["letters", (n) => "a".repeat(n)],
  ["letters and dots", (n) => "a.".repeat(n)],
  ["dashes", (n) => `a${"-".repeat(n)}`],
  ["open brackets", (n) => "(".repeat(n)],
  ["a host", (n) => `http://${"a%25".repeat(n)}/`],
  ["a path", (n) => `/${"%20".repeat(n)}`],
  ["quotes", (n) => `"${'\\"'.repeat(n)}`],
];

for (const [name, text] of LONG) {
  test(`fitsFormat: the cost of a long text of ${name} grows with its length`, () => {
    const prepare = (size: number) => {
      const long = text(size);
      return () => rows.map(([format]) => fitsFormat(format, long));
    };
    const ratio = costRatio(prepare, 20_000, 4);
    assert.ok(ratio < 10, `4 times the length took ${ratio.toFixed(1)} times as long`);
  });
}

test("fitsFormat: a text as long as a request may be", () => {
  for (const [format] of rows)
    for (const [, text] of LONG) assert.equal(typeof fitsFormat(format, text(700_000)), "boolean");
});
