import type { ManagedFieldsEntry } from "@fairlead/api/meta/v1/object-meta";
import type { Awaitable } from "@fairlead/api/resource-definition";
import { apiVersionOf, type KubeObject } from "@fairlead/api/resource-reference";
import type { WriteForm } from "../apply/track-write.ts";
import type { Resource } from "./resource.ts";
import { fromStorage, type ServedVersion } from "./served-version.ts";

/** A write as the storage version has it. */
export type StoredWrite = Omit<WriteForm, "kind">;

/**
 * Returns a write in the version of its client and in every version in which a manager has written before, by `apiVersion`.
 * Versions that are not served any more are left out.
 */
export async function versionForms(
  { versions }: Resource,
  version: ServedVersion,
  write: StoredWrite,
): Promise<ReadonlyMap<string, WriteForm>> {
  const forms = new Map<string, WriteForm>([[apiVersionOf(version.kind), await inVersion(version, write)]]);
  for (const apiVersion of writtenVersions(write)) {
    const other = versions.get(apiVersion);
    if (other !== undefined && !forms.has(apiVersion)) forms.set(apiVersion, await inVersion(other, write));
  }
  return forms;
}

function writtenVersions({ previous, wanted }: StoredWrite): ReadonlySet<string> {
  const entriesOf = (object: KubeObject | undefined): readonly ManagedFieldsEntry[] =>
    object?.metadata.managedFields ?? [];
  return new Set([...entriesOf(previous), ...entriesOf(wanted)].map(({ apiVersion = "" }) => apiVersion));
}

function inVersion(version: ServedVersion, write: StoredWrite): Awaitable<WriteForm> {
  const { previous, wanted, prepared } = write;
  return version.conversion === undefined
    ? { kind: version.kind, previous, wanted, prepared }
    : converted(version, write);
}

async function converted(version: ServedVersion, { previous, wanted, prepared }: StoredWrite): Promise<WriteForm> {
  const shownWanted = await fromStorage(version, wanted);
  return {
    kind: version.kind,
    previous: previous && (await fromStorage(version, previous)),
    wanted: shownWanted,
    prepared: prepared === undefined || prepared === wanted ? shownWanted : await fromStorage(version, prepared),
  };
}
