import { deepEqual } from "../../../deep-equal.ts";
import type { FieldError } from "../../../field-error.ts";
import { duplicate, invalid, required, tooMany } from "../../../field-error.ts";
import { byteLength } from "../../../names.ts";
import { fieldAt } from "../../../structural/field-at.ts";
import type {
  CustomResourceColumnDefinition,
  CustomResourceDefinitionVersion,
  CustomResourceSubresources,
} from "./customresourcedefinition-schema.ts";
import { schemaOfVersion } from "./customresourcedefinition-schema.ts";
import { isStructurallyWritten } from "./declared-json-schema.ts";

const COLUMN_TYPES = "boolean,date,integer,number,string";
const COLUMN_FORMATS = "byte,date,date-time,double,float,int32,int64,password";
const DEPRECATION_WARNING_MAX = 256;
const SELECTABLE_FIELDS_MAX = 8;

/** Returns what is wrong with the warning of a deprecated version. */
export function deprecationProblems(
  { deprecated, deprecationWarning }: CustomResourceDefinitionVersion,
  path: string,
): readonly FieldError[] {
  if (deprecationWarning === undefined) return [];
  const refuse = (detail: string) => invalid(`${path}.deprecationWarning`, deprecationWarning, detail);
  if (deprecated !== true) return [refuse("can only be set for deprecated versions")];
  const unprintable = /[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.exec(deprecationWarning);
  const at = byteLength(deprecationWarning.slice(0, unprintable?.index ?? 0));
  return [
    ...(byteLength(deprecationWarning) > DEPRECATION_WARNING_MAX ? [refuse("must be <= 256 characters long")] : []),
    ...(deprecationWarning === "" ? [refuse("must not be an empty string")] : []),
    ...(unprintable === null
      ? []
      : [refuse(`must only contain printable UTF-8 characters; non-printable character found at index ${at}`)]),
  ];
}

/** Returns what is wrong with the paths of the number of replicas. */
export function subresourceProblems(
  subresources: CustomResourceSubresources | undefined,
  at: string,
): readonly FieldError[] {
  const { scale } = subresources ?? {};
  if (scale === undefined) return [];
  const path = `${at}.scale`;
  const below = (name: string, value: string, parents: readonly string[], text: string) => {
    const simple = simplePathProblems(value, `${path}.${name}`);
    if (simple.length > 0) return simple;
    if (parents.some((parent) => value.startsWith(`${parent}.`))) return [];
    return [invalid(`${path}.${name}`, value, `should be a json path under ${text}`)];
  };
  const needed = (name: "specReplicasPath" | "statusReplicasPath", parent: string) =>
    scale[name] === "" ? [required(`${path}.${name}`)] : below(name, scale[name], [parent], parent);
  const { labelSelectorPath = "" } = scale;
  return [
    ...needed("specReplicasPath", ".spec"),
    ...needed("statusReplicasPath", ".status"),
    ...(labelSelectorPath === ""
      ? []
      : below("labelSelectorPath", labelSelectorPath, [".spec", ".status"], "either .spec or .status")),
  ];
}

/** A path that is not empty and begins with a dot. */
function simplePathProblems(text: string, path: string): readonly FieldError[] {
  return text.startsWith(".") ? [] : [invalid(path, text, "must be a simple json path starting with .")];
}

/** Returns what is wrong with the columns that are printed. */
export function columnProblems(columns: readonly CustomResourceColumnDefinition[], at: string): readonly FieldError[] {
  return columns.flatMap(({ name, type, format = "", jsonPath }, index) => {
    const path = `${at}[${index}]`;
    const types = `must be one of ${COLUMN_TYPES}`;
    const typeProblem = type === "" ? required(`${path}.type`, types) : invalid(`${path}.type`, type, types);
    return [
      ...(name === "" ? [required(`${path}.name`)] : []),
      ...(COLUMN_TYPES.split(",").includes(type) ? [] : [typeProblem]),
      ...(format === "" || COLUMN_FORMATS.split(",").includes(format)
        ? []
        : [invalid(`${path}.format`, format, `must be one of ${COLUMN_FORMATS}`)]),
      ...(jsonPath === "" ? [required(`${path}.JSONPath`)] : simplePathProblems(jsonPath, `${path}.JSONPath`)),
    ];
  });
}

/** Returns what is wrong with the fields that selectors may name. */
export function selectableFieldProblems(
  version: CustomResourceDefinitionVersion,
  path: string,
  previous: CustomResourceDefinitionVersion | undefined,
): readonly FieldError[] {
  const { selectableFields = [] } = version;
  const schema = schemaOfVersion(version);
  if (selectableFields.length === 0) return [];
  if (schema === undefined) {
    return [invalid(path, "", "may only be set when `version.schema.openAPIV3Schema` is not included")];
  }
  if (!isStructurallyWritten(schema)) return [];
  const seen = new Set<string>();
  const problems = selectableFields.flatMap(({ jsonPath }, index) => {
    const at = `${path}[${index}].jsonPath`;
    if (jsonPath === "") return [required(at)];
    const field = fieldAt(schema, jsonPath, false);
    if ("error" in field) return [invalid(at, jsonPath, `is an invalid path: ${field.error}`)];
    const isRepeated = seen.has(field.path);
    seen.add(field.path);
    return [
      ...(field.names[0] === "metadata" ? [invalid(at, jsonPath, "must not point to fields in metadata")] : []),
      ...(["string", "boolean", "integer"].includes(field.schema?.type ?? "")
        ? []
        : [
            invalid(
              at,
              jsonPath,
              "must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.",
            ),
          ]),
      ...(isRepeated ? [duplicate(at, jsonPath)] : []),
    ];
  });
  const mayStay = deepEqual(previous?.selectableFields, selectableFields);
  if (seen.size > SELECTABLE_FIELDS_MAX && !mayStay) {
    return [...problems, tooMany(path, seen.size, SELECTABLE_FIELDS_MAX)];
  }
  return problems;
}
