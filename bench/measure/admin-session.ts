import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { type ClientHttp2Session, connect } from "node:http2";
import path from "node:path";
import { parse } from "yaml";
import type { Lab } from "../../test/lab/lab.testing.ts";

/** Returns the address of a lab's server, and the administrator's identity. */
export async function adminOf(lab: Lab) {
  const kubeconfig = parse(await readFile(path.join(lab.home, ".kube/config"), "utf8"));
  const [{ cluster }] = kubeconfig.clusters;
  const [{ user }] = kubeconfig.users;
  const pem = (text: string) => Buffer.from(text, "base64");
  return {
    server: String(cluster.server),
    ca: pem(cluster["certificate-authority-data"]),
    cert: pem(user["client-certificate-data"]),
    key: pem(user["client-key-data"]),
  };
}

/** Opens a connection over HTTP/2 as clients in Go do. */
export async function connectAsAdmin(lab: Lab): Promise<ClientHttp2Session> {
  const { server, ...identity } = await adminOf(lab);
  const session = connect(server, {
    ...identity,
    settings: { initialWindowSize: 4 * 1024 * 1024 },
  });
  await once(session, "connect");
  session.setLocalWindowSize(64 * 1024 * 1024);
  return session;
}

/** Sends a body in JSON. Resolves with the status. */
export async function statusOfPost(session: ClientHttp2Session, path: string, body: object): Promise<number> {
  const stream = session.request({ ":method": "POST", ":path": path, "content-type": "application/json" });
  stream.end(JSON.stringify(body));
  const [headers] = await once(stream, "response");
  stream.resume();
  await once(stream, "end");
  return Number(headers[":status"]);
}

/** Reads a whole answer as text. */
export async function textOf(session: ClientHttp2Session, path: string): Promise<string> {
  const stream = session.request({ ":path": path });
  let text = "";
  for await (const piece of stream.setEncoding("utf8")) text += piece;
  return text;
}

/** How often `work` is done in a second, by `ways` callers at once. */
export async function perSecond(ways: number, seconds: number, work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  let count = 0;
  const caller = async () => {
    for (; performance.now() - startedMs < seconds * 1000; count++) await work();
  };
  await Promise.all(Array.from({ length: ways }, caller));
  return (count / (performance.now() - startedMs)) * 1000;
}

/** Prints one figure. */
export function print(what: string, value: number, unit: string): void {
  process.stdout.write(`${what}: ${Math.round(value).toLocaleString("en")} ${unit}\n`);
}
