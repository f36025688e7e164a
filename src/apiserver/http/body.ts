import { jsonType } from "@fairlead/api/codec/go-type";
import type { Envelope } from "@fairlead/api/codec/protobuf/decode-envelope";
import { decodeEnvelope } from "@fairlead/api/codec/protobuf/decode-envelope";
import { decodeMessage } from "@fairlead/api/codec/protobuf/decode-message";
import { WireError } from "@fairlead/api/codec/protobuf/read-wire";
import { goQuote } from "@fairlead/api/go-quote";
import { isJsonObject } from "@fairlead/api/patch/json-object";
import type { Struct } from "@fairlead/api/schema";
import { StatusError } from "@fairlead/api/status-error";
import type { ApiRequest } from "@fairlead/client/transport/transport";
import { badRequest } from "../registry/refusals.ts";
import type { BodyFormat } from "./large-body/parse-messages.ts";
import type { TextForms } from "./parse-text.ts";
import { parseText } from "./parse-text.ts";

/** Most bytes of a request body, as upstream. */
export const BODY_MAX_BYTES = 3 * 1024 * 1024;

/** The parsed body, before its kind is checked. */
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
/** What upstream decodes kind and version into. */
const TYPE_META =
  'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';

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
  /** What the fields of a protobuf message mean. Absent for a kind that has no protobuf form. */
  readonly schema: Struct | undefined;
}

/**
 * Parses a JSON, YAML or protobuf body by its content type; without one it is taken for JSON. `null` is an object without
 * fields.
 *
 * @throws {StatusError} `BadRequest` for a body that is none of its format, or no object, in upstream's words.
 */
export function decodeBody(request: ServedRequest, { kind, schema }: ExpectedBody): DecodedBody {
  const bytes = bodyOf(request);
  const format = formatOf(mediaTypeOf(request), schema);
  if (typeof format === "object") return parseProtobuf(bytes, kind, format.protobuf);
  const body = request.decoded ?? parsed(bytes, format, (error) => unrecognized(kind, problemOf(format, error), bytes));
  if (body.value === null) return { ...body, value: {} };
  if (isJsonObject(body.value)) return body;
  const problem = `json: cannot unmarshal ${jsonType(body.value)} into Go value of type ${TYPE_META}`;
  throw unrecognized(kind, problemOf("json", new SyntaxError(problem)), bytes);
}

/** Parses a body of the format. @throws what `refused` makes of a body that is none. */
export function parsed(
  bytes: Uint8Array,
  format: BodyFormat,
  refused: (error: Error) => StatusError,
  forms?: TextForms,
): DecodedBody {
  try {
    return parseText(bytes, format, forms);
  } catch (error) {
    if (error instanceof SyntaxError) throw refused(error);
    throw error;
  }
}

function formatOf(mediaType: string, schema: Struct | undefined): BodyFormat | { readonly protobuf: Struct } {
  switch (mediaType) {
    case "":
    case "application/json":
    case "*/*":
      return "json";
    case "application/yaml":
      return "yaml";
    default:
      if (mediaType === PROTOBUF && schema !== undefined) return { protobuf: schema };
      throw unsupportedMediaType(["application/json", "application/yaml", ...(schema === undefined ? [] : [PROTOBUF])]);
  }
}

/** The refusal of a body's format, naming what is taken. */
export function unsupportedMediaType(accepted: readonly string[]): StatusError {
  const text = `the body of the request was in an unknown format - accepted media types include: ${accepted.join(", ")}`;
  return new StatusError("UnsupportedMediaType", text);
}

/** The refusal of a body that is not of its format. */
export function unrecognized(kind: string, problem: string, bytes: Uint8Array): StatusError {
  return badRequest(`the object provided is unrecognized (must be of type ${kind}): ${problem} (${summary(bytes)})`);
}

/** Returns the message about a body that is not of its format. */
export function problemOf(format: BodyFormat, error: Error): string {
  const [problem = ""] = error.message.split("\n");
  return format === "json" ? `couldn't get version/kind; json parse error: ${problem}` : problem;
}

const SUMMARY_BYTES = 30;

/** The beginning of a body as upstream shows it: what does not look like JSON in hexadecimal digits. */
function summary(bytes: Uint8Array): string {
  if (bytes.length === 0) return "<empty>";
  const start = Buffer.from(bytes.subarray(0, SUMMARY_BYTES)).toString(bytes[0] === 0x7b ? "utf8" : "hex");
  return bytes.length > SUMMARY_BYTES ? `${start} ...` : start;
}

/** A field cannot stand twice in protobuf, and one without a name cannot be named. */
function parseProtobuf(bytes: Uint8Array, expected: string, schema: Struct): DecodedBody {
  let envelope: Envelope | undefined;
  try {
    envelope = decodeEnvelope(bytes);
    const { apiVersion, kind, raw } = envelope;
    const typeMeta = { ...(kind !== "" && { kind }), ...(apiVersion !== "" && { apiVersion }) };
    return { value: { ...decodeMessage(schema, raw), ...typeMeta }, duplicates: [] };
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    if (envelope === undefined) throw unrecognized(expected, error.message, bytes);
    const version = goQuote(envelope.apiVersion.split("/").at(-1) ?? "");
    throw badRequest(`${envelope.kind} in version ${version} cannot be handled as a ${expected}: ${error.message}`);
  }
}
