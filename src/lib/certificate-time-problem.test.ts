import assert from "node:assert/strict";
import { test } from "node:test";
import { certificateTimeProblem, certificateValidity } from "./certificate-time-problem.ts";

const year = { valid_from: "Nov  9 20:03:41 2025 GMT", valid_to: "Nov  9 20:03:41 2026 GMT" };
const [from, to] = [Date.UTC(2025, 10, 9, 20, 3, 41), Date.UTC(2026, 10, 9, 20, 3, 41)];

const cases = [
  { name: "before it begins", certificate: year, at: from - 1, want: "CERT_NOT_YET_VALID" },
  { name: "when it begins", certificate: year, at: from, want: undefined },
  { name: "when it ends", certificate: year, at: to, want: undefined },
  { name: "after its end", certificate: year, at: to + 1, want: "CERT_HAS_EXPIRED" },
  {
    name: "without an end (RFC 5280 section 4.1.2.5)",
    certificate: { ...year, valid_to: "Dec 31 23:59:59 9999 GMT" },
    at: to,
    want: undefined,
  },
  {
    name: "with a beginning that is no time",
    certificate: { ...year, valid_from: "Bad time value" },
    at: from,
    want: "CERT_NOT_YET_VALID",
  },
  {
    name: "with an end that is no time",
    certificate: { ...year, valid_to: "Bad time value" },
    at: from,
    want: "CERT_HAS_EXPIRED",
  },
];

for (const { name, certificate, at, want } of cases) {
  test(`a certificate ${name}: ${want ?? "valid"}`, () => {
    assert.equal(certificateTimeProblem(certificateValidity(certificate), at), want);
  });
}
