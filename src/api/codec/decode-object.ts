import { goQuote } from "../go-quote.ts";
import type { Kind } from "../kind.ts";
import type { KubeObject } from "../resource-reference.ts";
import { apiVersionOf } from "../resource-reference.ts";
import { StatusError } from "../status-error.ts";
import { codecOf } from "./codec-of.ts";

/** What to do about unknown and duplicate fields: refuse, warn, or drop them in silence. */
export type FieldValidation = "Strict" | "Warn" | "Ignore";

/** The most warnings one answer carries, as upstream. */
const WARNINGS_MAX = 100;

/** How strictly an object is read. */
export interface DecodeOptions {
  readonly fieldValidation: FieldValidation;
  /** Paths of keys that stood in the text twice, from `parseJson`. Default: none. */
  readonly duplicates?: readonly string[];
}

/** What came out of decoding: an object, or why there is none. */
export type DecodedObject<T> =
  | {
      /** In stored form, `kind` and `apiVersion` set, constant defaults filled in, {@link Kind.withDefaults} not yet asked. */
      readonly object: T;
      /** One per unknown or duplicate field, under `Warn`: `unknown field "spec.foo"`. */
      readonly warnings: readonly string[];
      readonly error?: undefined;
    }
  /** A `BadRequest` in upstream's words. */
  | { readonly error: StatusError };

/**
 * Decodes the JSON of one object of a kind.
 *
 * A body without `kind` and `apiVersion` is taken for one of the kind; one of another kind is refused.
 */
export function decodeObject<T extends KubeObject>(
  kind: Kind<T>,
  json: unknown,
  { fieldValidation, duplicates = [] }: DecodeOptions,
): DecodedObject<T> {
  const apiVersion = apiVersionOf(kind);
  const said = typeMetaOf(json);
  const refuse = (detail: string) => ({ error: cannotBeHandled(kind, said, detail) });

  if (said.apiVersion !== "" && said.apiVersion !== apiVersion) {
    return { error: wrongVersion(said.apiVersion, apiVersion) };
  }
  if (said.kind !== "" && said.kind !== kind.kind) {
    return refuse(`converting (${kind.version}.${said.kind}) to (${packageOf(kind)}.${kind.kind}): unknown conversion`);
  }
  const decoded = codecOf(kind).decode(json);
  if ("error" in decoded) return refuse(decoded.error);

  const problems = strictProblems(duplicates, decoded.unknownFields);
  if (fieldValidation === "Strict" && problems.length > 0) {
    return refuse(`strict decoding error: ${problems.join(", ")}`);
  }
  // The codec is the type's own: what it decodes is a T.
  const object = { ...(decoded.value as T), kind: kind.kind, apiVersion };
  return { object, warnings: fieldValidation === "Warn" ? problems : [] };
}

/** Returns what strict decoding refuses: each unknown and each duplicate field once, as many as an answer carries. */
export function strictProblems(duplicates: readonly string[], unknownFields: readonly string[]): string[] {
  const all = [
    ...duplicates.map((path) => `duplicate field ${goQuote(path)}`),
    ...unknownFields.map((path) => `unknown field ${goQuote(path)}`),
  ];
  return [...new Set(all)].slice(0, WARNINGS_MAX);
}

interface SaidType {
  readonly kind: string;
  readonly apiVersion: string;
}

function typeMetaOf(json: unknown): SaidType {
  if (typeof json !== "object" || json === null) return { kind: "", apiVersion: "" };
  const { kind, apiVersion } = json as { kind?: unknown; apiVersion?: unknown };
  return {
    kind: typeof kind === "string" ? kind : "",
    apiVersion: typeof apiVersion === "string" ? apiVersion : "",
  };
}

function cannotBeHandled(kind: Kind, said: SaidType, detail: string): StatusError {
  const saidKind = said.kind === "" ? kind.kind : said.kind;
  const message = `${saidKind} in version ${goQuote(kind.version)} cannot be handled as a ${kind.kind}: ${detail}`;
  return new StatusError("BadRequest", message);
}

/** Upstream's name for the place where a group's types are. */
function packageOf({ group }: Kind): string {
  return group === "" ? "core" : (group.split(".")[0] ?? group);
}

function wrongVersion(said: string, expected: string): StatusError {
  return new StatusError(
    "BadRequest",
    `the API version in the data (${said}) does not match the expected API version (${expected})`,
  );
}
