/** Built-ins whose own properties, and those of their prototypes, are frozen. */
const CONSTRUCTORS: readonly { readonly prototype: object }[] = [
  Object,
  Function,
  Array,
  String,
  Number,
  Boolean,
  Symbol,
  BigInt,
  RegExp,
  Date,
  Map,
  Set,
  WeakMap,
  WeakSet,
  Promise,
  Error,
  TypeError,
  RangeError,
  SyntaxError,
];

/** Prototypes that programs shadow by assignment, as in `error.name = "AbortError"`. */
const SHADOWED: readonly object[] = [Object.prototype, Function.prototype, Error.prototype, Promise.prototype];

/** Read so often, and shadowed so seldom, that they stay data properties. */
const NOT_SHADOWED: ReadonlySet<PropertyKey> = new Set(["call", "apply", "bind"]);

/**
 * Makes the built-ins of this process unchangeable, and `__proto__` an ordinary key.
 *
 * A second line of defence: code that follows a client's path into an inherited property fails, instead of changing what
 * all later requests see. Call it once, after all modules have been loaded: some packages extend the built-ins.
 */
export function freezeBuiltins(): void {
  Reflect.deleteProperty(Object.prototype, "__proto__");
  for (const prototype of SHADOWED) keepShadowing(prototype);
  for (const builtin of CONSTRUCTORS) {
    for (const holder of [builtin, builtin.prototype]) {
      for (const key of Reflect.ownKeys(holder)) freezeParts(Reflect.getOwnPropertyDescriptor(holder, key));
      Object.freeze(holder);
    }
  }
  for (const namespace of [JSON, Math, Reflect]) {
    for (const key of Reflect.ownKeys(namespace)) freezeParts(Reflect.getOwnPropertyDescriptor(namespace, key));
    Object.freeze(namespace);
  }
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
