import type { CacheEvent } from "./event-window.ts";

/** Selects the changes of a kind that a watcher is interested in. It may get more; each given restriction excludes others. */
export interface Interest {
  /** Of the keys: the kind's, or that of one namespace of it. */
  readonly prefix: string;
  /** Of the only object. */
  readonly key?: string | undefined;
  /** A field that has this value before or after the change. */
  readonly field?: { readonly name: string; readonly value: string } | undefined;
}

/** Finds who is interested in a change without asking everybody. */
export interface InterestIndex<T> {
  /** Returns what takes it out again. */
  add(interest: Interest, member: T): () => void;
  /** Everybody who may be interested in the change. */
  of(event: CacheEvent): Iterable<T>;
  /** Everybody. */
  all(): Iterable<T>;
}

/**
 * An empty index. A member is found by the narrowest thing that its interest says: key, field or prefix.
 *
 * Upstream's cacher does the same for a name and for `spec.nodeName` of pods; here every field is one to be found by.
 */
export function createInterestIndex<T>(): InterestIndex<T> {
  const byPlace = new Map<string, Set<T>>();
  const fieldsInUse = new Map<string, number>();

  const countField = (name: string | undefined, by: number) => {
    if (name === undefined) return;
    const count = (fieldsInUse.get(name) ?? 0) + by;
    if (count > 0) fieldsInUse.set(name, count);
    else fieldsInUse.delete(name);
  };

  return {
    add(interest, member) {
      const place = placeOf(interest);
      const fieldName = interest.key === undefined ? interest.field?.name : undefined;
      const members = byPlace.get(place) ?? new Set<T>();
      members.add(member);
      byPlace.set(place, members);
      countField(fieldName, 1);
      return () => {
        if (!members.delete(member)) return;
        if (members.size === 0) byPlace.delete(place);
        countField(fieldName, -1);
      };
    },
    *of(event) {
      if (byPlace.size === 0) return;
      for (const place of placesOf(event, fieldsInUse.keys())) yield* byPlace.get(place) ?? [];
    },
    *all() {
      for (const members of byPlace.values()) yield* members;
    },
  };
}

function placeOf({ prefix, key, field }: Interest): string {
  if (key !== undefined) return keyPlace(key);
  return field === undefined ? prefixPlace(prefix) : fieldPlace(field.name, field.value);
}

/** Each of them once. */
function placesOf({ before, after }: CacheEvent, fields: Iterable<string>): ReadonlySet<string> {
  const key = (after ?? before)?.key ?? "";
  const places = new Set([keyPlace(key)]);
  for (let at = key.lastIndexOf("/"); at > 0; at = key.lastIndexOf("/", at - 1)) {
    places.add(prefixPlace(key.slice(0, at + 1)));
  }
  for (const name of fields) {
    for (const stored of [before, after]) {
      if (stored !== undefined) places.add(fieldPlace(name, stored.fields[name] ?? ""));
    }
  }
  return places;
}

function keyPlace(key: string): string {
  return `key ${key}`;
}

function prefixPlace(prefix: string): string {
  return `prefix ${prefix}`;
}

function fieldPlace(name: string, value: string): string {
  return `field ${name}=${value}`;
}
