import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, request } from "node:http";
import { text } from "node:stream/consumers";
import type { Running } from "@fairlead/lib/running";
import { running } from "@fairlead/lib/running";
import type { ClusterStatus } from "./status.ts";

/** What can be asked of a running supervisor. */
export interface Supervised {
  status(): ClusterStatus;
  /** Reads the cluster's description again and follows it. */
  reload(): Promise<void>;
}

/** Answers what the supervisor knows, over HTTP on a unix socket in a folder that only root may enter. */
export async function startControlServer(socketPath: string, supervised: Supervised): Promise<Running> {
  await rm(socketPath, { force: true });
  const server = createServer((req, res) => {
    answer(supervised, req, res).catch((error: Error) => res.writeHead(500).end(error.message));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(socketPath, resolve);
  });
  return running(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
}

async function answer(supervised: Supervised, req: IncomingMessage, res: ServerResponse): Promise<void> {
  switch (`${req.method} ${req.url}`) {
    case "POST /reload":
      await supervised.reload();
      break;
    case "GET /status":
      break;
    default:
      res.writeHead(404).end();
      return;
  }
  res.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(supervised.status()));
}

/** What the supervisor of a cluster says; undefined when none is running. */
export function askSupervisor(socketPath: string): Promise<ClusterStatus | undefined> {
  return call(socketPath, "GET", "/status");
}

/** Has the supervisor follow a changed description. Undefined when none is running: it will when it starts. */
export function reloadSupervisor(socketPath: string): Promise<ClusterStatus | undefined> {
  return call(socketPath, "POST", "/reload");
}

function call(socketPath: string, method: string, path: string): Promise<ClusterStatus | undefined> {
  if (!existsSync(socketPath)) return Promise.resolve(undefined);
  return new Promise((resolve, reject) => {
    const req = request({ socketPath, method, path }, (res) => {
      text(res).then((body) => {
        if (res.statusCode === 200) resolve(JSON.parse(body) as ClusterStatus);
        else reject(new Error(`The supervisor could not do it: ${body}`));
      }, reject);
    });
    req.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT" || error.code === "ECONNREFUSED") resolve(undefined);
      else reject(error);
    });
    req.end();
  });
}
