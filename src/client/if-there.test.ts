import assert from "node:assert/strict";
import { test } from "node:test";
import { StatusError } from "@fairlead/api/status-error";
import { ifThere } from "./if-there.ts";

const conflict = new StatusError("Conflict", "changed");
const broken = new Error("connection reset");

const cases: { name: string; request: () => Promise<string>; want: string | undefined | Error }[] = [
  { name: "an answer is passed on", request: async () => "found", want: "found" },
  {
    name: "an object that is missing is undefined",
    request: () => Promise.reject(new StatusError("NotFound", 'pods "a" not found')),
    want: undefined,
  },
  { name: "another refusal rejects", request: () => Promise.reject(conflict), want: conflict },
  { name: "a failed connection rejects", request: () => Promise.reject(broken), want: broken },
];

for (const { name, request, want } of cases) {
  test(`ifThere: ${name}`, async () => {
    if (want instanceof Error) await assert.rejects(ifThere(request()), want);
    else assert.equal(await ifThere(request()), want);
  });
}
