import { type ChildProcess, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { encodeQuery } from "../../../src/dns/wire/encode-message.ts";
import { unpackedCommand } from "./dnsperf.ts";
import { addresses, type BenchNames, serviceName } from "./names.ts";

const SOA = "ns.dns.cluster.local. hostmaster.cluster.local. 1 7200 1800 86400 5";
/** Pause between two attempts to reach a server that starts, in milliseconds. */
const RETRY_MS = 50;

/** A server that answers the same names. */
export interface YardstickServer {
  readonly name: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Starts unbound with one thread and the names as local data. */
export async function startUnbound(
  root: string,
  folder: string,
  port: number,
  names: BenchNames,
): Promise<YardstickServer> {
  const data = addresses(names).map(([name, address]) => `local-data: "${name}. 5 IN A ${address}"`);
  const settings = [
    ...[`interface: 127.0.0.1`, `port: ${port}`, "num-threads: 1", `directory: "${folder}"`, `pidfile: ""`],
    ...[`chroot: ""`, `username: ""`, `logfile: ""`, "use-syslog: no", `module-config: "iterator"`],
    ...[`local-zone: "cluster.local." static`, `local-data: "cluster.local. 5 IN SOA ${SOA}"`, ...data],
  ];
  const file = path.join(folder, "unbound.conf");
  await writeFile(
    file,
    `server:\n${settings.map((line) => `  ${line}\n`).join("")}remote-control:\n  control-enable: no\n`,
  );
  return await start("unbound", unpackedCommand(root, "usr/sbin/unbound"), ["-d", "-c", file], port);
}

/** Starts Knot with one thread for UDP and the names as a zone. */
export async function startKnot(
  root: string,
  folder: string,
  port: number,
  names: BenchNames,
): Promise<YardstickServer> {
  const records = addresses(names).map(([name, address]) => `${name}. 5 A ${address}`);
  const zone = path.join(folder, "cluster.local.zone");
  await writeFile(
    zone,
    ["$TTL 5", `cluster.local. SOA ${SOA}`, "cluster.local. NS ns.dns.cluster.local.", ...records, ""].join("\n"),
  );
  const file = path.join(folder, "knot.conf");
  const settings = [
    ...["server:", `  rundir: "${folder}"`, `  listen: 127.0.0.1@${port}`, "  udp-workers: 1", "  tcp-workers: 1"],
    ...[
      "  background-workers: 1",
      "database:",
      `  storage: "${folder}"`,
      "log:",
      "  - target: stderr",
      "    any: error",
    ],
    ...["zone:", "  - domain: cluster.local", `    file: "${zone}"`, ""],
  ];
  await writeFile(file, settings.join("\n"));
  return await start("knot", unpackedCommand(root, "usr/sbin/knotd"), ["-c", file], port);
}

async function start(
  name: string,
  [file, ...before]: readonly [string, ...string[]],
  words: readonly string[],
  port: number,
): Promise<YardstickServer> {
  const child = spawn(file, [...before, ...words], { stdio: ["ignore", "inherit", "inherit"] });
  await untilAnswering(name, child, port);
  return {
    name,
    pid: child.pid ?? 0,
    async stop() {
      const exited = once(child, "exit");
      child.kill();
      await exited;
    },
  };
}

/** @throws {Error} when the server ends instead. */
async function untilAnswering(name: string, child: ChildProcess, port: number): Promise<void> {
  const socket = createSocket("udp4");
  socket.connect(port, "127.0.0.1");
  await once(socket, "connect");
  let answered = false;
  socket.on("message", () => {
    answered = true;
  });
  // Refused as long as the server does not listen.
  socket.on("error", () => {});
  while (!answered) {
    if (child.exitCode !== null) throw new Error(`Cannot start ${name}: it has exited with ${child.exitCode}`);
    socket.send(encodeQuery(1, { name: serviceName(0), type: 1, class: 1 }));
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
  socket.close();
}
