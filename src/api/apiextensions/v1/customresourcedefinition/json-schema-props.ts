import type { Either, Field, Scalar } from "../../../schema.ts";
import { field, list, map, struct, t } from "../../../schema.ts";
import { PACKAGE } from "./package.ts";

const jsonSchema: Scalar<unknown> = {
  type: "json",
  named: { name: `${PACKAGE}.JSON`, description: "Any JSON value." },
};

const externalDocumentationSchema = struct(`${PACKAGE}.ExternalDocumentation`, "Documentation that is elsewhere.", {
  description: field(1, t.string, "What it is about."),
  url: field(2, t.string, "Where it is."),
});

const validationRuleSchema = struct(`${PACKAGE}.ValidationRule`, "A rule in the Common Expression Language.", {
  rule: field(1, t.string, "Expression that is true of a valid value, which it calls self.", { required: true }),
  message: field(2, t.string, "What is said of a value that breaks the rule."),
  messageExpression: field(3, t.string, "Expression of what is said of a value that breaks the rule."),
  reason: field(4, t.string, "Reason in the cause of the refusal.", { keepEmpty: true }),
  fieldPath: field(5, t.string, "Path, from the value, of the field that is to blame."),
  optionalOldSelf: field(6, t.bool, "Whether oldSelf is optional, so that the rule holds of new values too.", {
    keepEmpty: true,
  }),
});

/** A schema contains schemas: its fields are completed when there is one to refer to. */
const fields: Record<string, Field> = {};

/** The schema of `JSONSchemaProps`: how a CustomResourceDefinition describes its objects. */
export const jsonSchemaPropsSchema = struct(
  `${PACKAGE}.JSONSchemaProps`,
  "A JSON Schema, as far as structural schemas use it.",
  fields,
);

function either(name: string, description: string, shapes: Either): Scalar<unknown> {
  return { type: "json", named: { name: `${PACKAGE}.${name}`, description }, either: shapes };
}

const schemaOrBool = either("JSONSchemaPropsOrBool", "A schema, or whether any value is allowed.", {
  object: { number: 2, schema: jsonSchemaPropsSchema },
  other: { number: 1, schema: t.bool },
  refusal: "boolean or JSON schema expected",
});
const schemaOrArray = either("JSONSchemaPropsOrArray", "A schema, or one for each item.", {
  object: { number: 1, schema: jsonSchemaPropsSchema },
  other: { number: 2, schema: list(jsonSchemaPropsSchema) },
});
const schemaOrNames = either("JSONSchemaPropsOrStringArray", "A schema, or names of fields.", {
  object: { number: 1, schema: jsonSchemaPropsSchema },
  other: { number: 2, schema: list(t.string) },
});

const pointer = { keepEmpty: true } as const;
const schemas = list(jsonSchemaPropsSchema);
const schemasByName = map(jsonSchemaPropsSchema);

Object.assign(fields, {
  id: field(1, t.string, "Identifier of the schema."),
  $schema: field(2, t.string, "Dialect of the schema."),
  $ref: field(3, t.string, "Another schema, which structural schemas cannot name.", pointer),
  description: field(4, t.string, "What the value means."),
  type: field(5, t.string, "JSON type of the value."),
  format: field(6, t.string, "Format of the value: date-time, ipv4, ..."),
  title: field(7, t.string, "Name of the schema."),
  default: field(8, jsonSchema, "Value of a field that is missing."),
  maximum: field(9, t.double, "Largest number.", pointer),
  exclusiveMaximum: field(10, t.bool, "Whether the number has to be smaller than maximum."),
  minimum: field(11, t.double, "Smallest number.", pointer),
  exclusiveMinimum: field(12, t.bool, "Whether the number has to be larger than minimum."),
  maxLength: field(13, t.int64, "Most characters of a string.", pointer),
  minLength: field(14, t.int64, "Fewest characters of a string.", pointer),
  pattern: field(15, t.string, "Regular expression that matches somewhere in the string."),
  maxItems: field(16, t.int64, "Most items of a list.", pointer),
  minItems: field(17, t.int64, "Fewest items of a list.", pointer),
  uniqueItems: field(18, t.bool, "Whether no two items of a list may be equal."),
  multipleOf: field(19, t.double, "The number is a multiple of this one.", pointer),
  enum: field(20, list(jsonSchema), "The values that are allowed."),
  maxProperties: field(21, t.int64, "Most fields of an object.", pointer),
  minProperties: field(22, t.int64, "Fewest fields of an object.", pointer),
  required: field(23, list(t.string), "Fields that have to be there."),
  items: field(24, schemaOrArray, "Schema of the items of a list."),
  allOf: field(25, schemas, "All of these fit."),
  oneOf: field(26, schemas, "Exactly one of these fits."),
  anyOf: field(27, schemas, "At least one of these fits."),
  not: field(28, jsonSchemaPropsSchema, "This does not fit."),
  properties: field(29, schemasByName, "Schemas of the fields of an object."),
  additionalProperties: field(30, schemaOrBool, "Schema of fields that are not in properties."),
  patternProperties: field(31, schemasByName, "Schemas of fields whose names match; structural schemas have none."),
  dependencies: field(32, map(schemaOrNames), "What the presence of a field demands; structural schemas have none."),
  additionalItems: field(33, schemaOrBool, "Schema of further items; structural schemas have none."),
  definitions: field(34, schemasByName, "Schemas to refer to; structural schemas have none."),
  externalDocs: field(35, externalDocumentationSchema, "Documentation that is elsewhere."),
  example: field(36, jsonSchema, "A value as an example."),
  nullable: field(37, t.bool, "Whether the value may be null."),
  "x-kubernetes-preserve-unknown-fields": field(
    38,
    t.bool,
    "Whether fields that the schema does not know stay.",
    pointer,
  ),
  "x-kubernetes-embedded-resource": field(
    39,
    t.bool,
    "Whether the value is an object with apiVersion, kind and metadata.",
  ),
  "x-kubernetes-int-or-string": field(40, t.bool, "Whether the value is an integer or a string."),
  "x-kubernetes-list-map-keys": field(41, list(t.string), "Fields that identify an item of a list of type map."),
  "x-kubernetes-list-type": field(42, t.string, "How a list is merged: atomic, set or map.", pointer),
  "x-kubernetes-map-type": field(43, t.string, "How an object is merged: granular or atomic.", pointer),
  "x-kubernetes-validations": field(
    44,
    list(validationRuleSchema, { listType: "map", mapKeys: ["rule"], mergeKey: "rule", patchStrategy: "merge" }),
    "Rules in the Common Expression Language.",
  ),
});
