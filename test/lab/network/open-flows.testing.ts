/**
 * Opens flows on loopback until the connection tracking table of this network namespace holds `COUNT` of them, or as many
 * as the kernel keeps: `node open-flows.testing.ts COUNT`. Prints how many there are at the end.
 */
import { createSocket } from "node:dgram";
import { readFileSync } from "node:fs";

const wanted = Number(process.argv[2]);
/** Datagrams in one turn of the event loop. */
const BURST = 500;
/** Ports of one address of 127.0.0.0/8 that datagrams go to. */
const PORTS = 20_000;

const socket = createSocket("udp4");
let sent = 0;
while (count() < wanted && sent < 2 * wanted) {
  await new Promise<void>((resolve) => {
    let left = BURST;
    // A datagram that a full table drops fails with EPERM: that is what this program is for.
    const done = () => {
      left -= 1;
      if (left === 0) resolve();
    };
    for (let i = 0; i < BURST; i++, sent++) {
      const address = `127.1.${Math.floor(sent / PORTS / 250)}.${1 + (Math.floor(sent / PORTS) % 250)}`;
      socket.send("x", 40_000 + (sent % PORTS), address, done);
    }
  });
}
socket.close();
process.stdout.write(`${count()}\n`);

function count(): number {
  return Number(readFileSync("/proc/sys/net/netfilter/nf_conntrack_count", "utf8"));
}
