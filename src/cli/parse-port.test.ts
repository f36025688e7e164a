import assert from "node:assert/strict";
import { test } from "node:test";
import { parsePort } from "./parse-port.ts";

for (const text of ["1", "6443", "65535"]) {
  test(`${text} is a port`, () => {
    assert.equal(parsePort(text, "--api-port"), Number(text));
  });
}

for (const text of ["", "0", "65536", "-1", "1e3", "0x10", " 80", "http"]) {
  test(`"${text}" is no port`, () => {
    assert.throws(() => parsePort(text, "--api-port"), {
      name: "UsageError",
      message: `--api-port "${text}" must be between 1 and 65535`,
    });
  });
}
