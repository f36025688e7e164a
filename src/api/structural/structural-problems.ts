import type { FieldError } from "../field-error.ts";
import { forbidden, invalid, required } from "../field-error.ts";
import { ownValue } from "../own-property.ts";
import type { JsonSchema } from "./json-schema.ts";

/**
 * Returns why a pattern is no regular expression of RE2: `missing closing ): ...`.
 *
 * @returns `undefined` for one that is.
 */
export type PatternProblem = (pattern: string) => string | undefined;

/**
 * Returns why a schema is not structural: every value has a type, and what stands below `allOf`, `anyOf`, `oneOf` and `not`
 * restricts values without shaping them. In upstream's words, sorted by them.
 *
 * Source: upstream's pkg/apiserver/schema/validation.go and complete.go.
 */
export function structuralProblems(
  schema: JsonSchema,
  path: string,
  patternProblem: PatternProblem,
): readonly FieldError[] {
  const problems = [
    ...shapeProblems(schema, { level: "root", path, patternProblem }),
    ...unshaped(schema, schema, path, path),
  ];
  const text = (problem: FieldError) => `${problem.path}: ${problem.message}`;
  return problems.sort((a, b) => (text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0));
}

interface Place {
  readonly level: "root" | "item" | "field";
  readonly path: string;
  readonly patternProblem: PatternProblem;
}

/** The one use of `type` below `anyOf`, at the schema itself or as the first part of `allOf`. */
function isIntegerOrString(anyOf: readonly JsonSchema[] = []): boolean {
  const [first, second] = anyOf;
  const saysOnlyType = ({ type: _, ...rest }: JsonSchema) => !Object.values(rest).some(isSet);
  return first?.type === "integer" && second?.type === "string" && anyOf.length === 2 && anyOf.every(saysOnlyType);
}

/** Whether a schema says something by a value: no zero value of Go does. */
function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "" && value !== false && !isEmptyList(value);
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function shapeProblems(schema: JsonSchema, place: Place): readonly FieldError[] {
  const { items, properties = {}, additionalProperties } = schema;
  const { level, path } = place;
  const isEmbedded = schema["x-kubernetes-embedded-resource"] === true;
  return [
    ...(schema.type === "array" && items === undefined ? [required(`${path}.items`, "must be specified")] : []),
    ...(items === undefined ? [] : shapeProblems(items, { ...place, level: "item", path: `${path}.items` })),
    ...Object.entries(properties).flatMap(([name, property]) =>
      shapeProblems(property, { ...place, level: "field", path: `${path}.properties[${name}]` }),
    ),
    ...(additionalProperties !== undefined && level === "root"
      ? [forbidden(`${path}.additionalProperties`, "must not be used at the root")]
      : []),
    ...(typeof additionalProperties === "object"
      ? shapeProblems(additionalProperties, { ...place, level: "field", path: `${path}.additionalProperties` })
      : []),
    ...extensionProblems(schema, path),
    ...valueRuleProblems(schema, place, {
      skipsAnyOf: isIntegerOrString(schema.anyOf),
      skipsFirstOfAllOf: isIntegerOrString(schema.allOf?.[0]?.anyOf),
    }),
    ...typeProblems(schema, place),
    ...(isEmbedded && additionalProperties !== undefined
      ? [forbidden(`${path}.additionalProperties`, "must not be used if x-kubernetes-embedded-resource is set")]
      : []),
    ...(level === "root" || isEmbedded ? objectProblems(schema, place) : []),
    ...(isEmbedded && schema["x-kubernetes-preserve-unknown-fields"] !== true && Object.keys(properties).length === 0
      ? [
          required(
            `${path}.properties`,
            "must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields",
          ),
        ]
      : []),
  ];
}

function extensionProblems(schema: JsonSchema, path: string): readonly FieldError[] {
  if (schema["x-kubernetes-int-or-string"] !== true) return [];
  return (["x-kubernetes-preserve-unknown-fields", "x-kubernetes-embedded-resource"] as const)
    .filter((name) => schema[name] === true)
    .map((name) => invalid(`${path}.${name}`, true, "must be false if x-kubernetes-int-or-string is true"));
}

const UNTYPED: Readonly<Record<Place["level"], string>> = {
  root: "must not be empty at the root",
  item: "must not be empty for specified array items",
  field: "must not be empty for specified object fields",
};

function typeProblems(schema: JsonSchema, { level, path: at }: Place): readonly FieldError[] {
  const { type = "" } = schema;
  const path = `${at}.type`;
  const problems: FieldError[] = [];
  if (schema["x-kubernetes-embedded-resource"] === true && type !== "object") {
    const detail = "must be object if x-kubernetes-embedded-resource is true";
    problems.push(type === "" ? required(path, detail) : invalid(path, type, detail));
  } else if (
    type === "" &&
    schema["x-kubernetes-int-or-string"] !== true &&
    schema["x-kubernetes-preserve-unknown-fields"] !== true
  ) {
    problems.push(required(path, UNTYPED[level]));
  }
  if (level === "root" && type !== "" && type !== "object") {
    problems.push(invalid(path, type, "must be object at the root"));
  }
  return problems;
}

/** What an object of the API may specify of the fields that every one has. */
function objectProblems({ properties }: JsonSchema, { level, path }: Place): readonly FieldError[] {
  const below = `${path}.properties`;
  const text = (name: string): readonly FieldError[] => {
    const property = ownValue(properties, name);
    if (property === undefined || property.type === "string") return [];
    return [invalid(`${below}[${name}].type`, property.type ?? "", "must be string")];
  };
  const metadata = ownValue(properties, "metadata");
  const at = `${below}[metadata]`;
  return [
    ...text("kind"),
    ...text("apiVersion"),
    ...(metadata !== undefined && metadata.type !== "object"
      ? [invalid(`${at}.type`, metadata.type ?? "", "must be object")]
      : []),
    ...(metadata !== undefined && level === "root" && !saysOnlyNames(metadata)
      ? [
          forbidden(
            at,
            "must not specify anything other than name and generateName, but metadata is implicitly specified",
          ),
        ]
      : []),
  ];
}

function saysOnlyNames({ properties = {}, type: _, default: __, ...rest }: JsonSchema): boolean {
  const names = Object.keys(properties);
  return names.every((name) => name === "name" || name === "generateName") && !Object.values(rest).some(isSet);
}

interface Skipped {
  readonly skipsAnyOf: boolean;
  readonly skipsFirstOfAllOf: boolean;
}

const NOTHING_SKIPPED: Skipped = { skipsAnyOf: false, skipsFirstOfAllOf: false };

function valueRuleProblems(schema: JsonSchema, place: Place, skipped: Skipped): readonly FieldError[] {
  const { anyOf = [], allOf = [], oneOf = [], not, pattern = "" } = schema;
  const { path } = place;
  const below = (alternative: JsonSchema, at: string, skips = NOTHING_SKIPPED) =>
    restrictionProblems(alternative, { ...place, path: `${path}.${at}` }, skips);
  const wrong = pattern === "" ? undefined : place.patternProblem(pattern);
  return [
    ...(skipped.skipsAnyOf ? [] : anyOf.flatMap((one, index) => below(one, `anyOf[${index}]`))),
    ...allOf.flatMap((one, index) => {
      const skipsAnyOf = skipped.skipsFirstOfAllOf && index === 0;
      return below(one, `allOf[${index}]`, { ...NOTHING_SKIPPED, skipsAnyOf });
    }),
    ...oneOf.flatMap((one, index) => below(one, `oneOf[${index}]`)),
    ...(not === undefined ? [] : below(not, "not")),
    ...(wrong === undefined
      ? []
      : [invalid(`${path}.pattern`, pattern, `must be a valid regular expression, but isn't: ${wrong}`)]),
  ];
}

/** What may not stand below a junction of schemas, and what upstream says of each. */
const SHAPING: readonly (readonly [name: keyof JsonSchema, detail: string])[] = [
  ["type", "must be empty to be structural"],
  ["additionalProperties", "must be undefined to be structural"],
  ["default", "must be undefined to be structural"],
  ["title", "must be empty to be structural"],
  ["description", "must be empty to be structural"],
  ["nullable", "must be false to be structural"],
  ["x-kubernetes-preserve-unknown-fields", "must be false to be structural"],
  ["x-kubernetes-embedded-resource", "must be false to be structural"],
  ["x-kubernetes-int-or-string", "must be false to be structural"],
  ["x-kubernetes-list-map-keys", "must be empty to be structural"],
  ["x-kubernetes-list-type", "must be undefined to be structural"],
  ["x-kubernetes-map-type", "must be undefined to be structural"],
  ["x-kubernetes-validations", "must be empty to be structural"],
];

/** Why a schema below a junction shapes values. */
function restrictionProblems(schema: JsonSchema, place: Place, skipped: Skipped): readonly FieldError[] {
  const { items, properties = {} } = schema;
  const { path } = place;
  const shapes = (name: keyof JsonSchema) =>
    name === "additionalProperties" || name.endsWith("-type") ? schema[name] !== undefined : isSet(schema[name]);
  return [
    ...valueRuleProblems(schema, place, skipped),
    ...(items === undefined ? [] : restrictionProblems(items, { ...place, path: `${path}.items` }, NOTHING_SKIPPED)),
    ...Object.entries(properties).flatMap(([name, property]) =>
      restrictionProblems(property, { ...place, path: `${path}.properties[${name}]` }, NOTHING_SKIPPED),
    ),
    ...SHAPING.filter(([name]) => (name === "default" ? (schema.default ?? null) !== null : shapes(name))).map(
      ([name, detail]) => forbidden(`${path}.${name}`, detail),
    ),
    ...(Object.hasOwn(properties, "metadata")
      ? [forbidden(`${path}.properties[metadata]`, "must not be specified in a nested context")]
      : []),
  ];
}

/** What is restricted below a junction, and not specified outside of it. */
function unshaped(
  rules: JsonSchema,
  shape: JsonSchema | undefined,
  shapePath: string,
  path: string,
): readonly FieldError[] {
  if (shape === undefined) return [required(shapePath, `because it is defined in ${path}`)];
  const { not, allOf = [], anyOf = [], oneOf = [] } = rules;
  const below = (one: JsonSchema, at: string) => unshapedBelow(one, shape, shapePath, `${path}.${at}`);
  return [
    ...(not === undefined ? [] : below(not, "not")),
    ...allOf.flatMap((one, index) => below(one, `allOf[${index}]`)),
    ...anyOf.flatMap((one, index) => below(one, `anyOf[${index}]`)),
    ...oneOf.flatMap((one, index) => below(one, `oneOf[${index}]`)),
  ];
}

function unshapedBelow(
  rules: JsonSchema,
  shape: JsonSchema | undefined,
  shapePath: string,
  path: string,
): readonly FieldError[] {
  if (shape === undefined) return [required(shapePath, `because it is defined in ${path}`)];
  const { items, properties = {} } = rules;
  return [
    ...unshaped(rules, shape, shapePath, path),
    ...(items === undefined ? [] : unshapedBelow(items, shape.items, `${shapePath}.items`, `${path}.items`)),
    ...Object.entries(properties).flatMap(([name, property]) => {
      const at = `properties[${name}]`;
      return unshapedBelow(property, ownValue(shape.properties, name), `${shapePath}.${at}`, `${path}.${at}`);
    }),
  ];
}
