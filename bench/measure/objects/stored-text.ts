import assert from "node:assert/strict";
import { decodeObject } from "../../../src/api/codec/decode-object.ts";
import { encodeStored } from "../../../src/api/codec/encode.ts";
import type { Kind } from "../../../src/api/kind.ts";
import type { KubeObject } from "../../../src/api/resource-reference.ts";

/**
 * Returns an object as the API server keeps it: with all defaults, in canonical JSON.
 *
 * @param draft - With what the system sets, such as the uid. Unknown fields are an error.
 */
export function storedText<T extends KubeObject>(kind: Kind<T>, draft: unknown): string {
  return encodeStored(kind, withDefaults(kind, draft));
}

/** The object of a draft with all defaults. */
export function withDefaults<T extends KubeObject>(kind: Kind<T>, draft: unknown): T {
  const decoded = decodeObject(kind, draft, { fieldValidation: "Strict" });
  if (decoded.error !== undefined) throw decoded.error;
  const { object } = decoded;
  return kind.withDefaults({
    ...object,
    metadata: { ...object.metadata, ...(kind.hasGeneration && { generation: 1 }) },
  });
}

/** Fails unless the text is what the API server would store, and would accept. */
export function assertStoredForm(kind: Kind, text: string): void {
  const object = withDefaults(kind, JSON.parse(text));
  assert.equal(encodeStored(kind, object), text);
  assert.deepEqual(kind.validate(object), []);
}
