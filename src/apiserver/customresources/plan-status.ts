import { apiApproval } from "@fairlead/api/apiextensions/v1/customresourcedefinition/api-approval";
import type { ConditionState } from "@fairlead/api/apiextensions/v1/customresourcedefinition/conditions";
import {
  conditionIsTrue,
  findCondition,
  withCondition,
} from "@fairlead/api/apiextensions/v1/customresourcedefinition/conditions";
import type {
  CustomResourceDefinition,
  CustomResourceDefinitionNames,
} from "@fairlead/api/apiextensions/v1/customresourcedefinition/customresourcedefinition-schema";
import { schemaOfVersion } from "@fairlead/api/apiextensions/v1/customresourcedefinition/customresourcedefinition-schema";
import { isStructurallyWritten } from "@fairlead/api/apiextensions/v1/customresourcedefinition/declared-json-schema";
import { deepEqual } from "@fairlead/api/deep-equal";
import type { FieldError } from "@fairlead/api/field-error";
import { invalid } from "@fairlead/api/field-error";
import { goQuote } from "@fairlead/api/go-quote";
import { patternProblem } from "@fairlead/api/structural/patterns";
import { structuralProblems } from "@fairlead/api/structural/structural-problems";

/** Names that the other definitions of a group have. */
export interface TakenNames {
  readonly resources: ReadonlySet<string>;
  readonly kinds: ReadonlySet<string>;
}

/** Returns the names that definitions were given. */
export function takenNames(definitions: readonly CustomResourceDefinition[]): TakenNames {
  const accepted = definitions.map(({ status }) => status.acceptedNames);
  return {
    resources: new Set(
      accepted
        .flatMap(({ plural, singular, shortNames = [] }) => [plural, singular, ...shortNames])
        .filter((name): name is string => name !== undefined),
    ),
    kinds: new Set(accepted.flatMap(({ kind, listKind }) => [kind, listKind]).filter((name) => name !== undefined)),
  };
}

/**
 * Returns the definition with the status that it should have: its names accepted where no other one has them, and established
 * from then on.
 *
 * @param taken - Names of the other definitions of its group.
 * @param now - As the API writes times.
 *
 * Source: upstream's pkg/controller/status, establish, nonstructuralschema and apiapproval.
 */
export function planStatus(
  definition: CustomResourceDefinition,
  taken: TakenNames,
  now: string,
): CustomResourceDefinition {
  const set = (one: CustomResourceDefinition, state: ConditionState | undefined) =>
    state === undefined ? one : withCondition(one, state, now);
  let planned = set(set(definition, approvalCondition(definition)), structuralCondition(definition));
  const { names, conflict } = acceptedNames(definition, taken);
  planned = { ...planned, status: { ...planned.status, acceptedNames: names } };
  planned = set(planned, namesCondition(conflict));
  return set(planned, establishedCondition(planned));
}

interface NameConflict {
  readonly reason: string;
  readonly message: string;
}

function namesCondition(conflict: NameConflict | undefined): ConditionState {
  return conflict === undefined
    ? { type: "NamesAccepted", status: "True", reason: "NoConflicts", message: "no conflicts found" }
    : { type: "NamesAccepted", status: "False", ...conflict };
}

/** Once established, a resource stays so. */
function establishedCondition(definition: CustomResourceDefinition): ConditionState | undefined {
  if (conditionIsTrue(definition, "Established")) return undefined;
  if (conditionIsTrue(definition, "NamesAccepted")) {
    const message = "the initial names have been accepted";
    return { type: "Established", status: "True", reason: "InitialNamesAccepted", message };
  }
  return { type: "Established", status: "False", reason: "NotAccepted", message: "not all names are accepted" };
}

/** A name that is taken stays as it was accepted before; of several conflicts, the last one is reported. */
function acceptedNames(
  { spec, status }: CustomResourceDefinition,
  { resources, kinds }: TakenNames,
): { readonly names: CustomResourceDefinitionNames; readonly conflict: NameConflict | undefined } {
  const wanted = spec.names;
  const accepted = status.acceptedNames;
  const names: Record<string, unknown> = { ...accepted };
  let conflict: NameConflict | undefined;
  const accept = (field: "plural" | "singular" | "kind" | "listKind", reason: string, taken: ReadonlySet<string>) => {
    const name = wanted[field] ?? "";
    if (name !== (accepted[field] ?? "") && taken.has(name)) conflict = { reason, message: inUse(name) };
    else names[field] = name;
  };
  accept("plural", "PluralConflict", resources);
  accept("singular", "SingularConflict", resources);
  const own = accepted.shortNames ?? [];
  const shortNames = wanted.shortNames ?? [];
  const taken = shortNames.filter((name) => !own.includes(name) && resources.has(name)).map(inUse);
  if (taken.length > 0) conflict = { reason: "ShortNamesConflict", message: aggregated(taken) };
  else names.shortNames = wanted.shortNames;
  accept("kind", "KindConflict", kinds);
  accept("listKind", "ListKindConflict", kinds);
  names.categories = wanted.categories;
  // Every field was set, or is what was accepted before.
  return { names: names as unknown as CustomResourceDefinitionNames, conflict };
}

function inUse(name: string): string {
  return `${goQuote(name)} is already in use`;
}

/** As upstream writes several errors in one. */
function aggregated(messages: readonly string[]): string {
  const distinct = [...new Set(messages)];
  return distinct.length === 1 ? (distinct[0] ?? "") : `[${distinct.join(", ")}]`;
}

function approvalCondition(definition: CustomResourceDefinition): ConditionState | undefined {
  const approval = apiApproval(definition);
  if (approval === undefined) return undefined;
  const reasons = {
    approved: "ApprovedAnnotation",
    bypassed: "UnapprovedAnnotation",
    missing: "MissingAnnotation",
    invalid: "InvalidAnnotation",
  };
  return {
    type: "KubernetesAPIApprovalPolicyConformant",
    status: approval.state === "approved" ? "True" : "False",
    reason: reasons[approval.state],
    message: approval.reason,
  };
}

/** Set only on definitions that were stored before schemas had to be structural. */
function structuralCondition(definition: CustomResourceDefinition): ConditionState | undefined {
  const { spec } = definition;
  const problems: FieldError[] = [
    ...(spec.preserveUnknownFields === true ? [invalid("spec.preserveUnknownFields", true, "must be false")] : []),
    ...spec.versions.flatMap((version, index) => {
      const schema = schemaOfVersion(version);
      const path = `spec.versions[${index}].schema.openAPIV3Schema`;
      return schema === undefined || !isStructurallyWritten(schema)
        ? []
        : structuralProblems(schema, path, patternProblem);
    }),
  ];
  if (problems.length === 0) return undefined;
  const message = aggregated(problems.map((problem) => `${problem.path}: ${problem.message}`));
  return { type: "NonStructuralSchema", status: "True", reason: "Violations", message };
}

/** Returns whether the objects of a definition can be served. */
export function isServed(definition: CustomResourceDefinition): boolean {
  const isAccepted = conditionIsTrue(definition, "NamesAccepted") || conditionIsTrue(definition, "Established");
  return isAccepted && definition.status.acceptedNames.plural !== "";
}

/** Returns whether two states of a definition are served alike. */
export function isServedAlike(one: CustomResourceDefinition, other: CustomResourceDefinition): boolean {
  return (
    one.metadata.uid === other.metadata.uid &&
    (findCondition(one, "Terminating")?.status === "True") ===
      (findCondition(other, "Terminating")?.status === "True") &&
    deepEqual(one.spec, other.spec) &&
    deepEqual(one.status.acceptedNames, other.status.acceptedNames)
  );
}
