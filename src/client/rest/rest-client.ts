import type { ResourceReference } from "@fairlead/api/resource-reference";
import { apiVersionOf } from "@fairlead/api/resource-reference";
import { CALLED_OFF } from "@fairlead/lib/called-off";
import type { Client, PatchType } from "../client.ts";
import type { Transport } from "../transport/transport.ts";
import type { Call, Exchange } from "./exchange.ts";
import { listQuery, resourcePath, watchQuery, writeQuery } from "./resource-path.ts";
import { textExchange } from "./text-exchange.ts";

const patchTypes: Record<PatchType, string> = {
  json: "application/json-patch+json",
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
  // JSON is YAML.
  apply: "application/apply-patch+yaml",
};

/** A client that speaks JSON through `transport`, with the identity of the transport. */
export function createClient(transport: Transport): Client {
  return clientOf(textExchange(transport));
}

/** A client whose calls `exchange` carries. */
export function clientOf(exchange: Exchange): Client {
  // The server's answers are what the resource's type says: it checked them when they were written.
  const call = <A>(request: Call) => exchange.answer(request) as Promise<A>;

  return {
    get: (resource, { namespace, name }, { signal } = {}) =>
      call({ method: "GET", path: resourcePath(resource, { namespace, name }), signal }),

    list(resource, options = {}) {
      const { metadataOnly, signal } = options;
      const path = resourcePath(resource, options) + listQuery(options);
      return exchange.list(resource, { method: "GET", path, metadataOnly, signal });
    },

    async *watch(resource, options) {
      // Ends the request when the caller leaves the loop, too.
      const left = new AbortController();
      const signal = options.signal === undefined ? left.signal : AbortSignal.any([options.signal, left.signal]);
      try {
        const path = resourcePath(resource, options) + watchQuery(options);
        yield* exchange.watch(resource, { method: "GET", path, metadataOnly: options.metadataOnly, signal });
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
