import { parentPort, workerData } from "node:worker_threads";
import { leastMicroseconds } from "./cost-ratio.testing.ts";
import { freezeBuiltins } from "./freeze-builtins.ts";

/** Follows the path through inherited properties, as a careless walker does, and sets what it ends at. */
function setAt(path: string): string {
  const keys = path.split("/");
  const last = keys.pop() ?? "";
  let target: unknown = { list: [] };
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

/** Work that V8 has fast paths for. It gives them up for a whole process, whichever built-in was changed in a way it dislikes. */
const FAST: Readonly<Record<string, () => unknown>> = {
  "elements added": () => Array.from({ length: 1_000 }, (_, i) => addTwo(i)),
  "elements read": () => [1, 2, 3].map((x) => x + 1).filter((x) => x > 2),
  replace: () => "abcabc".replace(/b/g, "x"),
  "a new map": () => new Map([["a", 1]]),
};

function addTwo(value: number): readonly number[] {
  const list: number[] = [];
  list[0] = value;
  list[1] = value;
  return list;
}

function microseconds(): Record<string, number> {
  return Object.fromEntries(Object.entries(FAST).map(([name, work]) => [name, leastMicroseconds(work)]));
}

// A thread has built-ins of its own: those of the test stay unchanged.
if (workerData.freeze) freezeBuiltins();
parentPort?.on("message", ({ paths }: { readonly paths?: readonly string[] }) => {
  const answer = paths === undefined ? microseconds() : { outcomes: paths.map(setAt), shadowed: shadow() };
  parentPort?.postMessage(answer);
  parentPort?.close();
});
