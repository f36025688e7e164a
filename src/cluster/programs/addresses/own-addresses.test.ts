import assert from "node:assert/strict";
import { test } from "node:test";
import { type MachineAddress, ownAddresses } from "./own-addresses.ts";

const rows: { name: string; wanted: string; has: string; defaultDevice?: string; want: string | undefined }[] = [
  { name: "what it has is kept", wanted: "172.30.0.11", has: "172.30.0.11/24@eth0", want: "172.30.0.11" },
  {
    name: "an address more changes nothing",
    wanted: "172.30.0.11",
    has: "172.30.0.99/24@eth0 172.30.0.11/24@eth0",
    want: "172.30.0.11",
  },
  {
    name: "another takes the place of one that is gone",
    wanted: "172.30.0.11",
    has: "127.0.0.1/8@lo 172.30.0.99/24@eth0",
    want: "172.30.0.99",
  },
  {
    name: "the default route's device is asked first",
    wanted: "172.30.0.11",
    has: "192.0.2.1/24@eth1 172.30.0.99/24@eth0",
    defaultDevice: "eth0",
    want: "172.30.0.99",
  },
  {
    name: "a pod's link is no way to others",
    wanted: "172.30.0.11",
    has: "10.244.1.1/32@veth1 172.30.0.99/24@eth0",
    want: "172.30.0.99",
  },
  { name: "while it has none, nothing is known", wanted: "172.30.0.11", has: "127.0.0.1/8@lo", want: undefined },
  { name: "a link-local address is none", wanted: "fd00::b", has: "fe80::1/64@eth0 ::1/128@lo", want: undefined },
  {
    name: "families do not stand in for each other",
    wanted: "172.30.0.11 fd00::b",
    has: "172.30.0.11/24@eth0 fd00::63/64@eth0",
    want: "172.30.0.11 fd00::63",
  },
  {
    name: "no address takes the place of two",
    wanted: "172.30.0.11 172.30.0.12",
    has: "172.30.0.99/24@eth0",
    want: undefined,
  },
];

for (const { name, wanted, has, defaultDevice, want } of rows) {
  test(`ownAddresses: ${name}`, () => {
    const machine = { addresses: has.split(" ").map(parsed), defaultDevice };
    assert.equal(ownAddresses(wanted.split(" "), machine)?.join(" "), want);
  });
}

function parsed(text: string): MachineAddress {
  const [, address = "", length, device = ""] = /^(.+)\/(\d+)@(.+)$/.exec(text) ?? [];
  return { address, prefixLength: Number(length), device };
}
