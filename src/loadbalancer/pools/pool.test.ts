import assert from "node:assert/strict";
import { test } from "node:test";
import { formatAddress, parseAddress } from "./address.ts";
import { parseAddressRange } from "./address-range.ts";
import { poolSize } from "./pool.ts";
import { readPools } from "./read-pools.ts";

const ranges: readonly (readonly [text: string, result: string])[] = [
  ["192.168.1.240-192.168.1.250", "192.168.1.240 to 192.168.1.250"],
  ["192.168.1.1 - 192.168.1.1", "192.168.1.1 to 192.168.1.1"],
  ["192.168.10.7/24", "192.168.10.0 to 192.168.10.255"],
  ["10.0.0.0/8", "10.0.0.0 to 10.255.255.255"],
  ["0.0.0.0/0", "0.0.0.0 to 255.255.255.255"],
  ["fd00::1-fd00::ff", "fd00::1 to fd00::ff"],
  ["fd00:0:0::/112", "fd00:: to fd00::ffff"],
  ["::ffff:10.0.0.1-10.0.0.2", "10.0.0.1 to 10.0.0.2"],
  ["192.168.1.1", 'invalid CIDR "192.168.1.1"'],
  ["192.168.1.0/33", 'invalid CIDR "192.168.1.0/33"'],
  ["192.168.1.0/24/24", 'invalid CIDR "192.168.1.0/24/24"'],
  ["192.168.1.0/x", 'invalid CIDR "192.168.1.0/x"'],
  ["", 'invalid CIDR ""'],
  ["192.168.1-192.168.2.1", 'invalid IP range "192.168.1-192.168.2.1": invalid start IP "192.168.1"'],
  ["10.0.0.1-10.0.0.x", 'invalid IP range "10.0.0.1-10.0.0.x": invalid end IP "10.0.0.x"'],
  ["10.0.0.1-fd00::1", 'invalid IP range "10.0.0.1-fd00::1": start and end IP are of different families'],
  ["10.0.0.2-10.0.0.1", 'invalid IP range "10.0.0.2-10.0.0.1": start IP "10.0.0.2" is after the end IP "10.0.0.1"'],
];

for (const [text, result] of ranges) {
  test(`the range ${JSON.stringify(text)}`, () => {
    const read = () => {
      const { family, first, last } = parseAddressRange(text);
      return [first, last].map((value) => formatAddress({ family, value })).join(" to ");
    };
    if (result.startsWith("invalid")) assert.throws(read, { message: result });
    else assert.equal(read(), result);
  });
}

test("an address is printed as it is read", () => {
  for (const text of ["0.0.0.0", "10.20.30.40", "255.255.255.255", "::", "::1", "fd00::1:0:0:1", "2001:db8::ff"]) {
    const address = parseAddress(text);
    assert.equal(address && formatAddress(address), text);
  }
  for (const text of ["", "10.0.0", "10.0.0.256", "1", "fe80::1%eth0", "web"])
    assert.equal(parseAddress(text), undefined);
});

test("a pool counts its addresses, without those that it leaves out", () => {
  const sizes = [["10.0.0.0/24"], ["10.0.0.0/23", "fd00::/64"], ["10.0.0.255-10.0.1.0"], ["10.0.0.3-10.0.0.9"]].map(
    (addresses) => {
      const [pool] = readPools([{ name: "a", addresses, avoidBuggyIPs: true }], []).pools;
      return pool && poolSize(pool);
    },
  );
  assert.deepEqual(sizes, [
    { IPv4: 254n, IPv6: 0n },
    { IPv4: 508n, IPv6: 1n << 64n },
    { IPv4: 0n, IPv6: 0n },
    { IPv4: 7n, IPv6: 0n },
  ]);
});

test("of pools that overlap the first one counts, and one that overlaps itself does not", () => {
  const { pools, problems } = readPools(
    [
      { name: "first", addresses: ["10.0.0.0/24"] },
      { name: "second", addresses: ["10.0.1.0/24", "10.0.0.255-10.0.0.255"] },
      { name: "twice", addresses: ["10.0.2.0/24", "10.0.2.7/32"] },
      { name: "empty", addresses: [] },
      { name: "last", addresses: ["10.0.1.1/32"] },
    ],
    [],
  );
  assert.deepEqual(
    pools.map(({ name }) => name),
    ["first", "last"],
  );
  assert.deepEqual(Object.fromEntries(problems), {
    second: 'addresses of pool "second" overlap with pool "first"',
    twice: 'addresses of pool "twice" overlap with another line of it',
    empty: "parsing address pool empty: pool has no prefixes defined",
  });
});
