import assert from "node:assert/strict";
import { decodeObject } from "./codec/decode-object.ts";
import type { Kind } from "./kind.ts";
import type { KubeObject } from "./resource-reference.ts";
import type { Draft } from "./schema.ts";

/**
 * The object that the API server would make of a draft: decoded, with its defaults, not validated.
 *
 * What only the server sets, such as `uid`, is there only where the draft has it.
 */
export function complete<T extends KubeObject>(kind: Kind<T>, draft: Draft<NoInfer<T>>, previous?: NoInfer<T>): T {
  const decoded = decodeObject(kind, JSON.parse(JSON.stringify(draft)), { fieldValidation: "Strict" });
  assert(decoded.error === undefined, decoded.error?.message);
  return kind.withDefaults(decoded.object, previous);
}

/** `path: message` of each error, as kubectl shows them. */
export function problemsOf<T extends KubeObject>(
  kind: Kind<T>,
  draft: Draft<NoInfer<T>>,
  previous?: NoInfer<T>,
): string[] {
  return kind.validate(complete(kind, draft, previous), previous).map(({ path, message }) => `${path}: ${message}`);
}
