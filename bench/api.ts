/**
 * What the API server does over HTTPS, as clients in Go ask it: HTTP/2 with a client certificate, one connection for all
 * requests. ConfigMaps of about a kilobyte, in a cluster of one node with its controllers running.
 *
 * - create and get, one after another and 64 at a time; a create is answered when it is on the disk;
 * - list, all objects in one answer, in JSON and in protobuf;
 * - watch, events that arrive at 50 watches while objects are created 64 at a time;
 * - watch, 100 and 1,000 clients with a connection of their own, and 100 updates a second offered: how many of them are made,
 *   the server's processor time for an event, and its memory for a connection.
 *
 * Runs as root in namespaces without a way out.
 *
 *     BENCH_SECONDS=3 BENCH_OBJECTS=10000 node bench/api.ts
 */
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import type { ClientHttp2Session } from "node:http2";
import https from "node:https";
import { cpus, loadavg } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { insideLab, type Lab, startLab, until } from "../test/lab/lab.testing.ts";
import { adminOf, connectAsAdmin, perSecond, print, textOf } from "./measure/admin-session.ts";

const WAYS = 64;
const WATCHES = 50;
const LISTS = 5;
const CLIENTS = [100, 1_000];
const UPDATES_PER_SECOND = 100;
/** Connections that are made at once. */
const CONNECTING = 20;
/** USER_HZ, which Linux counts processors' time in. */
const TICKS_PER_SECOND = 100;
const CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";
const DATA = { text: "x".repeat(700) };

if (insideLab(import.meta.filename)) {
  const seconds = Number(process.env.BENCH_SECONDS ?? 3);
  const objects = Number(process.env.BENCH_OBJECTS ?? 10_000);
  await using lab = await startLab();
  await lab.fairlead("up", "--uplink", "none", "--wait", "60s");
  const session = await connectAsAdmin(lab);
  let next = 0;
  const create = () => created(session, `bench-${String(next++).padStart(7, "0")}`);
  const get = () => read(session, `${CONFIG_MAPS}/bench-${String((next++ * 7_919) % objects).padStart(7, "0")}`);

  print("create, one after another", await perSecond(1, seconds, create), "/s");
  print(`create, ${WAYS} at a time`, await perSecond(WAYS, seconds, create), "/s");
  while (next < objects) await Promise.all(Array.from({ length: WAYS }, create));
  print("get, one after another", await perSecond(1, seconds, get), "/s");
  print(`get, ${WAYS} at a time`, await perSecond(WAYS, seconds, get), "/s");
  for (const format of ["json", "vnd.kubernetes.protobuf"]) await listed(session, format);
  print(`watch, events at ${WATCHES} watches`, await watched(session, seconds, create), "/s");
  for (const clients of CLIENTS) await manyClients(lab, session, clients, seconds);
  process.stdout.write(`${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}\n`);
  session.close();
}

async function listed(session: ClientHttp2Session, format: string): Promise<void> {
  const startedMs = performance.now();
  let bytes = 0;
  for (let i = 0; i < LISTS; i++) bytes += await read(session, CONFIG_MAPS, { accept: `application/${format}` });
  const tookMs = (performance.now() - startedMs) / LISTS;
  print(`list, ${Math.round(bytes / LISTS / 1e6)} MB of ${format}`, tookMs, "ms");
}

async function created(session: ClientHttp2Session, name: string): Promise<void> {
  const body = JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data: DATA });
  const stream = session.request({ ":method": "POST", ":path": CONFIG_MAPS, "content-type": "application/json" });
  stream.end(body);
  await ended(stream, 201);
}

/** Reads a whole answer. Resolves with its length in bytes. */
async function read(
  session: ClientHttp2Session,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<number> {
  return await ended(session.request({ ...headers, ":path": path }), 200);
}

async function ended(stream: ReturnType<ClientHttp2Session["request"]>, wanted: number): Promise<number> {
  let status: number | undefined;
  let bytes = 0;
  stream.on("response", (headers) => {
    status = headers[":status"];
  });
  stream.on("data", (piece: Buffer) => {
    bytes += piece.length;
  });
  await once(stream, "end");
  if (status !== wanted) throw new Error(`The server answered with ${status} and not with ${wanted}`);
  return bytes;
}

/** Events that arrive in a second at all watches together. */
async function watched(session: ClientHttp2Session, seconds: number, create: () => Promise<void>): Promise<number> {
  const { metadata } = JSON.parse(await textOf(session, `${CONFIG_MAPS}?limit=1`));
  let events = 0;
  const streams = Array.from({ length: WATCHES }, () => {
    const stream = session.request({ ":path": `${CONFIG_MAPS}?watch=1&resourceVersion=${metadata.resourceVersion}` });
    // Every event is a line.
    stream.on("data", (piece: Buffer) => {
      for (let at = piece.indexOf(10); at >= 0; at = piece.indexOf(10, at + 1)) events++;
    });
    return stream;
  });
  const startedMs = performance.now();
  const creates = (await perSecond(WAYS, seconds, create)) * seconds;
  await until("all events", async () => (events >= Math.floor(creates) * WATCHES ? true : undefined));
  const tookMs = performance.now() - startedMs;
  for (const stream of streams) stream.close();
  return (events / tookMs) * 1000;
}

/** Clients that watch one kind over HTTP/1.1, each with a connection of its own, while one object of it is changed. */
async function manyClients(lab: Lab, session: ClientHttp2Session, clients: number, seconds: number): Promise<void> {
  const { server, ...identity } = await adminOf(lab);
  const { hostname, port } = new URL(server);
  const { metadata } = JSON.parse(await textOf(session, `${CONFIG_MAPS}?limit=1`));
  const before = await serverUse(lab);
  let events = 0;
  const open = async () => {
    const query = `watch=1&resourceVersion=${metadata.resourceVersion}`;
    const request = https.get({ hostname, port, ...identity, agent: false, path: `${CONFIG_MAPS}?${query}` });
    request.on("error", () => {});
    const [response] = await once(request, "response");
    response.on("error", () => {});
    response.on("data", (piece: Buffer) => {
      for (let at = piece.indexOf(10); at >= 0; at = piece.indexOf(10, at + 1)) events++;
    });
    return request;
  };
  const requests: Awaited<ReturnType<typeof open>>[] = [];
  while (requests.length < clients) requests.push(...(await Promise.all(Array.from({ length: CONNECTING }, open))));
  const connected = await serverUse(lab);
  const startedMs = performance.now();
  let offered = 0;
  let updates = 0;
  const update = async () => {
    // Of its own: what changes nothing is no event.
    const n = offered++;
    await pause(Math.max(0, startedMs + (n / UPDATES_PER_SECOND) * 1000 - performance.now()));
    await patched(session, "bench-0000000", { data: { n: `${clients} ${n}` } });
    updates++;
  };
  await perSecond(WAYS, seconds, update);
  await until("all events", async () => (events >= updates * clients ? true : undefined), 120_000);
  const tookSeconds = (performance.now() - startedMs) / 1000;
  const after = await serverUse(lab);
  print(`watch, ${clients} clients: updates`, updates / tookSeconds, "/s");
  print(`watch, ${clients} clients: for an event`, ((after.seconds - connected.seconds) / events) * 1e6, "µs");
  print(`watch, ${clients} clients: for a connection`, ((connected.mib - before.mib) / clients) * 1024, "KiB");
  for (const request of requests) request.destroy();
}

/** The server's processor time, in seconds, and its memory (PSS). */
async function serverUse(lab: Lab): Promise<{ readonly seconds: number; readonly mib: number }> {
  const { supervisor } = JSON.parse(await lab.fairlead("status", "-o", "json"));
  const programs: { readonly name: string; readonly pid: number }[] = supervisor.machines[0].programs;
  const pid = programs.find(({ name }) => name.endsWith("/server"))?.pid;
  const [stat, rollup] = await Promise.all(
    ["stat", "smaps_rollup"].map((file) => readFile(`/proc/${pid}/${file}`, "utf8")),
  );
  const [utime, stime] = (stat ?? "")
    .replace(/^.*\) /, "")
    .split(" ")
    .slice(11, 13)
    .map(Number);
  return {
    seconds: ((utime ?? 0) + (stime ?? 0)) / TICKS_PER_SECOND,
    mib: Number(/^Pss:\s+(\d+)/m.exec(rollup ?? "")?.[1]) / 1024,
  };
}

async function patched(session: ClientHttp2Session, name: string, patch: object): Promise<void> {
  const headers = { ":method": "PATCH", ":path": `${CONFIG_MAPS}/${name}` };
  const stream = session.request({ ...headers, "content-type": "application/merge-patch+json" });
  stream.end(JSON.stringify(patch));
  await ended(stream, 200);
}
