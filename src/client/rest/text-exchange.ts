import { parseApiJson } from "@fairlead/api/codec/parse-json";
import type { KubeObject, ResourceReference } from "@fairlead/api/resource-reference";
import { apiVersionOf } from "@fairlead/api/resource-reference";
import type { ObjectList, WatchEvent } from "../client.ts";
import { ConnectionError } from "../transport/connection-error.ts";
import type { ApiResponse, Transport } from "../transport/transport.ts";
import type { Call, Exchange } from "./exchange.ts";
import { readLines, readText } from "./read-body.ts";
import { responseError } from "./response-error.ts";

const JSON_TYPE = "application/json";
/** How metadata alone is asked for, of objects and of lists. */
const METADATA = "as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
const METADATA_LIST = "as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

/** Speaks JSON through `transport`. */
export function textExchange(transport: Transport): Exchange {
  return {
    answer: (call) => exchange(transport, call),
    async list(resource, call) {
      return objectList(resource, await exchange(transport, call, METADATA_LIST));
    },
    async *watch(resource, call) {
      yield* watchEvents(resource, await send(transport, call), call);
    },
  };
}

async function send(transport: Transport, call: Call, metadata = METADATA): Promise<ApiResponse> {
  const { method, path, body, contentType, metadataOnly, signal } = call;
  const response = await connected(signal, () =>
    transport.send({
      method,
      path,
      headers: {
        accept: metadataOnly === true ? `${JSON_TYPE};${metadata}` : JSON_TYPE,
        ...(body !== undefined && { "content-type": contentType ?? JSON_TYPE }),
      },
      ...(body !== undefined && { body: new TextEncoder().encode(JSON.stringify(body)) }),
      ...(signal !== undefined && { signal }),
    }),
  );
  if (response.status < 300) return response;
  throw responseError(response.status, await connected(signal, () => readText(response.body)));
}

/** The server's answers are what the kind's type says: it checked them when they were written. */
async function exchange<A>(transport: Transport, call: Call, metadata?: string): Promise<A> {
  const response = await send(transport, call, metadata);
  return parse<A>(await connected(call.signal, () => readText(response.body)));
}

/** Turns whatever goes wrong on the way into a {@link ConnectionError}; an abort stays the caller's own reason. */
async function connected<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
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
  resource: ResourceReference<T>,
  { body }: ApiResponse,
  { metadataOnly, signal }: Call & { readonly signal: AbortSignal },
): AsyncGenerator<WatchEvent<T>> {
  const lines = readLines(body, signal);
  try {
    while (true) {
      const { value, done } = await connected(signal, () => lines.next());
      if (done === true) return;
      const event = parse<{ type: string; object: T }>(value);
      if (event.type === "ERROR") throw watchError(event.object);
      if (metadataOnly === true) nameType(resource, event.object);
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
  readonly items: T[] | null;
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string };
}

function objectList<T extends KubeObject>(
  resource: ResourceReference<T>,
  { items, metadata }: WireList<T>,
): ObjectList<T> {
  for (const item of items ?? []) nameType(resource, item);
  const { resourceVersion, continue: next } = metadata;
  return { items: items ?? [], resourceVersion, ...(next !== undefined && next !== "" && { continue: next }) };
}

/** Writes the object's own type into it. It was just parsed and is not shared yet: that saves a copy. */
function nameType<T extends KubeObject>(resource: ResourceReference<T>, object: T): void {
  Object.assign(object, { apiVersion: apiVersionOf(resource), kind: resource.kind });
}
