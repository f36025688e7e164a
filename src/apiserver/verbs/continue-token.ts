import { badRequest } from "../registry/refusals.ts";

/** Where a list that `limit` cut goes on. */
export interface ContinueToken {
  /** The list is continued as of this revision. */
  readonly revision: number;
  /** The first key to look at. */
  readonly startKey: string;
  /** How many objects there are from {@link startKey} on: counted once, for all pages. `undefined`: not known. */
  readonly remaining?: number | undefined;
}

const VERSION = "meta.k8s.io/v1";

/** Opaque to clients. The key is given relative to `prefix`, so that a token cannot reach outside its collection. */
export function encodeContinueToken({ revision, startKey, remaining }: ContinueToken, prefix: string): string {
  const token = { v: VERSION, rv: revision, start: startKey.slice(prefix.length), remaining };
  return Buffer.from(JSON.stringify(token)).toString("base64url");
}

/** @throws {StatusError} `BadRequest` for anything that {@link encodeContinueToken} did not make. */
export function decodeContinueToken(text: string, prefix: string): ContinueToken {
  const { v, rv, start, remaining } = parse(text);
  if (v !== VERSION) throw badRequest("continue key is not valid: server does not recognize this encoded version");
  if (!isPositive(rv)) {
    throw badRequest("continue key is not valid: incorrect encoded start resourceVersion (version meta.k8s.io/v1)");
  }
  if (typeof start !== "string" || start === "") {
    throw badRequest("continue key is not valid: encoded start key empty (version meta.k8s.io/v1)");
  }
  // A token without a number is one of a list with selectors.
  if (remaining !== undefined && !isPositive(remaining)) throw badRequest("continue key is not valid");
  return { revision: rv, startKey: prefix + start, remaining };
}

function isPositive(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0;
}

interface Parsed {
  readonly v?: unknown;
  readonly rv?: unknown;
  readonly start?: unknown;
  readonly remaining?: unknown;
}

function parse(text: string): Parsed {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, "base64url").toString());
    if (typeof value === "object" && value !== null) return value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw badRequest("continue key is not valid");
}
