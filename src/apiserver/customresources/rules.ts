import type { FieldError, FieldErrorReason } from "@fairlead/api/field-error";
import type { KubeObject } from "@fairlead/api/resource-reference";
import type { JsonSchema } from "@fairlead/api/structural/json-schema";
import { checkRules } from "@fairlead/api/structural/rules/check-rules";
import { compileRules } from "@fairlead/api/structural/rules/compile-rules";
import { NO_PATH } from "@fairlead/api/structural/validate-value";

/** The rules of a schema, in the Common Expression Language, applied to objects. */
export interface ObjectRules {
  /**
   * Returns what the rules say about an object.
   *
   * @param found - What is wrong with it by its schema. Rules are not evaluated for a value that they could not read.
   */
  problems(object: KubeObject, previous: KubeObject | undefined, found: readonly FieldError[]): readonly FieldError[];
  /** Returns what was accepted when the object was checked because it was wrong before. */
  warnings(object: KubeObject): readonly string[];
}

const BLOCKING: ReadonlySet<FieldErrorReason> = new Set<FieldErrorReason>([
  "FieldValueNotSupported",
  "FieldValueRequired",
  "FieldValueTooLong",
  "FieldValueTooMany",
  "FieldValueTypeInvalid",
]);

const NOT_CHECKED: FieldError = {
  path: NO_PATH,
  reason: "FieldValueInvalid",
  message:
    "Invalid value: null: some validation rules were not checked because the object was invalid; " +
    "correct the existing errors to complete validation",
};

/** Returns the rules of a schema. They are compiled when the first object comes. */
export function objectRules(schema: JsonSchema): ObjectRules {
  let compiled: { readonly node: ReturnType<typeof compileRules> } | undefined;
  const accepted = new WeakMap<KubeObject, readonly string[]>();
  return {
    problems(object, previous, found) {
      compiled ??= { node: compileRules(schema, true) };
      const { node } = compiled;
      if (node === undefined) return [];
      if (found.some(({ reason }) => BLOCKING.has(reason))) return [NOT_CHECKED];
      const { errors, warnings } = checkRules(node, { value: object, previous, ratchets: previous !== undefined });
      if (warnings.length > 0)
        accepted.set(
          object,
          warnings.map(({ path, message }) => `${path}: ${message}`),
        );
      return errors;
    },
    warnings: (object) => accepted.get(object) ?? [],
  };
}
