import { parseJson } from "../../api/codec/parse-json.ts";
import type { Struct } from "../../api/schema.ts";
import { StatusError } from "../../api/status-error.ts";
import type { ApiRequest } from "../../client/transport.ts";
import { badRequest } from "../registry/refusals.ts";
import { parseYaml } from "./parse-yaml.ts";
import { decodeEnvelope } from "./protobuf/decode-envelope.ts";
import { decodeMessage } from "./protobuf/decode-message.ts";
import { WireError } from "./protobuf/wire.ts";

/** Most bytes of a request body, as upstream. */
export const BODY_MAX_BYTES = 3 * 1024 * 1024;

/** What a body said, before anybody asked what kind of object it is. */
export interface DecodedBody {
  readonly value: unknown;
  /** Keys that stood there twice: `spec.ports[0].name`. */
  readonly duplicates: readonly string[];
}

/** A request whose body may have been parsed already. */
export interface ServedRequest extends ApiRequest {
  readonly decoded?: DecodedBody;
}

const PROTOBUF = "application/vnd.kubernetes.protobuf";
const decoder = new TextDecoder("utf-8", { fatal: true });

/** The media type of a request's body, without parameters. */
export function mediaTypeOf(request: ApiRequest): string {
  return (request.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
}

/** The bytes of the body, refused when there are too many. */
export function bodyOf(request: ApiRequest): Uint8Array {
  const body = request.body ?? new Uint8Array(0);
  if (body.byteLength > BODY_MAX_BYTES) throw bodyTooLarge();
  return body;
}

/** The refusal of a body over {@link BODY_MAX_BYTES}. */
export function bodyTooLarge(): StatusError {
  return new StatusError("RequestEntityTooLarge", `Request entity too large: limit is ${BODY_MAX_BYTES}`);
}

/** What a body is expected to be. */
export interface ExpectedBody {
  /** For messages: `Pod`. */
  readonly kind: string;
  /** What the fields of a protobuf message mean. */
  readonly schema: Struct;
  /** Whether `1.0` in JSON is as good as `1`, as in YAML: upstream reads some bodies without their types. Default: no. */
  readonly untyped?: boolean;
}

/** Parses a JSON, YAML or protobuf body by its content type; without one it is taken for JSON. */
export function decodeBody(request: ServedRequest, { kind, schema, untyped = false }: ExpectedBody): DecodedBody {
  if (request.decoded !== undefined) return request.decoded;
  const mediaType = mediaTypeOf(request);
  const bytes = bodyOf(request);
  switch (mediaType) {
    case "":
    case "application/json":
    case "*/*":
      return parse(bytes, kind, (text) => parseJson(text, { keepsNotation: !untyped }));
    case "application/yaml":
      return parse(bytes, kind, parseYaml);
    case PROTOBUF:
      return parseProtobuf(bytes, schema);
    default:
      throw unsupportedMediaType(["application/json", "application/yaml", PROTOBUF]);
  }
}

/** The refusal of a body's format, naming what is taken. */
export function unsupportedMediaType(accepted: readonly string[]): StatusError {
  const text = `the body of the request was in an unknown format - accepted media types include: ${accepted.join(", ")}`;
  return new StatusError("UnsupportedMediaType", text);
}

function parse(bytes: Uint8Array, kind: string, read: (text: string) => DecodedBody): DecodedBody {
  try {
    return read(decoder.decode(bytes));
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
    throw unrecognized(kind, error, bytes);
  }
}

/** The refusal of a body that is not of its format. */
export function unrecognized(kind: string, error: Error, bytes: Uint8Array): StatusError {
  const what = `couldn't get version/kind; json parse error: ${error.message.split("\n")[0]}`;
  return badRequest(`the object provided is unrecognized (must be of type ${kind}): ${what} (${summary(bytes)})`);
}

const SUMMARY_BYTES = 30;

/** The beginning of a body as upstream shows it: what does not look like JSON in hexadecimal digits. */
function summary(bytes: Uint8Array): string {
  if (bytes.length === 0) return "<empty>";
  const start = Buffer.from(bytes.subarray(0, SUMMARY_BYTES)).toString(bytes[0] === 0x7b ? "utf8" : "hex");
  return bytes.length > SUMMARY_BYTES ? `${start} ...` : start;
}

/** A field cannot stand twice in protobuf, and one without a name cannot be named. */
function parseProtobuf(bytes: Uint8Array, schema: Struct): DecodedBody {
  try {
    const { apiVersion, kind, raw } = decodeEnvelope(bytes);
    const typeMeta = { ...(kind !== "" && { kind }), ...(apiVersion !== "" && { apiVersion }) };
    return { value: { ...decodeMessage(schema, raw), ...typeMeta }, duplicates: [] };
  } catch (error) {
    if (error instanceof WireError) throw badRequest(error.message);
    throw error;
  }
}
