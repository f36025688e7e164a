import type { FieldError } from "../../field-error.ts";
import { invalid } from "../../field-error.ts";
import type { Int64 } from "../../int64.ts";

type Counts<K extends string> = { readonly [name in K]?: Int64 | undefined };

/** Which of the counts are below zero. An absent one is 0. `path` is that of the struct which has them. */
export function validateNotNegative<K extends string>(
  counts: Counts<K>,
  names: readonly K[],
  path: string,
): FieldError[] {
  return names.flatMap((name) => {
    const count = counts[name] ?? 0;
    return count < 0 ? [invalid(`${path}.${name}`, count, "must be greater than or equal to 0")] : [];
  });
}

/** Refuses a count of a status that is above another one, which the message calls `limitPath`. */
export function validateAtMost<K extends string>(
  status: Counts<K>,
  name: K,
  limit: K,
  limitPath: string,
): FieldError[] {
  const count = status[name] ?? 0;
  if (count <= (status[limit] ?? 0)) return [];
  return [invalid(`status.${name}`, count, `cannot be greater than ${limitPath}`)];
}
