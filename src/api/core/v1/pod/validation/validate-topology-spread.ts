import { repeatedIndices } from "../../../../by-key.ts";
import type { FieldError } from "../../../../field-error.ts";
import { duplicate, forbidden, invalid, invalidFor, notSupported, required } from "../../../../field-error.ts";
import { validateLabelSelector } from "../../../../meta/v1/validate-labels.ts";
import { labelKeyProblems } from "../../../../names.ts";
import type { TopologySpreadConstraint } from "../affinity.ts";

const ACTIONS = ["DoNotSchedule", "ScheduleAnyway"];
const INCLUSIONS = ["Honor", "Ignore"];

/** What is wrong with the rules by which pods are spread. */
export function validateTopologySpread(constraints: readonly TopologySpreadConstraint[], path: string): FieldError[] {
  const repeated = repeatedIndices(constraints, pairOf);
  return constraints.flatMap((constraint, index) => [
    ...validateConstraint(constraint, `${path}[${index}]`),
    ...(repeated.has(index)
      ? [duplicate(`${path}[${index}].{topologyKey, whenUnsatisfiable}`, pairOf(constraint))]
      : []),
  ]);
}

function pairOf({ topologyKey, whenUnsatisfiable }: TopologySpreadConstraint): string {
  return `{${topologyKey}, ${whenUnsatisfiable}}`;
}

function validateConstraint(constraint: TopologySpreadConstraint, path: string): FieldError[] {
  const { maxSkew, topologyKey, whenUnsatisfiable, minDomains, labelSelector } = constraint;
  return [
    ...(maxSkew > 0 ? [] : [invalid(`${path}.maxSkew`, maxSkew, "must be greater than zero")]),
    ...(topologyKey === ""
      ? [required(`${path}.topologyKey`, "can not be empty")]
      : invalidFor(`${path}.topologyKey`, topologyKey, labelKeyProblems(topologyKey))),
    ...(ACTIONS.includes(whenUnsatisfiable)
      ? []
      : [notSupported(`${path}.whenUnsatisfiable`, whenUnsatisfiable, ACTIONS)]),
    ...(minDomains === undefined ? [] : validateMinDomains(minDomains, whenUnsatisfiable, `${path}.minDomains`)),
    ...validateInclusion(constraint.nodeAffinityPolicy, `${path}.nodeAffinityPolicy`),
    ...validateInclusion(constraint.nodeTaintsPolicy, `${path}.nodeTaintsPolicy`),
    ...validateMatchLabelKeys(constraint, `${path}.matchLabelKeys`),
    ...validateLabelSelector(labelSelector, `${path}.labelSelector`),
  ];
}

function validateMinDomains(minDomains: number, whenUnsatisfiable: string, path: string): FieldError[] {
  return [
    ...(minDomains > 0 ? [] : [invalid(path, minDomains, "must be greater than zero")]),
    ...(whenUnsatisfiable === "DoNotSchedule"
      ? []
      : [
          invalid(
            path,
            minDomains,
            `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${whenUnsatisfiable}`,
          ),
        ]),
  ];
}

function validateInclusion(policy: string | undefined, path: string): FieldError[] {
  return policy === undefined || INCLUSIONS.includes(policy) ? [] : [notSupported(path, policy, INCLUSIONS)];
}

function validateMatchLabelKeys(
  { matchLabelKeys = [], labelSelector }: TopologySpreadConstraint,
  path: string,
): FieldError[] {
  if (matchLabelKeys.length === 0) return [];
  const { matchLabels = {}, matchExpressions = [] } = labelSelector ?? {};
  const selected = new Set([...Object.keys(matchLabels), ...matchExpressions.map(({ key }) => key)]);
  return [
    ...(labelSelector === undefined ? [forbidden(path, "must not be specified when labelSelector is not set")] : []),
    ...matchLabelKeys.flatMap((key, i) => [
      ...invalidFor(`${path}[${i}]`, key, labelKeyProblems(key)),
      ...(selected.has(key) ? [invalid(`${path}[${i}]`, key, "exists in both matchLabelKeys and labelSelector")] : []),
    ]),
  ];
}
