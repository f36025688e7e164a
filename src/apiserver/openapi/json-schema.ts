/** The part of OpenAPI's schema object that Kubernetes uses, in both of its versions. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly description?: string;
  readonly type?: string;
  readonly format?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly properties?: JsonSchemas;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly required?: readonly string[];
  readonly allOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly not?: JsonSchema;
  readonly nullable?: boolean;
  /** Kubernetes' own keywords. */
  readonly [extension: `x-${string}`]: unknown;
}

/** Schemas by the name of their type or field. */
export type JsonSchemas = Readonly<Record<string, JsonSchema>>;

/** How one schema names another. */
export type RefPrefix = "#/components/schemas/" | "#/definitions/";
