import { jsonText } from "../codec/json-text.ts";
import { StatusError } from "../status-error.ts";
import { copyJson } from "./copy-json.ts";
import type { JsonObject } from "./json-object.ts";
import { isJsonObject } from "./json-object.ts";
import type { Container, Place } from "./json-pointer.ts";
import { addAt, PointerError, placeOf, removeAt, replaceAt, valueAt } from "./json-pointer.ts";
import { sameJson } from "./same-json.ts";

/** Most operations that one patch may have; upstream's limit. */
const OPERATIONS_MAX = 10_000;
/** Most bytes that the `copy` operations of one patch may add; upstream's limit. */
const COPIED_BYTES_MAX = 3 * 1024 * 1024;
/**
 * Most items that the insertions and removals of one patch may move within their lists. 10,000 operations on lists of
 * 10,000 items stay below it; on a list of a million items they would occupy the server for seconds.
 */
const MOVED_ITEMS_MAX = 100_000_000;

/**
 * Applies a JSON patch (RFC 6902): all of its operations or none. `current` and `patch` are left alone.
 *
 * Pointers are followed along own keys alone. Messages and edge cases are those of upstream's library, evanphx/json-patch 4.
 *
 * @throws {StatusError} `BadRequest` for a value that is not a JSON patch, `RequestEntityTooLarge` for more than 10,000
 *   operations, `Invalid` for an operation that does not apply: a failed test, a missing path, too large copies.
 */
export function jsonPatch(current: JsonObject, patch: unknown): JsonObject {
  const operations = operationsOf(patch);
  const work: Work = { document: copyJson(current) as Container, copiedBytes: 0, movedItems: 0 };
  for (const operation of operations) {
    try {
      apply(work, operation);
    } catch (error) {
      throw error instanceof OperationError ? doesNotApply(error.message) : error;
    }
  }
  // A list instead of an object is for decoding to refuse.
  return work.document as JsonObject;
}

/** The document, and what the operations have cost so far. */
interface Work {
  document: Container;
  copiedBytes: number;
  movedItems: number;
}

/** One operation; `undefined` for an absent member. */
interface Operation {
  readonly op: string;
  readonly path: string | undefined;
  readonly from: string | undefined;
  readonly value: unknown;
}

/** An operation does not apply. Caught in {@link jsonPatch}; never leaves this file. */
class OperationError extends Error {
  override readonly name = "OperationError";
}

function operationsOf(patch: unknown): readonly Operation[] {
  if (patch === null) return [];
  if (!Array.isArray(patch)) throw notDecoded(patch, "Go value of type []handlers.jsonPatchOp");
  if (patch.length > OPERATIONS_MAX) {
    throw new StatusError(
      "RequestEntityTooLarge",
      `Request entity too large: The allowed maximum operations in a JSON patch is ${OPERATIONS_MAX}, got ${patch.length}`,
    );
  }
  return patch.map((operation: unknown) => {
    if (operation !== null && !isJsonObject(operation)) {
      throw notDecoded(operation, "Go value of type handlers.jsonPatchOp");
    }
    const member = (name: string) =>
      operation !== null && Object.hasOwn(operation, name) ? operation[name] : undefined;
    const text = (name: string) => {
      const value = member(name) ?? undefined;
      if (value === undefined || typeof value === "string") return value;
      throw notDecoded(value, `Go struct field jsonPatchOp.${name} of type string`);
    };
    return { op: text("op") ?? "unknown", path: text("path"), from: text("from"), value: member("value") };
  });
}

function notDecoded(value: unknown, into: string): StatusError {
  const type = Array.isArray(value) ? "array" : typeof value === "boolean" ? "bool" : typeof value;
  return new StatusError("BadRequest", `error decoding patch: json: cannot unmarshal ${type} into ${into}`);
}

/** What each operation does. */
const OPERATIONS: ReadonlyMap<string, (work: Work, operation: Operation) => void> = new Map([
  ["add", add],
  ["remove", remove],
  ["replace", replace],
  ["move", move],
  ["test", test],
  ["copy", copy],
]);

function apply(work: Work, operation: Operation): void {
  const run = OPERATIONS.get(operation.op) ?? fail(`Unexpected kind: ${operation.op}`);
  run(work, operation);
}

function add(work: Work, operation: Operation): void {
  const path = pathOf(operation, "missing value");
  const place = placeOf(work.document, path) ?? fail(missing("add", `path: "${path}"`));
  const value = copyJson(operation.value ?? null);
  countMoved(
    work,
    worded(`error in add for path: '${path}'`, () => addAt(place, value)),
  );
}

function remove(work: Work, operation: Operation): void {
  const path = pathOf(operation, "missing value");
  const place = placeOf(work.document, path) ?? fail(missing("remove", `path: "${path}"`));
  countMoved(
    work,
    worded(`error in remove for path: '${path}'`, () => removeAt(place)),
  );
}

function replace(work: Work, operation: Operation): void {
  const path = pathOf(operation);
  const value = copyJson(operation.value ?? null);
  if (path === "") {
    if (!Array.isArray(value) && !isJsonObject(value)) fail("replace operation value must be object or array");
    work.document = value as Container;
    return;
  }
  const place = placeOf(work.document, path) ?? fail(missing("replace", `path: ${path}`));
  const absent = `replace operation does not apply: doc is missing key: ${path}: missing value`;
  try {
    replaceAt(place, value);
  } catch (error) {
    throw error instanceof PointerError ? new OperationError(absent) : error;
  }
}

function move(work: Work, operation: Operation): void {
  const { place } = sourceOf(work, operation);
  const inMove = `error in move for path: '${place.key}'`;
  const value = worded(inMove, () => valueAt(place)) ?? null;
  countMoved(
    work,
    worded(inMove, () => removeAt(place)),
  );
  const path = pathOf(operation);
  const target = placeOf(work.document, path) ?? fail(missing("move", `destination path: ${path}`));
  countMoved(
    work,
    worded(`error in move for path: '${path}'`, () => addAt(target, value)),
  );
}

function test({ document }: Work, operation: Operation): void {
  const path = pathOf(operation);
  const place = path === "" ? undefined : placeOf(document, path);
  if (path !== "" && place === undefined) {
    fail(`test operation does not apply: is missing path: ${path}: missing value`);
  }
  const value =
    place === undefined ? document : (worded(`error in test for path: '${path}'`, () => valueAt(place)) ?? null);
  if (!sameJson(value, operation.value ?? null)) fail(`testing value ${path} failed: test failed`);
}

function copy(work: Work, operation: Operation): void {
  const { from, place } = sourceOf(work, operation);
  const value = worded(`error in copy for from: '${from}'`, () => valueAt(place)) ?? null;
  const path = pathOf(operation, "missing value");
  const target = placeOf(work.document, path) ?? fail(missing("copy", `destination path: ${path}`));
  const text = jsonText(value);
  // The copy of nothing costs nothing.
  work.copiedBytes += value === null ? 0 : new TextEncoder().encode(text).byteLength;
  if (work.copiedBytes > COPIED_BYTES_MAX) {
    const sizes = `the accumulated size increase of copy is ${work.copiedBytes}, exceeding the limit ${COPIED_BYTES_MAX}`;
    fail(`Unable to complete the copy, ${sizes}`);
  }
  countMoved(
    work,
    worded("error while adding value during copy", () => addAt(target, copyJson(value))),
  );
}

function sourceOf({ document }: Work, { op, from }: Operation): { readonly from: string; readonly place: Place } {
  if (from === undefined) {
    throw new OperationError(`${op} operation failed to decode from: operation, missing from field: missing value`);
  }
  return { from, place: placeOf(document, from) ?? fail(missing(op, `from path: ${from}`)) };
}

/** @param cause - Which some operations word shorter than others. */
function pathOf({ op, path }: Operation, cause = "operation missing path field: missing value"): string {
  return path ?? fail(`${op} operation failed to decode path: ${cause}`);
}

function missing(op: string, what: string): string {
  return `${op} operation does not apply: doc is missing ${what}: missing value`;
}

function worded<T>(context: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw error instanceof PointerError ? new OperationError(`${context}: ${error.message}`) : error;
  }
}

function countMoved(work: Work, items: number): void {
  work.movedItems += items;
  if (work.movedItems <= MOVED_ITEMS_MAX) return;
  throw new StatusError(
    "RequestEntityTooLarge",
    `Request entity too large: The operations of the JSON patch move more than ${MOVED_ITEMS_MAX} items of lists`,
  );
}

function fail(message: string): never {
  throw new OperationError(message);
}

/** The message is upstream's. The cause, which kubectl prints too, says which operation it was. */
function doesNotApply(problem: string): StatusError {
  return new StatusError("Invalid", "the server rejected our request due to an error in our request", {
    details: { causes: [{ reason: "UnexpectedServerResponse", message: problem, field: "patch" }] },
  });
}
