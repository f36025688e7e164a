import type { JsonSchema } from "@fairlead/api/structural/json-schema";

type Properties = Readonly<Record<string, JsonSchema>>;

export const text = (description: string): JsonSchema => ({ type: "string", description });
export const flag = (description: string): JsonSchema => ({ type: "boolean", description });
export const integer = (description: string, rest: JsonSchema = {}): JsonSchema => ({
  ...{ type: "integer", description },
  ...rest,
});
export const listOf = (items: JsonSchema, description: string): JsonSchema => ({
  ...{ type: "array", items, description },
});
export const object = (description: string, properties: Properties, required: readonly string[] = []): JsonSchema => ({
  ...{ type: "object", description, properties },
  ...(required.length > 0 && { required: [...required] }),
});

/** Conditions on labels, as everywhere in Kubernetes. */
export const labelSelector = (description: string): JsonSchema => ({
  ...object(description, {
    matchLabels: {
      type: "object",
      additionalProperties: { type: "string" },
      description: "Labels that must have these values.",
    },
    matchExpressions: listOf(
      object(
        "One condition on labels.",
        {
          key: text("Label in question."),
          operator: text("In, NotIn, Exists or DoesNotExist."),
          values: listOf({ type: "string" }, "What to compare with, for In and NotIn."),
        },
        ["key", "operator"],
      ),
      "Further conditions.",
    ),
  }),
  "x-kubernetes-map-type": "atomic",
});

export const labelSelectors = (description: string): JsonSchema =>
  listOf(labelSelector("Conditions on labels that must all hold. Empty selects everything."), description);

/** A text that is written once. */
export function immutable(description: string): JsonSchema {
  const rule = { rule: "self == oldSelf", message: "Value is immutable" };
  return { ...text(description), "x-kubernetes-validations": [rule] };
}
