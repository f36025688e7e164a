import { badRequest } from "../registry/refusals.ts";

/** Where a list that `limit` cut goes on. */
export interface ContinueToken {
  /** The list is continued as of this revision. */
  readonly revision: number;
  /** The first key to look at. */
  readonly startKey: string;
}

const VERSION = "meta.k8s.io/v1";

/** Opaque to clients. The key is given relative to `prefix`, so that a token cannot reach outside its collection. */
export function encodeContinueToken({ revision, startKey }: ContinueToken, prefix: string): string {
  const token = { v: VERSION, rv: revision, start: startKey.slice(prefix.length) };
  return Buffer.from(JSON.stringify(token)).toString("base64url");
}

/** @throws {StatusError} `BadRequest` for anything that {@link encodeContinueToken} did not make. */
export function decodeContinueToken(text: string, prefix: string): ContinueToken {
  const { v, rv, start } = parse(text);
  if (v !== VERSION) throw badRequest("continue key is not valid: server does not recognize this encoded version");
  if (typeof rv !== "number" || !Number.isSafeInteger(rv) || rv <= 0) {
    throw badRequest("continue key is not valid: incorrect encoded start resourceVersion (version meta.k8s.io/v1)");
  }
  if (typeof start !== "string" || start === "") {
    throw badRequest("continue key is not valid: encoded start key empty (version meta.k8s.io/v1)");
  }
  return { revision: rv, startKey: prefix + start };
}

function parse(text: string): { readonly v?: unknown; readonly rv?: unknown; readonly start?: unknown } {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, "base64url").toString());
    if (typeof value === "object" && value !== null) return value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw badRequest("continue key is not valid");
}
