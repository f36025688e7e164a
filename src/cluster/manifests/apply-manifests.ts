import type { ResourceReference } from "@fairlead/api/resource-reference";
import { StatusError } from "@fairlead/api/status-error";
import type { Client, ObjectKey } from "@fairlead/client/client";
import { ExpectedError } from "@fairlead/lib/expected-error";
import { mapBounded } from "@fairlead/lib/map-bounded";
import type { FindObject, Scope } from "../wait-for-objects.ts";
import type { Missing } from "./explain-missing.ts";
import { explainMissing } from "./explain-missing.ts";
import { withLastApplied } from "./last-applied.ts";
import type { ManifestObject } from "./read-manifests.ts";
import { kindOf, nameOf, whatOf } from "./read-manifests.ts";
import { awaitedOf } from "./readiness.ts";

/** The most objects that are read at once: each of the requests has a TLS connection of its own. */
const READS_MAX = 8;

/** What was applied, and how it goes with it. */
export interface Applied {
  /** How many of the objects were created or changed. */
  readonly changed: number;
  /** Those of the objects that take a while: pods, and what makes pods. */
  readonly awaited: readonly Scope[];
  /**
   * Says what is missing until all that was applied is Ready; undefined when nothing is.
   *
   * @throws {ExpectedError} when one of them is there no more.
   */
  notReady(find: FindObject): string | undefined;
  /** Says the same with the reasons that pods and their events give: slower, for when the wait is over. */
  whyNotReady(client: Client): Promise<string | undefined>;
}

/**
 * Creates the objects of the manifests, or brings them up to date, in the order in which they are written: with
 * server-side apply, so that what is no longer in a manifest goes.
 *
 * One that is refused ends it: what is before it has been applied.
 *
 * They carry the annotation that `kubectl apply` compares with, so that applying the same file again changes nothing.
 *
 * @throws {ExpectedError} with the object that is refused, its file and why.
 */
export async function applyManifests(
  client: Client,
  manifests: readonly ManifestObject[],
  signal: AbortSignal,
): Promise<Applied> {
  const before = await mapBounded(manifests, READS_MAX, (manifest) => versionOf(client, manifest, signal));
  const written: Written[] = [];
  for (const manifest of manifests) written.push(await applyObject(client, manifest, signal));
  const slow = written.filter(({ kind }) => awaitedOf(kind) !== undefined);
  return {
    changed: written.filter(({ resourceVersion }, i) => resourceVersion !== before[i]).length,
    awaited: slow.map(({ kind, key }) => ({ kind, namespace: key.namespace })),
    notReady(find) {
      const missing = missingOf(slow, find);
      return missing.length === 0 ? undefined : missing.map(({ text }) => text).join(", ");
    },
    async whyNotReady(asked) {
      const objects = await mapBounded(slow, READS_MAX, ({ kind, key }) => asked.get(kind, key));
      const missing = missingOf(slow, (_, key) => objects[slow.findIndex((one) => one.key === key)]);
      return missing.length === 0 ? undefined : await explainMissing(asked, missing);
    },
  };
}

function missingOf(written: readonly Written[], find: FindObject): readonly Missing[] {
  return written.flatMap(({ kind, key }) => {
    const object = find(kind, key);
    if (object === undefined) throw new ExpectedError(`${kind.plural} "${key.name}" was deleted before it was ready`);
    const text = awaitedOf(kind)?.missing(object);
    return text === undefined ? [] : [{ object, text }];
  });
}

/** An object that was applied. */
interface Written {
  readonly kind: ResourceReference;
  readonly key: ObjectKey;
  readonly resourceVersion: string | undefined;
}

function keyOf(manifest: ManifestObject): ObjectKey {
  const { namespace = "default" } = manifest.object.metadata ?? {};
  return { namespace: kindOf(manifest).namespaced ? namespace : undefined, name: nameOf(manifest) };
}

/** The version of the object that is there; undefined when there is none, or it cannot be read: applying it says why. */
async function versionOf(client: Client, manifest: ManifestObject, signal: AbortSignal): Promise<string | undefined> {
  try {
    return (await client.get(kindOf(manifest), keyOf(manifest), { signal })).metadata.resourceVersion;
  } catch (error) {
    if (error instanceof StatusError) return undefined;
    throw error;
  }
}

async function applyObject(client: Client, manifest: ManifestObject, signal: AbortSignal): Promise<Written> {
  const kind = kindOf(manifest);
  const key = keyOf(manifest);
  const draft = withLastApplied(manifest.object, key.namespace);
  // Forced: the file's fields win over those of other managers.
  const options = { fieldManager: "fairlead", force: true, fieldValidation: "Strict", signal } as const;
  const applied = await client.patch(kind, key, "apply", draft, options).catch((error: unknown) => {
    if (!(error instanceof StatusError)) throw error;
    throw new ExpectedError(`Cannot apply ${whatOf(manifest)}: ${error.message}`, { cause: error });
  });
  return { kind, key, resourceVersion: applied.metadata.resourceVersion };
}
