import assert from "node:assert/strict";
import { test } from "node:test";
import { cidrProblems, ipProblems, specialIPProblems } from "./addresses.ts";

for (const address of ["10.9.8.7", "0.0.0.0", "2001:db8::ffff", "::1", "::ffff:1.2.3.4"]) {
  test(`${address} is an address`, () => assert.deepEqual(ipProblems(address), []));
}
for (const address of [
  "",
  "10.9.8",
  "10.9.8.256",
  "010.9.8",
  "0x1.2.3.4",
  "fe80::1%eth0",
  "::1.2.3",
  "a.b.c.d",
  " 10.9.8.7",
]) {
  test(`${JSON.stringify(address)} is no address`, () => {
    assert.deepEqual(ipProblems(address), ["must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"]);
  });
}
for (const address of ["010.9.8.7", "10.9.08.7", "0010.00.00.00"]) {
  test(`${address} has leading zeros`, () => assert.deepEqual(ipProblems(address), ["must not have leading 0s"]));
}
test("a long text is refused in no time", () => {
  assert.deepEqual(ipProblems("0".repeat(1_000_000)), [
    "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)",
  ]);
});
for (const range of ["10.9.8.0/24", "0.0.0.0/0", "2001:db8::/64"]) {
  test(`${range} is a range`, () => assert.deepEqual(cidrProblems(range), []));
}
for (const range of ["10.9.8.0", "10.9.8.0/33", "2001:db8::/129", "10.9.8.0/24/1"]) {
  test(`${range} is no range`, () => {
    assert.deepEqual(cidrProblems(range), ["must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"]);
  });
}
for (const range of ["10.9.8.0/024", "010.9.8.0/24", "2001:db8::/064"]) {
  test(`${range} has leading zeros`, () => {
    assert.deepEqual(cidrProblems(range), ["must not have leading 0s in IP or prefix length"]);
  });
}

const special: [address: string, isSpecial: boolean][] = [
  ["10.9.8.7", false],
  ["0.0.0.0", true],
  ["127.0.0.1", true],
  ["::1", true],
  ["169.254.1.1", true],
  ["fe80::1", true],
  ["224.0.0.5", true],
  ["239.0.0.5", false],
];
for (const [address, isSpecial] of special) {
  test(`${address} ${isSpecial ? "cannot" : "can"} be an endpoint`, () => {
    assert.equal(specialIPProblems(address).length > 0, isSpecial);
  });
}
