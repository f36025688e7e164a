import type { Awaitable } from "@fairlead/api/resource-definition";
import type { ApiRequest, ApiResponse } from "@fairlead/client/transport/transport";
import { bytesResponse } from "../http/response.ts";
import type { StoredObject } from "../registry/stored-object.ts";
import type { Answer, ListAnswer, ObjectAnswer, WatchAnswer } from "./answer.ts";
import { COMPRESSED_BYTES_MIN, compressed } from "./compression.ts";
import { documentResponse } from "./document.ts";
import { readable } from "./indentation.ts";
import type { Representation } from "./representation.ts";
import { sharedEvents } from "./shared-events.ts";

const UNCACHED = { "cache-control": "no-cache, private" } as const;

/** Writes what a request is answered. */
export function writeAnswer(request: ApiRequest, answer: Answer, represented: Representation): Awaitable<ApiResponse> {
  switch (answer.type) {
    case "object":
      return readable(request, objectResponse(request, answer, represented));
    case "list":
      return readable(request, listResponse(request, answer, represented));
    case "watch":
      return watchResponse(answer, represented);
    case "document":
      return documentResponse(request, answer, represented.format);
    case "response":
      return answer.response;
  }
}

function objectResponse(
  request: ApiRequest,
  { code, version, object }: ObjectAnswer,
  represented: Representation,
): ApiResponse {
  const writer = represented.writer(version);
  const body = writer.object(object);
  return compressed(request, bytesResponse(code, writer.mediaType, body, UNCACHED), body.byteLength);
}

function listResponse(
  request: ApiRequest,
  { version, items, meta }: ListAnswer,
  represented: Representation,
): ApiResponse {
  const writer = represented.writer(version);
  const headers = { "content-type": writer.mediaType, ...UNCACHED };
  const response = { status: 200, headers, body: writer.list(items, meta) };
  return compressed(request, response, byteLengthOf(items));
}

/** Returns the size of a list, as far as it matters: adding up 150,000 objects holds up other requests. */
function byteLengthOf(items: readonly StoredObject[]): number {
  let byteLength = 0;
  for (const { bytes } of items) {
    byteLength += bytes.byteLength;
    if (byteLength >= COMPRESSED_BYTES_MIN) break;
  }
  return byteLength;
}

function watchResponse({ version, lines, write, cutOff }: WatchAnswer, represented: Representation): ApiResponse {
  const writer = sharedEvents(represented.writer(version).events(), version, lines);
  return {
    status: 200,
    headers: { "content-type": writer.mediaType, ...UNCACHED },
    body: mapped(write(writer), lines.joined),
    ...(cutOff !== undefined && { cutOff }),
  };
}

/** Returns what `map` makes of each item. Not a generator, which would take several turns more for each. */
function mapped<T, U>(items: AsyncIterable<T>, map: (item: T) => U): AsyncIterable<U> {
  return {
    [Symbol.asyncIterator]() {
      const iterator = items[Symbol.asyncIterator]();
      const step = ({ done, value }: IteratorResult<T>): IteratorResult<U> =>
        done === true ? { done, value: undefined } : { done: false, value: map(value) };
      return {
        next: () => iterator.next().then(step),
        return: async () => {
          await iterator.return?.();
          return { done: true, value: undefined };
        },
      };
    },
  };
}
