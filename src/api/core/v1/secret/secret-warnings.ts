import { goQuote } from "../../../go-quote.ts";
import { SECRET_TYPE } from "../../../well-known.ts";
import type { Secret } from "./secret-schema.ts";

/** Not supported yet: the warning says that no token will be filled in. */
const TOKEN_TYPE = SECRET_TYPE.serviceAccountToken;

/** Returns the warnings of a Secret of a type that nothing acts on yet. */
export function secretWarnings({ type }: Secret): readonly string[] {
  if (type !== TOKEN_TYPE) return [];
  const text = `type ${goQuote(TOKEN_TYPE)} is not supported yet: no token is put into the Secret`;
  return [`${text}; use TokenRequest, as kubectl create token does`];
}
