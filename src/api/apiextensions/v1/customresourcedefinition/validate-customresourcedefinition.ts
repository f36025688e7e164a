import { deepEqual } from "../../../deep-equal.ts";
import type { FieldError } from "../../../field-error.ts";
import { invalid, notSupported, required } from "../../../field-error.ts";
import { validateImmutable } from "../../../immutable.ts";
import { dns1035LabelProblems, dnsSubdomainProblems } from "../../../names.ts";
import { approvalProblems } from "./api-approval.ts";
import { conditionIsTrue } from "./conditions.ts";
import { conversionProblems } from "./conversion-problems.ts";
import type {
  CustomResourceDefinition,
  CustomResourceDefinitionSpec,
  CustomResourceDefinitionVersion,
} from "./customresourcedefinition-schema.ts";
import { schemaOfVersion } from "./customresourcedefinition-schema.ts";
import { namesProblems } from "./names-problems.ts";
import { schemaProblems, toleranceOf, type ValidationTolerance } from "./schema-validation.ts";
import {
  columnProblems,
  deprecationProblems,
  selectableFieldProblems,
  subresourceProblems,
} from "./version-parts-problems.ts";

const SCOPES = ["Cluster", "Namespaced"];

/**
 * Returns what is wrong with a definition.
 *
 * Source: upstream's pkg/apis/apiextensions/validation.
 */
export function validateCustomResourceDefinition(
  definition: CustomResourceDefinition,
  previous?: CustomResourceDefinition,
  subresource = "",
): readonly FieldError[] {
  const { metadata, spec, status } = definition;
  const acceptedNames = namesProblems(status.acceptedNames, "status.acceptedNames");
  if (subresource === "status") return acceptedNames;
  return [
    ...(previous === undefined && metadata.name !== `${spec.names.plural}.${spec.group}`
      ? [invalid("metadata.name", metadata.name, 'must be spec.names.plural+"."+spec.group')]
      : []),
    ...specProblems(spec, previous?.spec),
    ...(previous === undefined ? [] : changeProblems(definition, previous)),
    ...acceptedNames,
    ...storedVersionsProblems(definition),
    ...approvalProblems(definition, previous),
    ...(spec.preserveUnknownFields === true && previous?.spec.preserveUnknownFields !== true
      ? [
          invalid(
            "spec.preserveUnknownFields",
            true,
            "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead",
          ),
        ]
      : []),
  ];
}

function specProblems(
  spec: CustomResourceDefinitionSpec,
  previous: CustomResourceDefinitionSpec | undefined,
): readonly FieldError[] {
  const { names, versions, conversion, scope } = spec;
  const path = "spec";
  const neededNames = ["plural", "singular", "kind", "listKind"] as const;
  return [
    ...groupProblems(spec.group, `${path}.group`),
    ...(scope === "" ? [required(`${path}.scope`)] : []),
    ...(scope === "" || SCOPES.includes(scope) ? [] : [notSupported(`${path}.scope`, scope, SCOPES)]),
    ...versions.flatMap((version, index) =>
      schemaOfVersion(version) === undefined ? [required(`${path}.versions[${index}].schema.openAPIV3Schema`)] : [],
    ),
    ...versionsProblems(spec, previous),
    ...neededNames.filter((name) => (names[name] ?? "") === "").map((name) => required(`${path}.names.${name}`)),
    ...namesProblems(names, `${path}.names`),
    ...conversionProblems(conversion, `${path}.conversion`, previous?.conversion),
  ];
}

function groupProblems(group: string, path: string): readonly FieldError[] {
  if (group === "") return [required(path)];
  const problems = dnsSubdomainProblems(group);
  if (problems.length > 0) return [invalid(path, group, problems.join(","))];
  return group.includes(".") ? [] : [invalid(path, group, "should be a domain with at least one dot")];
}

function versionsProblems(
  spec: CustomResourceDefinitionSpec,
  previous: CustomResourceDefinitionSpec | undefined,
): readonly FieldError[] {
  const { versions } = spec;
  const path = "spec.versions";
  const names = versions.map(({ name }) => name);
  const checks = partChecks(spec, previous);
  return [
    ...versions.flatMap((version, index) => {
      const at = `${path}[${index}]`;
      const problems = dns1035LabelProblems(version.name);
      return [
        ...(problems.length === 0 ? [] : [invalid(`${at}.name`, version.name, problems.join(","))]),
        ...deprecationProblems(version, at),
        ...checks.filter(({ isShared }) => !isShared).flatMap(({ check }) => check(version, at)),
      ];
    }),
    ...(new Set(names).size < names.length ? [invalid(path, versions, "must contain unique version names")] : []),
    ...(versions.filter(({ storage }) => storage).length === 1
      ? []
      : [invalid(path, versions, "must have exactly one version marked as storage version")]),
    ...versions
      .slice(0, 1)
      .flatMap((version) => checks.filter(({ isShared }) => isShared).flatMap(({ check }) => check(version, "spec"))),
  ];
}

interface PartCheck {
  /** Whether the part is the same in all versions: upstream then speaks of it as a part of `spec`. */
  readonly isShared: boolean;
  check(version: CustomResourceDefinitionVersion, at: string): readonly FieldError[];
}

/** The parts of a version that upstream checks once where all versions have the same. */
function partChecks(
  { versions }: CustomResourceDefinitionSpec,
  previous: CustomResourceDefinitionSpec | undefined,
): readonly PartCheck[] {
  const isShared = (part: keyof CustomResourceDefinitionVersion) =>
    versions.every((version) => deepEqual(version[part], versions[0]?.[part]));
  const before = (name: string) => previous?.versions.find((version) => version.name === name);
  const tolerance = toleranceFor(previous);
  const sharesSchema = isShared("schema");
  const statusAnywhere = versions.some(({ subresources }) => subresources?.status !== undefined);
  return [
    {
      isShared: sharesSchema,
      check(version, at) {
        const schema = schemaOfVersion(version);
        if (schema === undefined) return [];
        const path = `${at}.${sharesSchema ? "validation" : "schema"}.openAPIV3Schema`;
        const hasStatus = sharesSchema ? statusAnywhere : version.subresources?.status !== undefined;
        const stored = before(version.name);
        const costlyExpressions = stored !== undefined && deepEqual(schemaOfVersion(stored), schema);
        return schemaProblems(schema, path, { hasStatus, tolerance: { ...tolerance, costlyExpressions } });
      },
    },
    {
      isShared: isShared("subresources"),
      check: ({ subresources }, at) => subresourceProblems(subresources, `${at}.subresources`),
    },
    {
      isShared: isShared("additionalPrinterColumns"),
      check: ({ additionalPrinterColumns = [] }, at) =>
        columnProblems(additionalPrinterColumns, `${at}.additionalPrinterColumns`),
    },
    {
      isShared: isShared("selectableFields"),
      check: (version, at) => selectableFieldProblems(version, `${at}.selectableFields`, before(version.name)),
    },
  ];
}

function toleranceFor(previous: CustomResourceDefinitionSpec | undefined): ValidationTolerance {
  if (previous === undefined) return {};
  return toleranceOf(previous.versions.map(schemaOfVersion).filter((schema) => schema !== undefined));
}

/** What cannot change: names of an established resource lie in the paths of its objects. */
function changeProblems({ spec }: CustomResourceDefinition, previous: CustomResourceDefinition): readonly FieldError[] {
  const before = previous.spec;
  const isEstablished = conditionIsTrue(previous, "Established");
  return [
    ...(isEstablished ? validateImmutable(spec.scope, before.scope, "spec.scope") : []),
    ...(isEstablished ? validateImmutable(spec.names.kind, before.names.kind, "spec.names.kind") : []),
    ...validateImmutable(spec.group, before.group, "spec.group"),
    ...validateImmutable(spec.names.plural, before.names.plural, "spec.names.plural"),
  ];
}

function storedVersionsProblems({ spec, status }: CustomResourceDefinition): readonly FieldError[] {
  const { storedVersions = [] } = status;
  const path = "status.storedVersions";
  if (storedVersions.length === 0) return [invalid(path, null, "must have at least one stored version")];
  const names = spec.versions.map(({ name }) => name);
  return [
    ...spec.versions
      .filter(({ name, storage }) => storage && !storedVersions.includes(name))
      .map(({ name }) => invalid(path, storedVersions, `must have the storage version ${name}`)),
    ...storedVersions.flatMap((version, index) =>
      names.includes(version)
        ? []
        : [
            invalid(
              `${path}[${index}]`,
              version,
              `missing from spec.versions; ${version} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${version} and removes ${version} from status.storedVersions`,
            ),
          ],
    ),
  ];
}
