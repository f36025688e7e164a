import { parseApiJson } from "../../api/codec/parse-json.ts";
import type { KubeObject, ResourceReference } from "../../api/resource-reference.ts";
import { apiVersionOf } from "../../api/resource-reference.ts";
import { CALLED_OFF } from "../../lib/called-off.ts";
import type { Client, ObjectList, PatchType, WatchEvent } from "../client.ts";
import { ConnectionError } from "../transport/connection-error.ts";
import type { ApiRequest, ApiResponse, Transport } from "../transport/transport.ts";
import { readLines, readText } from "./read-body.ts";
import { listQuery, resourcePath, watchQuery, writeQuery } from "./resource-path.ts";
import { responseError } from "./response-error.ts";

const patchTypes: Record<PatchType, string> = {
  json: "application/json-patch+json",
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
  // JSON is YAML.
  apply: "application/apply-patch+yaml",
};

interface Call {
  readonly method: ApiRequest["method"];
  readonly path: string;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly signal?: AbortSignal | undefined;
}

/** A client that speaks JSON through `transport`, with the identity of the transport. */
export function createClient(transport: Transport): Client {
  const call = <A>(request: Call) => exchange<A>(transport, request);

  return {
    get: (resource, { namespace, name }, { signal } = {}) =>
      call({ method: "GET", path: resourcePath(resource, { namespace, name }), signal }),

    async list(resource, options = {}) {
      const path = resourcePath(resource, options) + listQuery(options);
      return objectList(resource, await call({ method: "GET", path, signal: options.signal }));
    },

    async *watch(resource, options) {
      // Ends the request when the caller leaves the loop, too.
      const left = new AbortController();
      const signal = options.signal === undefined ? left.signal : AbortSignal.any([options.signal, left.signal]);
      try {
        const path = resourcePath(resource, options) + watchQuery(options);
        const response = await send(transport, { method: "GET", path, signal });
        yield* watchEvents(response, signal);
      } finally {
        left.abort(CALLED_OFF);
      }
    },

    create: (resource, object, options = {}) =>
      call({
        method: "POST",
        path:
          resourcePath(resource, placeToCreate(resource, object.metadata, options.subresource)) + writeQuery(options),
        body: { apiVersion: apiVersionOf(resource), kind: resource.kind, ...object },
        signal: options.signal,
      }),

    update: (resource, object, options = {}) =>
      call({
        method: "PUT",
        path: resourcePath(resource, { ...object.metadata, subresource: options.subresource }) + writeQuery(options),
        body: { ...object, apiVersion: apiVersionOf(resource), kind: resource.kind },
        signal: options.signal,
      }),

    patch: (resource, { namespace, name }, type, patch, options = {}) =>
      call({
        method: "PATCH",
        path: resourcePath(resource, { namespace, name, subresource: options.subresource }) + writeQuery(options),
        body: patch,
        contentType: patchTypes[type],
        signal: options.signal,
      }),

    async delete(resource, { namespace, name }, { signal, ...options } = {}) {
      const body = { apiVersion: "v1", kind: "DeleteOptions", ...options };
      await call({ method: "DELETE", path: resourcePath(resource, { namespace, name }), body, signal });
    },

    raw: (method, path, body, signal) => call({ method, path, body, signal }),
  };
}

async function send(transport: Transport, { method, path, body, contentType, signal }: Call): Promise<ApiResponse> {
  const response = await connected(signal, () =>
    transport.send({
      method,
      path,
      headers: {
        accept: "application/json",
        ...(body !== undefined && { "content-type": contentType ?? "application/json" }),
      },
      ...(body !== undefined && { body: new TextEncoder().encode(JSON.stringify(body)) }),
      ...(signal !== undefined && { signal }),
    }),
  );
  if (response.status < 300) return response;
  throw responseError(response.status, await connected(signal, () => readText(response.body)));
}

/** The server's answers are what the kind's type says: it checked them when they were written. */
async function exchange<A>(transport: Transport, request: Call): Promise<A> {
  const response = await send(transport, request);
  return parse<A>(await connected(request.signal, () => readText(response.body)));
}

/** Turns whatever goes wrong on the way into a {@link ConnectionError}; an abort stays the caller's own reason. */
async function connected<T>(signal: AbortSignal | undefined, exchange: () => Promise<T>): Promise<T> {
  try {
    return await exchange();
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof ConnectionError) throw error;
    throw new ConnectionError("Cannot reach the API server", { cause: error });
  }
}

function parse<A>(text: string): A {
  try {
    return parseApiJson(text) as A;
  } catch (error) {
    throw new ConnectionError("Cannot read the API server's answer", { cause: error });
  }
}

async function* watchEvents<T extends KubeObject>(
  { body }: ApiResponse,
  signal: AbortSignal,
): AsyncGenerator<WatchEvent<T>> {
  const lines = readLines(body, signal);
  try {
    while (true) {
      const { value, done } = await connected(signal, () => lines.next());
      if (done === true) return;
      const event = parse<{ type: string; object: T }>(value);
      if (event.type === "ERROR") throw watchError(event.object);
      yield event.type === "BOOKMARK"
        ? { type: "BOOKMARK", resourceVersion: event.object.metadata.resourceVersion }
        : // The API has no other event types.
          (event as WatchEvent<T>);
    }
  } finally {
    await lines.return(undefined);
  }
}

function watchError(status: unknown): Error {
  const code = typeof status === "object" && status !== null && "code" in status ? Number(status.code) : 500;
  return responseError(code, JSON.stringify(status));
}

/** What a list looks like on the wire: items leave out what the list says once. */
interface WireList<T> {
  readonly items: (T & { apiVersion?: string; kind?: string })[] | null;
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string };
}

function objectList<T extends KubeObject>(
  resource: ResourceReference<T>,
  { items, metadata }: WireList<T>,
): ObjectList<T> {
  const apiVersion = apiVersionOf(resource);
  for (const item of items ?? []) {
    // Just parsed and not shared yet: completing it in place saves a copy.
    Object.assign(item, { apiVersion, kind: resource.kind });
  }
  const { resourceVersion, continue: next } = metadata;
  return { items: items ?? [], resourceVersion, ...(next !== undefined && next !== "" && { continue: next }) };
}

function placeToCreate(
  resource: Pick<ResourceReference, "namespaced" | "kind">,
  metadata: { readonly namespace?: string | undefined; readonly name?: string | undefined } | undefined,
  subresource: string | undefined,
) {
  if (resource.namespaced && metadata?.namespace === undefined) {
    throw new Error(`Cannot create ${resource.kind} ${JSON.stringify(metadata?.name)}: metadata.namespace is not set`);
  }
  return { namespace: metadata?.namespace, ...(subresource !== undefined && { name: metadata?.name, subresource }) };
}
