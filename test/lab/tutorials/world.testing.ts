import { createSocket } from "node:dgram";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import { decodeQuery } from "../../../src/dns/wire/decode-message.ts";
import { encodeReply, udpBytesMax } from "../../../src/dns/wire/encode-message.ts";
import { CLASS_IN, type Query, type Reply, recordTypes } from "../../../src/dns/wire/message.ts";
import type { Lab } from "../lab.testing.ts";

/** A machine outside the cluster, with a web server on port 80. */
export interface OutsideHost {
  readonly names: readonly string[];
  readonly address: string;
  /** What it sends whatever is asked. */
  readonly answer: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Gives the lab hosts as they are in the world, which a cluster with an uplink reaches by their addresses and, as the
 * lab's resolver knows them, by their names. All of it is on the lab's loopback: no packet goes anywhere.
 *
 * Ends with the returned function; the addresses end with the lab.
 */
export async function startWorld(lab: Lab, hosts: readonly OutsideHost[]): Promise<() => void> {
  const stops = await Promise.all(hosts.map((host) => startHost(lab, host)));
  const resolver = createSocket("udp4");
  resolver.on("message", (bytes, { address, port }) => {
    const query = decodeQuery(bytes);
    resolver.send(encodeReply(query, bytes, resolve(query, hosts), udpBytesMax(query)), port, address);
  });
  resolver.bind(53, "127.0.0.1");
  await once(resolver, "listening");
  await useResolver(lab, "127.0.0.1");
  return () => {
    for (const stop of stops) stop();
    resolver.close();
  };
}

/** A name that exists but has no record of the type is no error: clients ask for AAAA too. */
function resolve({ question: { name, type, class: queryClass } }: Query, hosts: readonly OutsideHost[]): Reply {
  const known = hosts.filter((host) => queryClass === CLASS_IN && host.names.includes(name));
  if (known.length === 0) return { rcode: "NXDOMAIN", authoritative: false, answers: [] };
  const answers = known.map(({ address }) => ({ type: "A" as const, name, address, ttlSeconds: 60 }));
  return { rcode: "NOERROR", authoritative: false, answers: type === recordTypes.A ? answers : [] };
}

async function startHost(lab: Lab, { address, answer, headers = {} }: OutsideHost): Promise<() => void> {
  await lab.run("ip", ["address", "add", `${address}/32`, "dev", "lo"]);
  const server = createServer((_, response) => {
    response.writeHead(200, headers).end(`${answer}\n`);
  });
  server.listen(80, address);
  await once(server, "listening");
  return () => {
    server.close();
    server.closeAllConnections();
  };
}

/** Over the file, in the lab's own mount namespace: the machine's stays as it is. */
async function useResolver(lab: Lab, address: string): Promise<void> {
  const file = path.join(lab.home, "resolv.conf");
  await writeFile(file, `nameserver ${address}\n`);
  const { exitCode, stderr } = await lab.run("mount", ["--bind", file, "/etc/resolv.conf"]);
  if (exitCode !== 0) throw new Error(`Cannot give the lab a resolver: ${stderr}`);
}
