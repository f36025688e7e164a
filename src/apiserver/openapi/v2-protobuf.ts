import type { JsonSchema } from "./json-schema.ts";
import type { Piece } from "./proto-writer.ts";
import { boolField, message, messageField, textField } from "./proto-writer.ts";
import type { OpenApiV2, OperationV2, ParameterV2, PathItemV2 } from "./v2.ts";

/** The OpenAPI 2 document in gnostic's protobuf form, the only one that kubectl before 1.24 asks for. */
export function encodeOpenApiV2({ swagger, info, paths, definitions }: OpenApiV2): Uint8Array {
  const { title, version } = info;
  return message(
    textField(1, swagger),
    messageField(2, textField(1, title), textField(2, version)),
    messageField(8, ...Object.entries(paths).map(([path, item]) => named(2, path, pathItem(item)))),
    messageField(9, ...namedSchemas(definitions)),
  );
}

const METHOD_NUMBERS: Readonly<Record<string, number>> = {
  get: 2,
  put: 3,
  post: 4,
  delete: 5,
  options: 6,
  head: 7,
  patch: 8,
};

type Fields = readonly (readonly Piece[])[];

/** A name and a value: how gnostic writes what is an object with free keys in JSON. */
function named(number: number, name: string, value: Fields): readonly Piece[] {
  return messageField(number, textField(1, name), messageField(2, ...value));
}

function pathItem({ parameters = [], operations }: PathItemV2): Fields {
  return [
    ...Object.entries(operations).map(([method, op]) => messageField(METHOD_NUMBERS[method] ?? 0, ...operation(op))),
    ...parameters.map((parameter) => parameterItem(9, parameter)),
  ];
}

function operation(op: OperationV2): Fields {
  return [
    ...op.tags.map((tag) => textField(1, tag)),
    textField(3, op.description),
    textField(5, op.operationId),
    ...op.produces.map((type) => textField(6, type)),
    ...op.consumes.map((type) => textField(7, type)),
    ...op.parameters.map((parameter) => parameterItem(8, parameter)),
    messageField(9, ...Object.entries(op.responses).map(([code, response]) => responseField(code, response))),
    ...Object.entries(op.extensions).map(([name, value]) => extension(13, name, value)),
  ];
}

/** ResponseValue and SchemaItem are unions: their first member is used. */
function responseField(code: string, { description, schema }: OperationV2["responses"][string]): readonly Piece[] {
  const content = schema === undefined ? [] : messageField(2, messageField(1, ...schemaFields(schema)));
  return named(1, code, [messageField(1, textField(1, description), content)]);
}

/** ParametersItem → Parameter → BodyParameter, or NonBodyParameter → one message per place. */
function parameterItem(number: number, parameter: ParameterV2): readonly Piece[] {
  return messageField(number, messageField(1, parameterField(parameter)));
}

function parameterField(parameter: ParameterV2): readonly Piece[] {
  const { name, required } = parameter;
  if (parameter.in === "body") {
    const schema = messageField(5, ...schemaFields(parameter.schema));
    return messageField(1, textField(2, name), textField(3, "body"), boolField(4, required), schema);
  }
  const common = [boolField(1, required), textField(2, parameter.in), textField(3, parameter.description)];
  const { type } = parameter;
  return parameter.in === "query"
    ? messageField(2, messageField(3, ...common, textField(4, name), textField(6, type)))
    : messageField(2, messageField(4, ...common, textField(4, name), textField(5, type)));
}

function namedSchemas(schemas: Readonly<Record<string, JsonSchema>>): Fields {
  return Object.entries(schemas).map(([name, schema]) => named(1, name, schemaFields(schema)));
}

function schemaFields(schema: JsonSchema): Fields {
  const { additionalProperties, items, properties, type } = schema;
  return [
    textField(1, schema.$ref),
    textField(2, schema.format),
    textField(4, schema.description),
    schema.default === undefined ? [] : messageField(5, textField(2, JSON.stringify(schema.default))),
    ...(schema.required ?? []).map((name) => textField(19, name)),
    ...(schema.enum ?? []).map((value) => messageField(20, textField(2, JSON.stringify(value)))),
    additionalField(additionalProperties),
    type === undefined ? [] : messageField(22, textField(1, type)),
    items === undefined ? [] : messageField(23, messageField(1, ...schemaFields(items))),
    properties === undefined ? [] : messageField(25, ...namedSchemas(properties)),
    ...Object.entries(schema)
      .filter(([name]) => name.startsWith("x-"))
      .map(([name, value]) => extension(31, name, value)),
  ];
}

/** A schema of further fields, or whether there may be some. */
function additionalField(additional: JsonSchema["additionalProperties"]): readonly Piece[] {
  if (additional === undefined) return [];
  if (typeof additional === "boolean") return messageField(21, boolField(2, additional));
  return messageField(21, messageField(1, ...schemaFields(additional)));
}

/** The value of an extension is YAML text; JSON is YAML. */
function extension(number: number, name: string, value: unknown): readonly Piece[] {
  return named(number, name, [textField(2, JSON.stringify(value))]);
}
