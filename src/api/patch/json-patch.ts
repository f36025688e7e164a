import type { Operation } from "rfc6902";
import { applyPatch } from "rfc6902";
import { StatusError } from "../status-error.ts";
import type { JsonObject } from "./json-object.ts";
import { isJsonObject } from "./json-object.ts";

/** The most operations that one patch may have, as upstream. */
const OPERATIONS_MAX = 10_000;

const OPERATION_NAMES: ReadonlySet<unknown> = new Set(["add", "remove", "replace", "move", "copy", "test"]);

/**
 * Applies a JSON patch (RFC 6902): all of its operations or none.
 *
 * @throws {StatusError} `BadRequest` for what is no JSON patch, `RequestEntityTooLarge` for more than 10,000 operations,
 *   `Invalid` for an operation that does not apply: a failed test, a path that is not there.
 */
export function jsonPatch(current: JsonObject, patch: unknown): JsonObject {
  const operations = operationsOf(patch);
  // The library changes what it is given.
  const result = structuredClone(current);
  for (const operation of operations) {
    const problem = applied(result, operation);
    if (problem !== undefined) throw doesNotApply(problem);
  }
  return result;
}

function operationsOf(patch: unknown): readonly Operation[] {
  if (!Array.isArray(patch)) {
    throw new StatusError("BadRequest", "json: cannot unmarshal object into Go value of type jsonpatch.Patch");
  }
  if (patch.length > OPERATIONS_MAX) {
    throw new StatusError(
      "RequestEntityTooLarge",
      `The allowed maximum operations in a JSON patch is ${OPERATIONS_MAX}, got ${patch.length}`,
    );
  }
  return patch;
}

/** What is wrong with an operation, in upstream's words; `undefined` when it was done. */
function applied(target: JsonObject, operation: unknown): string | undefined {
  if (!isJsonObject(operation) || !OPERATION_NAMES.has(operation.op)) {
    return `Unexpected kind: ${isJsonObject(operation) ? String(operation.op) : "unknown"}`;
  }
  const { op, path } = operation;
  try {
    const [error] = applyPatch(target, [operation as unknown as Operation]);
    if (error === null || error === undefined) return undefined;
    if (error.name === "TestError") return `testing value ${path} failed: test failed`;
    if (error.name === "MissingError")
      return `${op} operation does not apply: doc is missing path: "${path}": missing value`;
    return `${op} operation is not complete`;
  } catch (error) {
    // A pointer that is none: the library throws for these alone.
    return `${op} operation does not apply: ${error instanceof Error ? error.message : "invalid path"}`;
  }
}

/** The message is upstream's; the cause, which kubectl prints too, says which operation it was. */
function doesNotApply(problem: string): StatusError {
  return new StatusError("Invalid", "the server rejected our request due to an error in our request", {
    details: { causes: [{ reason: "UnexpectedServerResponse", message: problem, field: "patch" }] },
  });
}
