/**
 * The schema of a version of a custom resource: `JSONSchemaProps` of apiextensions.k8s.io/v1, as far as it says something about
 * values.
 *
 * Source: https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema
 */
export interface JsonSchema extends ValueRules {
  /** `object`, `array`, `number`, `integer`, `boolean` or `string`. Absent where any type fits. */
  readonly type?: string | undefined;
  readonly description?: string | undefined;
  readonly title?: string | undefined;
  /** The value of a field that is missing, or null where the field is not {@link nullable}. */
  readonly default?: unknown;
  readonly nullable?: boolean | undefined;
  readonly properties?: Readonly<Record<string, JsonSchema>> | undefined;
  /** What other fields may be; false: there are none. */
  readonly additionalProperties?: JsonSchema | boolean | undefined;
  readonly items?: JsonSchema | undefined;
  readonly "x-kubernetes-preserve-unknown-fields"?: boolean | undefined;
  readonly "x-kubernetes-embedded-resource"?: boolean | undefined;
  readonly "x-kubernetes-int-or-string"?: boolean | undefined;
  readonly "x-kubernetes-list-type"?: string | undefined;
  readonly "x-kubernetes-list-map-keys"?: readonly string[] | undefined;
  readonly "x-kubernetes-map-type"?: string | undefined;
  readonly "x-kubernetes-validations"?: readonly ValidationRule[] | undefined;
}

/** What a schema demands of values, without shaping them. */
export interface ValueRules {
  readonly format?: string | undefined;
  readonly maximum?: number | undefined;
  readonly exclusiveMaximum?: boolean | undefined;
  readonly minimum?: number | undefined;
  readonly exclusiveMinimum?: boolean | undefined;
  readonly maxLength?: number | undefined;
  readonly minLength?: number | undefined;
  /** A regular expression of RE2, which need not match the whole string. */
  readonly pattern?: string | undefined;
  readonly maxItems?: number | undefined;
  readonly minItems?: number | undefined;
  readonly uniqueItems?: boolean | undefined;
  readonly multipleOf?: number | undefined;
  readonly enum?: readonly unknown[] | undefined;
  readonly maxProperties?: number | undefined;
  readonly minProperties?: number | undefined;
  readonly required?: readonly string[] | undefined;
  readonly allOf?: readonly JsonSchema[] | undefined;
  readonly oneOf?: readonly JsonSchema[] | undefined;
  readonly anyOf?: readonly JsonSchema[] | undefined;
  readonly not?: JsonSchema | undefined;
}

/** One rule in the Common Expression Language. */
export interface ValidationRule {
  readonly rule: string;
  readonly message?: string | undefined;
  readonly messageExpression?: string | undefined;
  readonly reason?: string | undefined;
  readonly fieldPath?: string | undefined;
  readonly optionalOldSelf?: boolean | undefined;
}

/** The fields of an object of the API that a schema says nothing about, at its root and in embedded resources. */
export const OBJECT_FIELDS: ReadonlySet<string> = new Set(["apiVersion", "kind", "metadata"]);
