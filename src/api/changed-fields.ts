import { deepEqual } from "./deep-equal.ts";

/**
 * The fields in which two versions of a struct differ, as `-` and `+` lines for a refusal: upstream shows the
 * difference of its Go structs there.
 *
 * @param path - Of the struct: `spec`.
 */
export function changedFields(path: string, value: object, before: object): string[] {
  const now = new Map<string, unknown>(Object.entries(value));
  const then = new Map<string, unknown>(Object.entries(before));
  const line = (sign: string, name: string, shown: unknown) =>
    shown === undefined ? [] : [`${sign} ${path}.${name}: ${JSON.stringify(shown)}`];
  return [...new Set([...then.keys(), ...now.keys()])]
    .filter((name) => !deepEqual(now.get(name), then.get(name)))
    .flatMap((name) => [...line("-", name, then.get(name)), ...line("+", name, now.get(name))]);
}
