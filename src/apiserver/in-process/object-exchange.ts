import { setImmediate as turn } from "node:timers/promises";
import { jsonCopy } from "@fairlead/api/codec/json-copy";
import { parseApiJson } from "@fairlead/api/codec/parse-json";
import type { KubeObject } from "@fairlead/api/resource-reference";
import type { Status } from "@fairlead/api/status-error";
import type { ObjectList, WatchEvent } from "@fairlead/client/client";
import type { Call, Exchange } from "@fairlead/client/rest/exchange";
import { readText } from "@fairlead/client/rest/read-body";
import { responseError } from "@fairlead/client/rest/response-error";
import type { ApiResponse } from "@fairlead/client/transport/transport";
import type { Answer, ListAnswer } from "../answers/answer.ts";
import type { EventWriter } from "../answers/object-writer.ts";
import type { User } from "../authn/authenticator.ts";
import type { StoredObject } from "../registry/stored-object.ts";
import type { ApiServer } from "../server.ts";

/** How {@link objectExchange} asks. */
export interface ObjectExchangeOptions {
  readonly user: User;
  /** Names the program of the user: `metadata.managedFields` records it. Default: none. */
  readonly userAgent?: string;
  /** Sees each object of the server before the client does. Default: passes it on. */
  readonly pass?: <T extends KubeObject>(object: T) => T;
}

/** Objects handed over between two turns of other work, in bytes of their JSON: each may have to be parsed. */
const TURN_BYTES = 1024 * 1024;

/**
 * Carries calls to the server of this process, without text: it authorizes, admits and validates as for any client.
 *
 * Objects that are read are the server's own, the same for all clients, and readonly. In lists and watches they lack
 * `managedFields`, which take half of their memory.
 */
export function objectExchange(server: () => Pick<ApiServer, "answer">, options: ObjectExchangeOptions): Exchange {
  const { user, userAgent, pass = (object) => object } = options;
  const ask = async ({ method, path, body, contentType = "application/json", signal }: Call): Promise<Answer> => {
    const request = {
      method,
      path,
      headers: {
        ...(userAgent !== undefined && { "user-agent": userAgent }),
        ...(body !== undefined && { "content-type": contentType }),
      },
      ...(body !== undefined && { decoded: { value: jsonCopy(body), duplicates: [] } }),
      ...(signal !== undefined && { signal }),
    };
    try {
      signal?.throwIfAborted();
      return await server().answer(request, user);
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  };

  return {
    async answer(call) {
      const answer = await ask(call);
      switch (answer.type) {
        case "object":
          return pass(answer.object.object);
        case "document":
          return answer.document.value;
        case "response":
          return await readJson(answer.response);
        default:
          throw new Error(`${call.method} ${call.path} answers no single object`);
      }
    },

    async list<T extends KubeObject>(_resource: unknown, call: Call) {
      const answer = await ask(call);
      if (answer.type !== "list") throw new Error(`${call.path} answers no list`);
      return await objectList<T>(answer, shownBy<T>(call, pass));
    },

    async *watch<T extends KubeObject>(_resource: unknown, call: Call & { readonly signal: AbortSignal }) {
      const answer = await ask(call);
      if (answer.type !== "watch") throw new Error(`${call.path} answers no watch`);
      for await (const events of answer.write(eventWriter<T>(shownBy<T>(call, pass)))) {
        for (const event of events) {
          call.signal.throwIfAborted();
          if (event.type === "ERROR") throw responseError(event.status.code, JSON.stringify(event.status));
          yield event;
        }
      }
      call.signal.throwIfAborted();
    },
  };
}

/** Returns what a call wants to see of an object. */
function shownBy<T extends KubeObject>(
  { metadataOnly }: Call,
  pass: <O extends KubeObject>(object: O) => O,
): (stored: StoredObject) => T {
  // The stored objects of a resource are of its type.
  if (metadataOnly !== true) return ({ shared }) => pass(shared as T);
  return ({ shared: { apiVersion, kind, metadata } }) => pass({ apiVersion, kind, metadata } as T);
}

async function objectList<T extends KubeObject>(
  { items, meta }: ListAnswer,
  shown: (stored: StoredObject) => T,
): Promise<ObjectList<T>> {
  const objects: T[] = [];
  let byteLength = 0;
  for (const stored of items) {
    objects.push(shown(stored));
    byteLength += stored.bytes.byteLength;
    if (byteLength < TURN_BYTES) continue;
    byteLength = 0;
    await turn();
  }
  return {
    items: objects,
    resourceVersion: meta.resourceVersion,
    ...(meta.continue !== undefined && { continue: meta.continue }),
  };
}

/** The end of a watch that cannot go on. */
interface WatchFailure {
  readonly type: "ERROR";
  readonly status: Status;
}

function eventWriter<T extends KubeObject>(
  shown: (stored: StoredObject) => T,
): EventWriter<WatchEvent<T> | WatchFailure> {
  return {
    event: (type, stored) => ({ type, object: shown(stored) }),
    bookmark: (resourceVersion) => ({ type: "BOOKMARK", resourceVersion }),
    error: (status) => ({ type: "ERROR", status }),
  };
}

async function readJson({ status, body }: ApiResponse): Promise<unknown> {
  const text = await readText(body);
  if (status >= 300) throw responseError(status, text);
  return parseApiJson(text);
}
