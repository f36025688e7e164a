import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import { processorSeconds } from "../processes.ts";
import { adminToken } from "./admin-token.ts";
import type { HttpRequest } from "./http-client.ts";
import { headersOf } from "./http-client.ts";
import type { Load, LoadGenerator, LoadReport } from "./load.ts";
import type { Side } from "./side.ts";

/** Connections are made, and each way has had answers, before the time of a load begins. */
const WARM_UP_SECONDS = 1;

/**
 * A generator whose clients are h2load (https://nghttp2.org/documentation/h2load.1.html; Debian's `nghttp2-client`), which
 * takes a quarter of the processor time of clients in this process: it leaves the machine to the server. It cannot present a
 * client certificate, and uses a token of a service account that may do everything.
 *
 * @param folder - For the files that it reads.
 */
export function h2loadIn(folder: string): LoadGenerator {
  const tokens = new Map<Side["access"], Promise<string>>();
  return async (side, load) => {
    const token = tokens.get(side.access) ?? adminToken(side.access);
    tokens.set(side.access, token);
    return await runH2load(side, await argumentsOf(folder, side, load, await token));
  };
}

async function argumentsOf(folder: string, side: Side, load: Load, token: string): Promise<readonly string[]> {
  const { requests, http, ways, ownConnections = false, seconds } = load;
  const [first] = requests;
  if (first === undefined) throw new Error("Cannot send a load of no requests");
  const uris = path.join(folder, "uris");
  await writeFile(uris, requests.map((request) => new URL(request.path, side.access.server).href).join("\n"));
  const connections = http === "1.1" || ownConnections ? ways : 1;
  const headers = { ...headersOf(first), authorization: `Bearer ${token}` };
  return [
    ...(http === "1.1" ? ["--h1"] : []),
    ...["-i", uris, "-c", connections, "-m", ways / connections, "-D", seconds].map(String),
    `--warm-up-time=${WARM_UP_SECONDS}`,
    ...Object.entries(headers).flatMap(([name, value]) => ["-H", `${name}: ${value}`]),
    ...(await bodyArguments(folder, first)),
  ];
}

async function bodyArguments(folder: string, { method = "GET", body }: HttpRequest): Promise<readonly string[]> {
  if (body === undefined && method === "GET") return [];
  if (body === undefined || method !== "POST") throw new Error(`h2load cannot send ${method} requests`);
  const file = path.join(folder, "body");
  await writeFile(file, JSON.stringify(body));
  return ["-d", file];
}

/** Runs h2load, and prints the processor time that it used: `times` of a shell, the one way after its end. */
const SHELL = ["-c", 'h2load "$@" && times', "sh"];

async function runH2load(side: Side, args: readonly string[]): Promise<LoadReport> {
  const startedMs = performance.now();
  const child = spawn("sh", [...SHELL, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  const closed = once(child, "close");
  const look = async () => ({
    atMs: performance.now(),
    server: side.pids.length === 0 ? undefined : await processorSeconds(side.pids),
  });
  const looks: ReturnType<typeof look>[] = [];
  let printed = "";
  for await (const line of createInterface(child.stdout)) {
    printed += `${line}\n`;
    if (/^Main benchmark duration is (started|over)/.test(line)) looks.push(look());
  }
  const [code] = await closed;
  const wholeSeconds = (performance.now() - startedMs) / 1000;
  const [before, after] = await Promise.all(looks);
  if (code !== 0 || before === undefined || after === undefined) throw new Error(`h2load failed: ${printed}`);
  const seconds = (after.atMs - before.atMs) / 1000;
  const server = before.server === undefined || after.server === undefined ? undefined : after.server - before.server;
  const clients = (usedSeconds(printed) / wholeSeconds) * seconds;
  return { ...countsOf(printed), spent: { seconds, server, clients } };
}

/** Returns the processor time of the shell's children, which is in the second line of `times`: `0m1.25s 0m2.5s`. */
function usedSeconds(printed: string): number {
  const last = printed.trimEnd().split("\n").at(-1) ?? "";
  const [, ...words] = /^(\d+)m([\d.]+)s (\d+)m([\d.]+)s$/.exec(last) ?? [];
  const [userMinutes = Number.NaN, userSeconds = 0, systemMinutes = 0, systemSeconds = 0] = words.map(Number);
  return (userMinutes + systemMinutes) * 60 + userSeconds + systemSeconds;
}

/** Returns what h2load counted, out of its own words. */
function countsOf(printed: string): Pick<LoadReport, "answers" | "bytes"> {
  const count = (pattern: RegExp) => Number(pattern.exec(printed)?.[1]);
  const answers = count(/^status codes: (\d+) 2xx/m);
  const bytes = count(/^traffic: .* \((\d+)\) data$/m);
  const bad = count(/(\d+) failed,/) + count(/ 2xx, (\d+) 3xx/) + count(/ (\d+) 4xx/) + count(/ (\d+) 5xx/);
  if (bad !== 0 || !(answers > 0)) throw new Error(`h2load got answers that are not 2xx: ${printed}`);
  return { answers, bytes };
}
