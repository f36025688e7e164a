import { createSocket } from "node:dgram";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import { decodeQuery } from "../../../src/dns/wire/decode-message.ts";
import { encodeReply, udpBytesMax } from "../../../src/dns/wire/encode-message.ts";
import { CLASS_IN, type Query, type Reply, recordTypes } from "../../../src/dns/wire/message.ts";
import type { Lab } from "../lab.testing.ts";

const RESOLVER = "127.0.0.1";
const RESOLVER_FILE = "/etc/resolv.conf";

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
 */
export async function startWorld(lab: Lab, hosts: readonly OutsideHost[]): Promise<AsyncDisposable> {
  await using started = new AsyncDisposableStack();
  for (const host of hosts) await startHost(lab, host, started);
  await startResolver(hosts, started);
  await useResolver(lab, RESOLVER, started);
  return started.move();
}

async function startResolver(hosts: readonly OutsideHost[], started: AsyncDisposableStack): Promise<void> {
  const socket = createSocket("udp4");
  started.defer(() => {
    socket.close();
  });
  socket.on("message", (bytes, { address, port }) => {
    const query = decodeQuery(bytes);
    socket.send(encodeReply(query, bytes, resolve(query, hosts), udpBytesMax(query)), port, address);
  });
  socket.bind(53, RESOLVER);
  await once(socket, "listening");
}

/** A name that exists but has no record of the type is no error: clients ask for AAAA too. */
function resolve({ question: { name, type, class: queryClass } }: Query, hosts: readonly OutsideHost[]): Reply {
  const known = hosts.filter((host) => queryClass === CLASS_IN && host.names.includes(name));
  if (known.length === 0) return { rcode: "NXDOMAIN", authoritative: false, answers: [] };
  const answers = known.map(({ address }) => ({ type: "A" as const, name, address, ttlSeconds: 60 }));
  return { rcode: "NOERROR", authoritative: false, answers: type === recordTypes.A ? answers : [] };
}

async function startHost(lab: Lab, host: OutsideHost, started: AsyncDisposableStack): Promise<void> {
  const { address, answer, headers = {} } = host;
  await succeed(lab, "ip", "address", "add", `${address}/32`, "dev", "lo");
  started.defer(() => succeed(lab, "ip", "address", "delete", `${address}/32`, "dev", "lo"));
  const server = createServer((_, response) => {
    response.writeHead(200, headers).end(`${answer}\n`);
  });
  started.defer(() => {
    server.close();
    server.closeAllConnections();
  });
  server.listen(80, address);
  await once(server, "listening");
}

/** Over the file, in the lab's own mount namespace: the machine's stays unchanged. */
async function useResolver(lab: Lab, address: string, started: AsyncDisposableStack): Promise<void> {
  const file = path.join(lab.home, "resolv.conf");
  await writeFile(file, `nameserver ${address}\n`);
  await succeed(lab, "mount", "--bind", file, RESOLVER_FILE);
  started.defer(() => succeed(lab, "umount", RESOLVER_FILE));
}

async function succeed(lab: Lab, program: string, ...args: string[]): Promise<void> {
  const { exitCode, stderr } = await lab.run(program, args);
  if (exitCode !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${exitCode}: ${stderr}`);
}
