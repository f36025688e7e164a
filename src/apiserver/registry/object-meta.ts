import { apiTime } from "../../api/api-time.ts";
import type { ObjectMeta } from "../../api/meta/v1/object-meta.ts";
import type { KubeObject } from "../../api/resource-reference.ts";

const MAX_GENERATED_NAME = 63;
const SUFFIX_LENGTH = 5;
/** No vowels and nothing that looks like another character: no accidental words. */
const ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

/** `web-` → `web-x7k2p`. @param random - Gives integers from 0 below its argument. */
export function generatedName(base: string, random: (below: number) => number): string {
  const suffix = Array.from({ length: SUFFIX_LENGTH }, () => ALPHABET[random(ALPHABET.length)]).join("");
  return base.slice(0, MAX_GENERATED_NAME - SUFFIX_LENGTH) + suffix;
}

export interface SystemFields {
  readonly name: string;
  /** Empty for kinds without one. */
  readonly namespace: string;
  readonly uid: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly hasGeneration: boolean;
}

/** The metadata of a new object: what the system sets replaces what the client wrote. */
export function metaForCreate(given: ObjectMeta, system: SystemFields): ObjectMeta {
  const {
    selfLink: _link,
    deletionTimestamp: _at,
    deletionGracePeriodSeconds: _grace,
    namespace: _ns,
    generation: _generation,
    ...kept
  } = given;
  return {
    ...kept,
    name: system.name,
    ...(system.namespace !== "" && { namespace: system.namespace }),
    uid: system.uid,
    resourceVersion: "",
    ...(system.hasGeneration && { generation: 1 }),
    creationTimestamp: apiTime(system.now),
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
