/**
 * Built-ins that can be reached from a value that a client sends, property by property: `constructor/prototype/...`. The others
 * stay unchanged: V8 is slower with some that are frozen, `String.prototype.replace` nine times with a frozen `RegExp`.
 */
const REACHABLE: readonly { readonly prototype: object }[] = [
  Object,
  Function,
  Array,
  String,
  Number,
  Boolean,
  Symbol,
  BigInt,
  Date,
  Error,
  TypeError,
  RangeError,
  SyntaxError,
];

/**
 * Prototypes that take no new properties, and are not frozen: V8 would store each element that is added to an array by its
 * slowest path, ten times as long. The properties of `Object.prototype` refuse changes all the same: see {@link SHADOWED}.
 */
const NOT_FROZEN: ReadonlySet<object> = new Set([Object.prototype, Array.prototype]);

/** Prototypes that programs shadow by assignment, as in `error.name = "AbortError"`. */
const SHADOWED: readonly object[] = [Object.prototype, Function.prototype, Error.prototype];

/** Read often and shadowed seldom: they stay data properties. */
const NOT_SHADOWED: ReadonlySet<PropertyKey> = new Set(["call", "apply", "bind"]);

/**
 * Makes the built-ins of this process unchangeable, and `__proto__` an ordinary key.
 *
 * A second line of defence: code that follows a client's path into an inherited property fails, instead of changing what
 * all later requests see. The methods of `Array.prototype` alone could still be replaced. Call it once, after all modules have
 * been loaded: some packages extend the built-ins.
 */
export function freezeBuiltins(): void {
  Reflect.deleteProperty(Object.prototype, "__proto__");
  for (const prototype of SHADOWED) keepShadowing(prototype);
  for (const builtin of REACHABLE) {
    freeze(builtin);
    freeze(builtin.prototype);
  }
  for (const namespace of [JSON, Math, Reflect]) freeze(namespace);
}

function freeze(holder: object): void {
  for (const key of Reflect.ownKeys(holder)) freezeParts(Reflect.getOwnPropertyDescriptor(holder, key));
  if (NOT_FROZEN.has(holder)) Object.preventExtensions(holder);
  else Object.freeze(holder);
}

function freezeParts({ value, get, set }: PropertyDescriptor = {}): void {
  for (const part of [value, get, set]) if (typeof part === "function") Object.freeze(part);
}

/** A frozen data property cannot be shadowed by assignment. An accessor can: its setter defines the key on the receiver. */
function keepShadowing(prototype: object): void {
  for (const key of Reflect.ownKeys(prototype)) {
    const descriptor = Reflect.getOwnPropertyDescriptor(prototype, key);
    if (descriptor === undefined || !("value" in descriptor) || descriptor.configurable !== true) continue;
    if (NOT_SHADOWED.has(key)) continue;
    const { value, enumerable = false } = descriptor;
    freezeParts(descriptor);
    Object.defineProperty(prototype, key, {
      enumerable,
      configurable: true,
      get: () => value,
      set(this: object, shadow: unknown) {
        if (this === prototype) throw new TypeError(`Cannot change the built-in property "${String(key)}"`);
        Object.defineProperty(this, key, { value: shadow, enumerable: true, writable: true, configurable: true });
      },
    });
  }
}
