/** The API server is killed with SIGKILL while writers are busy: no acknowledged write is lost, changed or hidden from watches. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import type { TestContext } from "node:test";
import { configMapKind } from "../../src/api/core/v1/configmap/configmap.ts";
import { namespaceKind } from "../../src/api/core/v1/namespace/namespace.ts";
import type { Client } from "../../src/client/client.ts";
import { createClient } from "../../src/client/rest/rest-client.ts";
import { createHttpsTransport } from "../../src/client/transport/https-transport.ts";
import { createCertificateAuthority } from "../../src/cluster/pki/certificate-authority.ts";
import { assertWatchShows, contentOf, createWriteLedger, type Seen, type WriteLedger } from "./write-ledger.testing.ts";

/** Writers at the same time, so that some write is always in progress when the server dies. */
export const WRITERS = 8;
/** A server dies after this many acknowledged writes at most. */
const WRITES_MAX = 80;
/** The stored content is compared with the ledger after so many kills: a list of everything takes a while. */
const KILLS_BETWEEN_LISTS = 25;

interface RunningServer {
  readonly client: Client;
  readonly child: ChildProcess;
  close(): Promise<void>;
}

/**
 * Starts an API server again and again on one store, kills it with SIGKILL under {@link WRITERS} writers, and asserts that
 * every acknowledged write is there afterwards: by content, and in a watch that resumes from before the server's death.
 */
export async function killServer(t: TestContext, kills: number): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), "fairlead-crash-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const start = await serverIn(folder);
  const ledger = createWriteLedger();
  let from = 0;
  let newest = 0;

  for (let kill = 0; kill <= kills; kill++) {
    const server = await start();
    if (kill === 0) await server.client.create(namespaceKind, { metadata: { name: "default" } });
    const now = await revisionOf(server.client);
    assert.ok(now >= newest, `the revision went back from ${newest} to ${now}`);
    if (kill > 0) {
      const seen = await eventsSince(server.client, newest, ledger);
      assertWatchShows(ledger.acknowledged.slice(from), seen);
    }
    from = ledger.acknowledged.length;
    newest = now;
    if (kill % KILLS_BETWEEN_LISTS === 0) assert.deepEqual(ledger.wrong(await storedContent(server.client)), []);
    const writes = from + 1 + ((kill * 37) % WRITES_MAX);
    const die = () => ledger.acknowledged.length >= writes && server.child.kill("SIGKILL");
    const busy = Array.from({ length: WRITERS }, (_, i) => writeUntilDead(server.client, `${kill}-${i}`, ledger, die));
    await Promise.all([once(server.child, "exit"), ...busy]);
    await server.close();
  }
  t.diagnostic(`${ledger.acknowledged.length} writes acknowledged, ${kills} times killed`);
}

/** Creates, updates and deletes objects of the writer's own until the server is dead. */
async function writeUntilDead(client: Client, writer: string, ledger: WriteLedger, written: () => void): Promise<void> {
  try {
    for (let i = 0; ; i++) {
      await writeOne(client, `w-${writer}-${i}`, i, ledger);
      written();
    }
  } catch {
    // The server is dead. Whether it stored the last write is undecided.
  }
}

async function writeOne(client: Client, name: string, i: number, ledger: WriteLedger): Promise<void> {
  const created = { name, content: `created ${name}` };
  ledger.begin(created);
  const draft = { metadata: { namespace: "default", name }, data: { content: created.content } };
  const configMap = await client.create(configMapKind, draft);
  ledger.acknowledge(created, Number(configMap.metadata.resourceVersion));
  if (i % 2 === 0) return;

  const updated = { name, content: `updated ${name}` };
  ledger.begin(updated);
  const after = await client.update(configMapKind, { ...configMap, data: { content: updated.content } });
  ledger.acknowledge(updated, Number(after.metadata.resourceVersion));
  if (i % 3 === 0) return;

  const deleted = { name, content: undefined };
  ledger.begin(deleted);
  await client.delete(configMapKind, { namespace: "default", name });
  ledger.acknowledge(deleted);
}

async function revisionOf(client: Client): Promise<number> {
  return Number((await client.list(configMapKind, { namespace: "default", limit: 1 })).resourceVersion);
}

async function storedContent(client: Client): Promise<ReadonlyMap<string, string>> {
  const { items } = await client.list(configMapKind, { namespace: "default" });
  return new Map(items.map((item) => [item.metadata.name, contentOf(item)]));
}

/** Reads a watch from a revision from before the server's death, until it shows a write made now. */
async function eventsSince(client: Client, resourceVersion: number, ledger: WriteLedger): Promise<readonly Seen[]> {
  const last = { name: `mark-${resourceVersion}`, content: "" };
  ledger.begin(last);
  const mark = await client.create(configMapKind, { metadata: { namespace: "default", name: last.name } });
  ledger.acknowledge(last, Number(mark.metadata.resourceVersion));

  const seen: Seen[] = [];
  const options = { namespace: "default", resourceVersion: String(resourceVersion) };
  for await (const event of client.watch(configMapKind, options)) {
    if (event.type === "BOOKMARK") continue;
    const { name, resourceVersion: revision } = event.object.metadata;
    const content = event.type === "DELETED" ? undefined : contentOf(event.object);
    seen.push({ name, content, resourceVersion: Number(revision) });
    if (name === last.name) break;
  }
  return seen;
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
      env: { ...process.env, NODE_COMPILE_CACHE: path.join(folder, "compile") },
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
