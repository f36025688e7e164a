import type { ApiRequest, ApiResponse, Transport } from "./transport/transport.ts";

interface Stored {
  metadata: {
    name: string;
    namespace?: string;
    uid?: string;
    resourceVersion?: string;
    labels?: Record<string, string>;
  };
  [field: string]: unknown;
}

interface Change {
  readonly revision: number;
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly path: string;
  readonly object: Stored;
}

/**
 * A small API server for tests of clients: collections by path, one revision counter, watches, paging, bookmarks.
 *
 * It knows no kinds and checks nothing but resource versions. `forget` and `cut` make the troubles that clients must stand.
 */
export interface FakeApi extends Transport {
  readonly requests: readonly string[];
  /** Writes behind the client's back. `path` is the object's. */
  put(path: string, object: Record<string, unknown>): void;
  remove(path: string): void;
  /** Every revision before now is too old to watch from, as after a compaction. */
  forget(): void;
  /** Ends all watches, as a server that stops or a connection that breaks does. */
  cut(error?: Error): void;
  /** Sends every watch a bookmark. */
  bookmark(): void;
  /** While set, requests fail with it. */
  down: Error | undefined;
}

export function createFakeApi(): FakeApi {
  const objects = new Map<string, Stored>();
  const requests: string[] = [];
  const watches = new Set<{ end(error?: Error): void; send(line: string): void; collection: string }>();
  let log: Change[] = [];
  let revision = 1;
  let oldest = 1;
  let uids = 0;

  function change(type: Change["type"], path: string, object: Stored): Stored {
    revision += 1;
    const stored = structuredClone(object);
    stored.metadata.resourceVersion = String(revision);
    stored.metadata.uid ??= `uid-${++uids}`;
    if (type === "DELETED") objects.delete(path);
    else objects.set(path, stored);
    const entry = { revision, type, path, object: stored };
    log.push(entry);
    for (const watch of watches) if (isIn(watch.collection, path)) watch.send(line(type, stored));
    return stored;
  }

  function list(collection: string, query: URLSearchParams): ApiResponse {
    const limit = Number(query.get("limit") ?? "0");
    const after = query.get("continue") ?? "";
    const found = [...objects]
      .filter(([path]) => isIn(collection, path) && path > after)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    const page = limit > 0 ? found.slice(0, limit) : found;
    const rest = page.length < found.length ? { continue: page.at(-1)?.[0] ?? "" } : {};
    const items = page.map(([, { apiVersion: _, kind: __, ...item }]) => item);
    return json(200, { kind: "List", metadata: { resourceVersion: String(revision), ...rest }, items });
  }

  function watch(collection: string, query: URLSearchParams, signal: AbortSignal | undefined): ApiResponse {
    const from = Number(query.get("resourceVersion"));
    if (from < oldest) return refusal(410, "Expired", `too old resource version: ${from} (${oldest})`);
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>(
      undefined,
      { highWaterMark: 1e6 },
      { highWaterMark: 1e6 },
    );
    const writer = writable.getWriter();
    const send = (text: string) => void writer.write(new TextEncoder().encode(text)).catch(() => {});
    const entry = {
      collection,
      send,
      end(error?: Error) {
        watches.delete(entry);
        (error === undefined ? writer.close() : writer.abort(error)).catch(() => {});
      },
    };
    for (const { revision: at, type, path, object } of log)
      if (at > from && isIn(collection, path)) send(line(type, object));
    watches.add(entry);
    signal?.addEventListener("abort", () => entry.end());
    return { status: 200, headers: {}, body: readable };
  }

  function write({ method, body }: ApiRequest, path: string): ApiResponse {
    const given = body === undefined ? {} : JSON.parse(new TextDecoder().decode(body));
    const name = given.metadata?.name ?? `${given.metadata?.generateName}${uids}`;
    const target = method === "POST" ? `${path}/${name}` : path.replace(/\/status$/, "");
    const present = objects.get(target);
    if (method === "POST") {
      if (present !== undefined) return refusal(409, "AlreadyExists", `${target} already exists`);
      return json(201, change("ADDED", target, { ...given, metadata: { ...given.metadata, name } }));
    }
    if (present === undefined) return refusal(404, "NotFound", `${target} not found`);
    if (method === "DELETE") return json(200, change("DELETED", target, present));
    const merged = method === "PATCH" ? merge(present, given) : given;
    const expected = given.metadata?.resourceVersion;
    if (expected !== undefined && expected !== present.metadata.resourceVersion) {
      return refusal(409, "Conflict", "the object has been modified");
    }
    return json(200, change("MODIFIED", target, merged));
  }

  const api: FakeApi = {
    requests,
    down: undefined,
    async send(request) {
      requests.push(`${request.method} ${request.path}`);
      if (api.down !== undefined) throw api.down;
      const url = new URL(request.path, "http://fake");
      if (request.method !== "GET") return write(request, url.pathname);
      const object = objects.get(url.pathname);
      if (object !== undefined) return json(200, object);
      if (url.searchParams.has("watch")) return watch(url.pathname, url.searchParams, request.signal);
      if (isCollection(url.pathname)) return list(url.pathname, url.searchParams);
      return refusal(404, "NotFound", `${url.pathname} not found`);
    },
    put(path, object) {
      const present = objects.get(path);
      const given = object as { metadata?: Record<string, unknown> };
      const name = path.slice(path.lastIndexOf("/") + 1);
      const metadata = { ...(present && { uid: present.metadata.uid }), name, ...given.metadata } as Stored["metadata"];
      change(present === undefined ? "ADDED" : "MODIFIED", path, { ...object, metadata });
    },
    remove(path) {
      const present = objects.get(path);
      if (present !== undefined) change("DELETED", path, present);
    },
    forget() {
      log = [];
      oldest = revision + 1;
      revision += 1;
    },
    cut(error) {
      for (const entry of [...watches]) entry.end(error);
    },
    bookmark() {
      revision += 1;
      for (const entry of watches)
        entry.send(line("BOOKMARK", { metadata: { name: "", resourceVersion: String(revision) } }));
    },
    async close() {
      api.cut();
    },
  };
  return api;
}

/** `/api/v1/pods`, `/apis/apps/v1/namespaces/shop/deployments`, `/api/v1/namespaces`. */
function isCollection(path: string): boolean {
  const below = path.replace(/^\/apis?\/([^/]+\/)?v[^/]+\//, "");
  return below.split("/").length === (below.startsWith("namespaces/") ? 3 : 1);
}

/** `/api/v1/pods` holds the pods of every namespace. */
function isIn(collection: string, path: string): boolean {
  const parent = path.slice(0, path.lastIndexOf("/"));
  return parent === collection || parent.replace(/\/namespaces\/[^/]+/, "") === collection;
}

function line(type: string, object: Stored): string {
  return `${JSON.stringify({ type, object })}\n`;
}

function json(status: number, value: unknown): ApiResponse {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  return {
    status,
    headers: { "content-type": "application/json" },
    body: (async function* () {
      yield bytes;
    })(),
  };
}

function refusal(code: number, reason: string, message: string): ApiResponse {
  return json(code, { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message, reason, code });
}

/** JSON merge patch (RFC 7386). */
function merge(target: unknown, patch: unknown): Stored {
  const result: Record<string, unknown> = { ...(target as Record<string, unknown>) };
  for (const [name, value] of Object.entries(patch as Record<string, unknown>)) {
    if (value === null) delete result[name];
    else if (typeof value === "object" && !Array.isArray(value)) result[name] = merge(result[name] ?? {}, value);
    else result[name] = value;
  }
  return result as Stored;
}
