import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { type Lab, until } from "../lab.testing.ts";
import type { Zone } from "./outside-resolver.testing.ts";

/** A network beside the lab (RFC 5737), with a machine on it. */
export const OUTSIDE_ADDRESS = "198.51.100.53";
const LAB_ADDRESS = "198.51.100.1";

/** A network outside the cluster that has a resolver of its own, which is the lab's. */
export interface Outside {
  /** Replaces what the resolver knows. */
  setZone(zone: Zone): Promise<void>;
  /** What it was asked since the last call: `udp A www.example.test`. */
  asked(): Promise<readonly string[]>;
}

/**
 * Joins a network namespace to the lab by a link, runs a resolver in it, and names it in the lab's `/etc/resolv.conf`:
 * clusters with an uplink then ask it for names of the world.
 */
export async function startOutside(lab: Lab): Promise<Outside> {
  const file = (name: string) => path.join(lab.home, `outside-${name}`);
  await writeFile(file("zone"), "{}");
  await writeFile(file("log"), "");
  await writeFile(file("resolv.conf"), `nameserver ${OUTSIDE_ADDRESS}\n`);
  const { exitCode, stderr } = await lab.run("sh", ["-euc", SET_UP, "sh", file("resolv.conf")]);
  assert.equal(exitCode, 0, stderr);
  const program = path.join(import.meta.dirname, "outside-resolver.testing.ts");
  const words = ["netns", "exec", "outside", process.execPath, program, OUTSIDE_ADDRESS, file("zone"), file("log")];
  lab.start("ip", words);
  await until("the resolver outside to listen", async () => {
    const { stdout } = await lab.run("ip", ["netns", "exec", "outside", "ss", "-Hltn", "sport = :53"]);
    return stdout === "" ? undefined : true;
  });
  let read = 0;
  return {
    setZone: (zone) => writeFile(file("zone"), JSON.stringify(zone)),
    async asked() {
      const lines = (await readFile(file("log"), "utf8")).split("\n").slice(0, -1);
      const fresh = lines.slice(read);
      read = lines.length;
      return fresh;
    },
  };
}

const SET_UP = `
ip netns add outside
ip link add outside type veth peer name eth0 netns outside
ip address add ${LAB_ADDRESS}/24 dev outside
ip link set outside up
ip netns exec outside sh -euc 'ip link set lo up; ip address add ${OUTSIDE_ADDRESS}/24 dev eth0; ip link set eth0 up'
mount --bind "$1" "$(readlink -f /etc/resolv.conf)"
`;
