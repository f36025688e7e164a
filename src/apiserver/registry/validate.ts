import type { Kind } from "../../api/kind.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../../api/meta/v1/validate-object-meta.ts";
import type { KubeObject } from "../../api/resource-reference.ts";
import { invalidObject } from "../../api/status-error.ts";

/**
 * Checks an object that is about to be stored.
 *
 * @throws {StatusError} `Invalid` with one cause per refused field.
 */
export function assertValid(kind: Kind, object: KubeObject, previous: KubeObject | undefined): void {
  const { metadata } = object;
  const errors = [
    ...(previous === undefined
      ? validateObjectMeta(metadata, kind)
      : validateObjectMetaUpdate(metadata, previous.metadata)),
    ...kind.validate(object, previous),
  ];
  if (errors.length > 0) throw invalidObject(kind.group, kind.kind, metadata.name, errors);
}
