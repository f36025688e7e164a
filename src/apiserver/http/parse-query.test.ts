import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseQuery } from "./parse-query.ts";

test("parseQuery: gives what URLSearchParams gives", () => {
  const piece = fc.constantFrom(
    "a",
    "b=c",
    "&",
    "=",
    "+",
    "%20",
    "%ED%95%9C",
    "%",
    "%zz",
    "%ff",

    "x=1",
    "",
  );
  const search = fc.array(piece, { maxLength: 20 }).map((pieces) => pieces.join(""));
  fc.assert(
    fc.property(search, (text) => {
      // A question mark that starts the text would be left out by the one and not by the other.
      assert.deepEqual([...parseQuery(text)], [...new URLSearchParams(`x&${text}`)].slice(1));
    }),
  );
});

test("parseQuery: a megabyte of parameters without values is refused at once", () => {
  const started = performance.now();
  assert.throws(() => parseQuery("a&".repeat(500_000)), {
    reason: "BadRequest",
    message: "the query has more than 10000 parameters",
  });
  assert.ok(performance.now() - started < 2_000);
});

test("parseQuery: 10,000 parameters are taken", () => {
  assert.equal(parseQuery("a&".repeat(9_999)).size, 9_999);
});
