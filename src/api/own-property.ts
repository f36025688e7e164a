/**
 * Returns the value of an object's own key. Inherited names such as `constructor` are ordinary keys that are absent.
 *
 * Use it wherever a client chooses the key: of labels, annotations, data, or the fields that a patch names.
 */
export function ownValue<T>(object: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return object !== undefined && Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Sets an own key, also `__proto__`, whose assignment would change the object's prototype instead. */
export function setOwn<T>(object: Record<string, T>, key: string, value: T): void {
  if (key === "__proto__") {
    Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true });
  } else object[key] = value;
}
