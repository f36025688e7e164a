/** The API server is killed in the middle of a stream of writes, again and again: what it said stays true. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { configMapKind } from "../../src/api/core/v1/configmap.ts";
import { namespaceKind } from "../../src/api/core/v1/namespace.ts";
import type { Client } from "../../src/client/client.ts";
import { createHttpsTransport } from "../../src/client/https-transport.ts";
import { createClient } from "../../src/client/rest-client.ts";
import { createCertificateAuthority } from "../../src/cluster/pki/certificate-authority.ts";

const KILLS = 50;
/** Streams of writes at the same time, so that some are always under way. */
const WRITERS = 6;
/** A server lives this long under load at most, in milliseconds; at least a quarter of it. */
const LIFE_MAX_MS = 240;

interface RunningServer {
  readonly client: Client;
  readonly child: ChildProcess;
  close(): Promise<void>;
}

test(`an API server killed ${KILLS} times loses no write that it acknowledged or showed`, async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), "fairlead-crash-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const start = await serverIn(folder);
  /** Resource version by name: acknowledged to a writer, or shown to a watcher. */
  const said = new Map<string, number>();
  let newest = 0;

  for (let kill = 0; kill < KILLS; kill++) {
    const server = await start();
    if (kill === 0) await server.client.create(namespaceKind, { metadata: { name: "default" } });
    newest = await checkAll(server.client, said, newest);
    const life = LIFE_MAX_MS * (0.25 + (0.75 * ((kill * 37) % KILLS)) / KILLS);
    const killed = new Promise((resolve) => setTimeout(resolve, life)).then(() => server.child.kill("SIGKILL"));
    const busy = Array.from({ length: WRITERS }, (_, writer) =>
      writeUntilDead(server.client, `${kill}-${writer}`, said),
    );
    await Promise.all([killed, once(server.child, "exit"), watchUntilDead(server.client, said), ...busy]);
    await server.close();
  }
  const server = await start();
  await checkAll(server.client, said, newest);
  server.child.kill("SIGKILL");
  await server.close();
  t.diagnostic(`${said.size} writes acknowledged or shown`);
  assert.ok(said.size > KILLS, "each life saw some writes");
});

/** Everything that was said is there, as it was said, and no revision was given twice. */
async function checkAll(client: Client, said: ReadonlyMap<string, number>, before: number): Promise<number> {
  const { items, resourceVersion } = await client.list(configMapKind, { namespace: "default" });
  const stored = new Map(items.map((item) => [item.metadata.name, Number(item.metadata.resourceVersion)]));
  const lost = [...said].filter(([name, version]) => stored.get(name) !== version);
  assert.deepEqual(lost, [], "what was said is not what is stored");
  assert.equal(new Set(stored.values()).size, stored.size, "a revision was given to two writes");
  assert.ok(Number(resourceVersion) >= Math.max(before, ...said.values()), "the revision went back");
  return Number(resourceVersion);
}

async function writeUntilDead(client: Client, prefix: string, said: Map<string, number>): Promise<void> {
  for (let i = 0; ; i++) {
    const name = `w-${prefix}-${i}`;
    try {
      const made = await client.create(configMapKind, {
        metadata: { namespace: "default", name },
        data: { i: `${i}` },
      });
      said.set(name, Number(made.metadata.resourceVersion));
    } catch {
      return; // The server is dead; whether this last write was stored is open.
    }
  }
}

async function watchUntilDead(client: Client, said: Map<string, number>): Promise<void> {
  try {
    const { resourceVersion } = await client.list(configMapKind, { namespace: "default", limit: 1 });
    for await (const event of client.watch(configMapKind, { namespace: "default", resourceVersion })) {
      if (event.type === "ADDED") said.set(event.object.metadata.name, Number(event.object.metadata.resourceVersion));
    }
  } catch {
    // The server is dead.
  }
}

/** Starts servers, one after another, on the same store. */
async function serverIn(folder: string): Promise<() => Promise<RunningServer>> {
  const now = new Date();
  const ca = await createCertificateAuthority("crash test", now);
  const tls = await ca.issue({ commonName: "server", usage: "server", addresses: ["127.0.0.1"] }, now);
  const admin = await ca.issue({ commonName: "admin", usage: "client", organizations: ["system:masters"] }, now);
  const certificates = path.join(folder, "certificates.json");
  await writeFile(certificates, JSON.stringify({ cert: tls.certificate, key: tls.key, clientCa: ca.certificate }));
  const program = path.join(import.meta.dirname, "crashing-server.testing.ts");

  return async () => {
    const child = spawn(process.execPath, [program, path.join(folder, "state.db"), certificates], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [port] = (await once(createInterface(child.stdout), "line")) as [string];
    const transport = createHttpsTransport({
      server: `https://127.0.0.1:${port}`,
      ca: ca.certificate,
      clientCertificate: admin.certificate,
      clientKey: admin.key,
    });
    return { client: createClient(transport), child, close: () => transport.close() };
  };
}
