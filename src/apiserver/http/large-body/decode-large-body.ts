import type { Struct } from "@fairlead/api/schema";
import type { ServedRequest } from "../body.ts";
import { bodyOf, mediaTypeOf, problemOf, unrecognized } from "../body.ts";
import { APPLY_TYPE, undecodableApply } from "../patch-body.ts";
import type { BodyFormat } from "./parse-messages.ts";
import type { ParseThread } from "./parse-thread.ts";

/** Largest JSON body, in bytes, that is parsed between other requests: its worst takes some 20 ms. */
const JSON_MAX_BYTES = 128 * 1024;
/** Largest YAML body, in bytes, that is: its parser is some fifty times slower. */
const YAML_MAX_BYTES = 2 * 1024;

/** What a body should be. */
export interface LargeBodyTarget {
  /** For messages: `Pod`. */
  readonly kind: string;
  /** The schema by which it will be decoded; `undefined` when that is not known, or for a patch. */
  readonly schema: Struct | undefined;
  /** The name of the user who sent it. */
  readonly user: string;
  /** Aborted when the request has taken too long. */
  readonly overdue?: AbortSignal | undefined;
}

/**
 * Parses the body of a request on a thread, when it is so large that others would have to wait for it.
 *
 * The parse is given up when the client goes or the request is overdue.
 *
 * @returns the request, with what the body says where it was parsed.
 * @throws {StatusError} for a body that cannot be parsed.
 */
export async function decodeLargeBody(
  thread: ParseThread,
  request: ServedRequest,
  { kind, schema, user, overdue }: LargeBodyTarget,
): Promise<ServedRequest> {
  const bytes = bodyOf(request);
  const mediaType = mediaTypeOf(request);
  const format = slowFormat(mediaType, bytes, schema !== undefined);
  if (format === undefined) return request;
  const signal = AbortSignal.any([request.signal, overdue].filter((given) => given !== undefined));
  try {
    return { ...request, decoded: await thread.parse({ format, bytes, schema, user, signal }) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw mediaType === APPLY_TYPE ? undecodableApply(error) : unrecognized(kind, problemOf(format, error), bytes);
  }
}

/** The format of a body that is worth a thread. */
function slowFormat(mediaType: string, bytes: Uint8Array, isThinned: boolean): BodyFormat | undefined {
  switch (mediaType) {
    case "":
    case "application/json":
    case "*/*":
      // Only what is left after thinning has to be parsed once more.
      return isThinned && bytes.byteLength > JSON_MAX_BYTES ? "json" : undefined;
    case "application/yaml":
    case APPLY_TYPE:
      return isSlowYaml(bytes) ? "yaml" : undefined;
    default:
      return undefined;
  }
}

const [OPEN_OBJECT, ALIAS] = [0x7b, 0x2a];

/** JSON in a YAML body is parsed as JSON. Aliases multiply what a small body costs. */
function isSlowYaml(bytes: Uint8Array): boolean {
  if (bytes[0] === OPEN_OBJECT && bytes.byteLength <= JSON_MAX_BYTES && isJson(bytes)) return false;
  return bytes.byteLength > YAML_MAX_BYTES || bytes.includes(ALIAS);
}

function isJson(bytes: Uint8Array): boolean {
  try {
    JSON.parse(new TextDecoder().decode(bytes));
    return true;
  } catch {
    return false;
  }
}
