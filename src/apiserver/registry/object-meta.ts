import { apiTime } from "@fairlead/api/api-time";
import type { ObjectMeta } from "@fairlead/api/meta/v1/object-meta";
import type { KubeObject } from "@fairlead/api/resource-reference";

const MAX_GENERATED_NAME = 63;
const SUFFIX_LENGTH = 5;
/** No vowels and nothing that looks like another character: no accidental words. */
const ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

/** `web-` → `web-x7k2p`. @param random - Gives integers from 0 below its argument. */
export function generatedName(base: string, random: (below: number) => number): string {
  const suffix = Array.from({ length: SUFFIX_LENGTH }, () => ALPHABET[random(ALPHABET.length)]).join("");
  return base.slice(0, MAX_GENERATED_NAME - SUFFIX_LENGTH) + suffix;
}

/** Returns the metadata of a new object before admission: as a client may write it, without what only the system sets. */
export function givenMeta(given: ObjectMeta, namespace: string): ObjectMeta {
  const {
    selfLink: _link,
    uid: _uid,
    resourceVersion: _version,
    creationTimestamp: _created,
    deletionTimestamp: _at,
    deletionGracePeriodSeconds: _grace,
    namespace: _ns,
    generation: _generation,
    ...kept
  } = given;
  // As in the body of a request, what is always there in an answer is not there yet.
  return { ...kept, ...(namespace !== "" && { namespace }) } as ObjectMeta;
}

export interface SystemFields {
  readonly name: string;
  readonly uid: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly hasGeneration: boolean;
}

/** Returns the metadata of a new object with what the system sets. @param given - As {@link givenMeta} returns it. */
export function metaForCreate(given: ObjectMeta, { name, uid, now, hasGeneration }: SystemFields): ObjectMeta {
  return {
    ...given,
    name,
    uid,
    resourceVersion: "",
    ...(hasGeneration && { generation: 1 }),
    creationTimestamp: apiTime(now),
  };
}

/** The metadata of an object after an update: what only the system may set stays as it was. */
export function metaForUpdate(given: ObjectMeta, previous: ObjectMeta): ObjectMeta {
  const {
    selfLink: _link,
    generation: _generation,
    deletionTimestamp: _at,
    deletionGracePeriodSeconds: _grace,
    ...kept
  } = given;
  return {
    ...kept,
    name: previous.name,
    ...(previous.namespace !== undefined && { namespace: previous.namespace }),
    uid: previous.uid,
    resourceVersion: previous.resourceVersion,
    ...(previous.generateName !== undefined && { generateName: previous.generateName }),
    ...(previous.generation !== undefined && { generation: previous.generation }),
    creationTimestamp: previous.creationTimestamp,
    ...(previous.deletionTimestamp !== undefined && { deletionTimestamp: previous.deletionTimestamp }),
    ...(previous.deletionGracePeriodSeconds !== undefined && {
      deletionGracePeriodSeconds: previous.deletionGracePeriodSeconds,
    }),
  };
}

/** The object with other metadata. */
export function withMeta<T extends KubeObject>(object: T, metadata: Partial<ObjectMeta>): T {
  return { ...object, metadata: { ...object.metadata, ...metadata } };
}
