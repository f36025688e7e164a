import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ipRange } from "./ip-range.ts";
import { staticAddresses, staticPorts } from "./static-band.ts";

const ranges: { cidr: string; want: string }[] = [
  { cidr: "10.96.0.0/12", want: "IPv4 1048574 10.96.0.1 10.111.255.254" },
  { cidr: "10.96.7.9/12", want: "IPv4 1048574 10.96.0.1 10.111.255.254" },
  { cidr: "10.96.0.0/29", want: "IPv4 6 10.96.0.1 10.96.0.6" },
  { cidr: "fd00:10:96::/112", want: "IPv6 65535 fd00:10:96::1 fd00:10:96::ffff" },
  { cidr: "fd00:10:96::/64", want: "IPv6 65536 fd00:10:96::1 fd00:10:96::1:0" },
];

for (const { cidr, want } of ranges) {
  test(`ipRange: ${cidr}`, () => {
    const range = ipRange(cidr);
    assert.equal(`${range.family} ${range.size} ${range.at(0)} ${range.at(range.size - 1)}`, want);
  });
}

const outside: { cidr: string; ip: string }[] = [
  { cidr: "10.96.0.0/29", ip: "10.96.0.0" },
  { cidr: "10.96.0.0/29", ip: "10.96.0.7" },
  { cidr: "10.96.0.0/29", ip: "10.95.255.255" },
  { cidr: "10.96.0.0/29", ip: "fd00::1" },
  { cidr: "10.96.0.0/29", ip: "name" },
  { cidr: "fd00::/112", ip: "fd00::" },
  { cidr: "fd00::/112", ip: "fd00::1:0" },
];

for (const { cidr, ip } of outside) {
  test(`ipRange: ${ip} is not to be had from ${cidr}`, () => {
    assert.equal(ipRange(cidr).offsetOf(ip), undefined);
  });
}

test("ipRange: every offset has one address, and every address its offset", () => {
  for (const range of [ipRange("10.96.0.0/12"), ipRange("fd00:10:96::/112")]) {
    fc.assert(fc.property(fc.nat(range.size - 1), (offset) => range.offsetOf(range.at(offset)) === offset));
  }
});

test("ipRange: a range that is too small is no range", () => {
  assert.throws(() => ipRange("10.96.0.0/31"), /too small/);
});

test("staticAddresses, staticPorts: the lower band of a range, as upstream sizes it", () => {
  assert.deepEqual([8, 62, 254, 4094, 65_534, 1_048_574].map(staticAddresses), [0, 16, 16, 255, 256, 256]);
  assert.deepEqual([8, 2768, 20_000].map(staticPorts), [0, 86, 128]);
});
