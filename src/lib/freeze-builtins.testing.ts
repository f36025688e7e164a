import { parentPort } from "node:worker_threads";
import { freezeBuiltins } from "./freeze-builtins.ts";

/** Follows the path through inherited properties, as a careless walker does, and sets what it ends at. */
function setAt(path: string): string {
  const keys = path.split("/");
  const last = keys.pop() ?? "";
  let target: unknown = {};
  for (const key of keys) target = Reflect.get(Object(target), key);
  try {
    (target as Record<string, unknown>)[last] = "x";
    return "set";
  } catch (error) {
    return error instanceof TypeError ? "refused" : String(error);
  }
}

/** What ordinary programs do with instances. */
function shadow(): Record<string, unknown> {
  const error = new Error("before");
  error.name = "AbortError";
  error.message = "after";
  const object: Record<string, unknown> = {};
  object.toString = () => "mine";
  Reflect.set(object, "constructor", "own");
  Reflect.set(object, "__proto__", { inherited: true });
  const make = () => {};
  make.toString = () => "function";
  return {
    error: `${error}`,
    object: `${object}`,
    keys: Object.keys(object).join(),
    inherited: object.inherited,
    make: `${make}`,
    spread: [...new Set([1, 2]), ...[3]].join(),
  };
}

// A thread has built-ins of its own: those of the test stay as they are.
freezeBuiltins();
parentPort?.on("message", (paths: readonly string[]) => {
  parentPort?.postMessage({ outcomes: paths.map((path) => setAt(path)), shadowed: shadow() });
  parentPort?.close();
});
