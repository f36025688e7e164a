import { validateObjectMeta, validateObjectMetaUpdate } from "@fairlead/api/meta/v1/validate-object-meta";
import type { KubeObject } from "@fairlead/api/resource-reference";
import { invalidObject } from "@fairlead/api/status-error";
import type { WriteTarget } from "./resource.ts";
import { fromStorage } from "./served-version.ts";

/**
 * Checks an object that is about to be stored, in the version that its resource is checked in, and warns the client of what its kind
 * warns of.
 *
 * @param previous - The stored object on an update.
 * @throws {StatusError} `Invalid` with one cause per refused field.
 */
export async function assertValid(
  { resource, version, subresource, warn }: WriteTarget,
  object: KubeObject,
  previous: KubeObject | undefined,
): Promise<void> {
  const { metadata } = object;
  const isConverted = resource.checksShownVersion === true && version.conversion !== undefined;
  const { kind } = isConverted ? version : resource;
  const shown = isConverted ? await fromStorage(version, object) : object;
  const shownPrevious = isConverted && previous !== undefined ? await fromStorage(version, previous) : previous;
  const errors = [
    ...(previous === undefined
      ? validateObjectMeta(metadata, kind)
      : validateObjectMetaUpdate(metadata, previous.metadata)),
    ...kind.validate(shown, shownPrevious, subresource),
  ];
  if (errors.length > 0) throw invalidObject(kind.group, kind.kind, metadata.name, errors);
  warn(kind.warnings(shown, shownPrevious, subresource));
  warn(resource.strategy.warnings?.(object, previous) ?? []);
}
