import type { FieldError } from "../../../../field-error.ts";
import { forbidden, invalid, invalidFor, required } from "../../../../field-error.ts";
import { validateLabelSelector } from "../../../../meta/v1/validate-labels.ts";
import { dnsLabelProblems, dnsSubdomainProblems, labelKeyProblems } from "../../../../names.ts";
import type {
  Affinity,
  NodeAffinity,
  NodeSelector,
  NodeSelectorRequirement,
  NodeSelectorTerm,
  PodAffinity,
  PodAffinityTerm,
} from "../affinity.ts";

const REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";

/** What is wrong with where a Pod wants to be. */
export function validateAffinity(affinity: Affinity | undefined, path: string): FieldError[] {
  if (affinity === undefined) return [];
  return [
    ...validateNodeAffinity(affinity.nodeAffinity, `${path}.nodeAffinity`),
    ...validatePodAffinity(affinity.podAffinity, `${path}.podAffinity`),
    ...validatePodAffinity(affinity.podAntiAffinity, `${path}.podAntiAffinity`),
  ];
}

function validateNodeAffinity(affinity: NodeAffinity | undefined, path: string): FieldError[] {
  const preferred = affinity?.[PREFERRED] ?? [];
  return [
    ...(affinity?.[REQUIRED] === undefined ? [] : validateNodeSelector(affinity[REQUIRED], `${path}.${REQUIRED}`)),
    ...preferred.flatMap(({ weight, preference }, i) => [
      ...validateWeight(weight, `${path}.${PREFERRED}[${i}].weight`),
      ...validateTerm(preference, `${path}.${PREFERRED}[${i}].preference`),
    ]),
  ];
}

/** What is wrong with a choice of nodes. */
export function validateNodeSelector({ nodeSelectorTerms }: NodeSelector, path: string): FieldError[] {
  const at = `${path}.nodeSelectorTerms`;
  return nodeSelectorTerms.length === 0
    ? [required(at, "must have at least one node selector term")]
    : nodeSelectorTerms.flatMap((term, i) => validateTerm(term, `${at}[${i}]`));
}

function validateWeight(weight: number, path: string): FieldError[] {
  return weight >= 1 && weight <= 100 ? [] : [invalid(path, weight, "must be in the range 1-100")];
}

function validateTerm({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm, path: string): FieldError[] {
  return [
    ...matchExpressions.flatMap((r, i) => [
      ...validateRequirement(r, `${path}.matchExpressions[${i}]`),
      ...invalidFor(`${path}.matchExpressions[${i}].key`, r.key, labelKeyProblems(r.key)),
    ]),
    ...matchFields.flatMap((r, i) => validateFieldRequirement(r, `${path}.matchFields[${i}]`)),
  ];
}

function validateRequirement({ operator, values = [] }: NodeSelectorRequirement, path: string): FieldError[] {
  switch (operator) {
    case "In":
    case "NotIn":
      return values.length > 0
        ? []
        : [required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'")];
    case "Exists":
    case "DoesNotExist":
      return values.length === 0
        ? []
        : [forbidden(`${path}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")];
    case "Gt":
    case "Lt":
      return values.length === 1
        ? []
        : [required(`${path}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'")];
    default:
      return [invalid(`${path}.operator`, operator, "not a valid selector operator")];
  }
}

/** A node has one field to choose it by: its name. */
function validateFieldRequirement({ key, operator, values = [] }: NodeSelectorRequirement, path: string): FieldError[] {
  return [
    ...(operator !== "In" && operator !== "NotIn"
      ? [invalid(`${path}.operator`, operator, "not a valid selector operator")]
      : []),
    ...(values.length === 1
      ? []
      : [
          required(
            `${path}.values`,
            "must be only one value when `operator` is 'In' or 'NotIn' for node field selector",
          ),
        ]),
    ...(key === "metadata.name"
      ? values.flatMap((value, i) => invalidFor(`${path}.values[${i}]`, value, dnsSubdomainProblems(value)))
      : [invalid(`${path}.key`, key, "not a valid field selector key")]),
  ];
}

function validatePodAffinity(affinity: PodAffinity | undefined, path: string): FieldError[] {
  const terms = affinity?.[REQUIRED] ?? [];
  const weighted = affinity?.[PREFERRED] ?? [];
  return [
    ...terms.flatMap((term, i) => validatePodTerm(term, `${path}.${REQUIRED}[${i}]`)),
    ...weighted.flatMap(({ weight, podAffinityTerm }, i) => [
      ...validateWeight(weight, `${path}.${PREFERRED}[${i}].weight`),
      ...validatePodTerm(podAffinityTerm, `${path}.${PREFERRED}[${i}].podAffinityTerm`),
    ]),
  ];
}

function validatePodTerm(term: PodAffinityTerm, path: string): FieldError[] {
  const { labelSelector, namespaceSelector, namespaces = [], topologyKey } = term;
  return [
    ...validateLabelSelector(labelSelector, `${path}.labelSelector`),
    ...validateLabelSelector(namespaceSelector, `${path}.namespaceSelector`),
    ...namespaces.flatMap((name) => invalidFor(`${path}.namespace`, name, dnsLabelProblems(name))),
    ...validateLabelKeys(term.matchLabelKeys ?? [], labelSelector !== undefined, `${path}.matchLabelKeys`),
    ...validateLabelKeys(term.mismatchLabelKeys ?? [], labelSelector !== undefined, `${path}.mismatchLabelKeys`),
    ...(topologyKey === ""
      ? [required(`${path}.topologyKey`, "can not be empty")]
      : invalidFor(`${path}.topologyKey`, topologyKey, labelKeyProblems(topologyKey))),
  ];
}

function validateLabelKeys(keys: readonly string[], hasSelector: boolean, path: string): FieldError[] {
  if (keys.length === 0) return [];
  if (!hasSelector) return [forbidden(path, "must not be specified when labelSelector is not set")];
  return keys.flatMap((key, i) => invalidFor(`${path}[${i}]`, key, labelKeyProblems(key)));
}
