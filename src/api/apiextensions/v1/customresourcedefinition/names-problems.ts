import type { FieldError } from "../../../field-error.ts";
import { invalid } from "../../../field-error.ts";
import { dns1035LabelProblems } from "../../../names.ts";
import type { CustomResourceDefinitionNames } from "./customresourcedefinition-schema.ts";

/** Returns what is wrong with the names of a resource. Names that are missing are not. */
export function namesProblems(names: Partial<CustomResourceDefinitionNames>, path: string): readonly FieldError[] {
  const { plural = "", singular = "", kind = "", listKind = "", shortNames = [], categories = [] } = names;
  return [
    ...labelProblems(plural, `${path}.plural`),
    ...labelProblems(singular, `${path}.singular`),
    ...kindProblems(kind, `${path}.kind`),
    ...kindProblems(listKind, `${path}.listKind`),
    ...shortNames.flatMap((name, index) => ownProblems(name, name, `${path}.shortNames[${index}]`)),
    ...(kind !== "" && kind === listKind
      ? [invalid(`${path}.listKind`, listKind, "kind and listKind may not be the same")]
      : []),
    ...categories.flatMap((name, index) => ownProblems(name, name, `${path}.categories[${index}]`)),
  ];
}

function labelProblems(name: string, path: string): readonly FieldError[] {
  return name === "" ? [] : ownProblems(name, name, path);
}

function kindProblems(name: string, path: string): readonly FieldError[] {
  return name === ""
    ? []
    : ownProblems(name, name.toLowerCase(), path, "may have mixed case, but should otherwise match: ");
}

function ownProblems(name: string, label: string, path: string, prefix = ""): readonly FieldError[] {
  const problems = dns1035LabelProblems(label);
  return problems.length === 0 ? [] : [invalid(path, name, `${prefix}${problems.join(",")}`)];
}
