import { rm } from "node:fs/promises";
import { createServer, request } from "node:http";
import { text } from "node:stream/consumers";
import type { Running } from "../../lib/running.ts";
import { running } from "../../lib/running.ts";
import type { ClusterStatus } from "./status.ts";

/** Answers what the supervisor knows, over HTTP on a unix socket that only root may open. */
export async function startControlServer(
  socketPath: string,
  supervisor: { status(): ClusterStatus },
): Promise<Running> {
  await rm(socketPath, { force: true });
  const server = createServer((req, res) => {
    if (req.method !== "GET" || req.url !== "/status") {
      res.writeHead(404).end();
      return;
    }
    res.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(supervisor.status()));
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

/** What the supervisor of a cluster says; undefined when none is running. */
export function askSupervisor(socketPath: string): Promise<ClusterStatus | undefined> {
  return new Promise((resolve, reject) => {
    const req = request({ socketPath, path: "/status" }, (res) => {
      text(res).then((body) => resolve(JSON.parse(body) as ClusterStatus), reject);
    });
    req.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT" || error.code === "ECONNREFUSED") resolve(undefined);
      else reject(error);
    });
    req.end();
  });
}
