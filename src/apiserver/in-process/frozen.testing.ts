import type { KubeObject } from "@fairlead/api/resource-reference";

/** Returns an object that throws when something in it is changed: it is shared with others. */
export function frozen<T extends KubeObject>(object: T): T {
  freeze(object);
  return object;
}

function freeze(value: unknown): void {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const inner of Object.values(value)) freeze(inner);
}
