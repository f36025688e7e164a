import assert from "node:assert/strict";
import { test } from "node:test";
import { hardwareAddress } from "./hardware-address.ts";

const addresses: { name: string; address: string; want: string }[] = [
  { name: "a machine", address: "172.30.0.11", want: "02:fa:ac:1e:00:0b" },
  { name: "the next machine", address: "172.30.0.12", want: "02:fa:ac:1e:00:0c" },
  { name: "each part as two digits", address: "10.0.255.1", want: "02:fa:0a:00:ff:01" },
];

for (const { name, address, want } of addresses) {
  test(`the Ethernet address of ${name}`, () => assert.equal(hardwareAddress(address), want));
}
