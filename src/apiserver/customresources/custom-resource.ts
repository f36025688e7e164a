import type {
  CustomResourceDefinition,
  CustomResourceDefinitionVersion,
} from "@fairlead/api/apiextensions/v1/customresourcedefinition/customresourcedefinition-schema";
import { schemaOfVersion } from "@fairlead/api/apiextensions/v1/customresourcedefinition/customresourcedefinition-schema";
import { isStructurallyWritten } from "@fairlead/api/apiextensions/v1/customresourcedefinition/declared-json-schema";
import { scaleSubresource } from "@fairlead/api/autoscaling/v1/scale/scale";
import { defineKind, type Kind, type Verb } from "@fairlead/api/kind";
import { dnsSubdomainProblems } from "@fairlead/api/names";
import type { VersionDefinition } from "@fairlead/api/resource-definition";
import type { KubeObject } from "@fairlead/api/resource-reference";
import type { JsonSchema } from "@fairlead/api/structural/json-schema";
import { mergeSchema } from "@fairlead/api/structural/merge-schema";
import { structuralCodec } from "@fairlead/api/structural/structural-codec";
import type { ServedDefinition } from "../registry/resource.ts";
import { conversionOf, storedFormReader } from "./conversions.ts";
import { deprecationOf } from "./deprecation.ts";
import { finalizerWarnings } from "./finalizer-warnings.ts";
import { printedColumns } from "./printed-columns.ts";
import { objectRules } from "./rules.ts";
import { scalingOf } from "./scaling.ts";
import { selectableFieldReaders } from "./selectable-fields.ts";
import { customValidation } from "./validation.ts";

/** What may be done with the objects of a definition that is being deleted, as discovery lists it. */
const ENDING_VERBS: readonly Verb[] = ["delete", "deletecollection", "get", "list", "watch"];

/**
 * Makes the resource that a definition describes, under the names that were accepted.
 *
 * @param isEnding - Whether the definition is being deleted: no objects are created any more.
 * @returns `undefined` for a definition whose schemas cannot be served.
 */
export function customResourceOf(
  definition: CustomResourceDefinition,
  { isEnding }: { readonly isEnding: boolean },
): ServedDefinition | undefined {
  const { spec } = definition;
  const schemas = new Map<string, JsonSchema>();
  for (const version of spec.versions) {
    const schema = servedSchema(version);
    if (schema === undefined) return undefined;
    schemas.set(version.name, schema);
  }
  const isSingle = spec.versions.length === 1;
  const kinds = new Map(
    spec.versions.map((version) => [version.name, kindOf(definition, version, { schemas, isEnding, isSingle })]),
  );
  const storageVersion = spec.versions.find(({ storage }) => storage);
  const storage = kinds.get(storageVersion?.name ?? "");
  if (storage === undefined) return undefined;
  const versions = spec.versions
    .filter(({ served }) => served)
    .flatMap(({ name }): readonly VersionDefinition[] => {
      const kind = kinds.get(name);
      const schema = schemas.get(name);
      if (kind === undefined || schema === undefined) return [];
      return kind === storage
        ? [{ kind }]
        : [{ kind, conversion: conversionOf(definition, { kind, schema, storage }) }];
    });
  return {
    storage,
    versions,
    checksShownVersion: true,
    strategy: {
      needsResourceVersion: true,
      ...(isEnding && {
        creationRefusal: "create not allowed while custom resource definition is terminating",
      }),
    },
  };
}

/** The schema of a version; one that says nothing about objects of a definition that was stored without one. */
function servedSchema(version: CustomResourceDefinitionVersion): JsonSchema | undefined {
  const schema = schemaOfVersion(version) ?? { type: "object" };
  return isStructurallyWritten(schema) ? schema : undefined;
}

interface KindParts {
  readonly schemas: ReadonlyMap<string, JsonSchema>;
  readonly isEnding: boolean;
  readonly isSingle: boolean;
}

function kindOf(
  definition: CustomResourceDefinition,
  version: CustomResourceDefinitionVersion,
  { schemas, isEnding, isSingle }: KindParts,
): Kind {
  const { spec, status } = definition;
  const names = status.acceptedNames;
  const schema = schemas.get(version.name) ?? {};
  const { scale } = version.subresources ?? {};
  const hasStatus = version.subresources?.status !== undefined;
  const named = {
    group: spec.group,
    version: version.name,
    kind: names.kind,
    plural: names.plural,
    namespaced: spec.scope === "Namespaced",
    singular: names.singular ?? "",
    listKind: names.listKind ?? "",
    shortNames: names.shortNames ?? [],
    categories: names.categories ?? [],
  };
  const deprecation = deprecationOf(version, spec);
  const rules = objectRules(schema);
  return defineKind<KubeObject>({
    ...named,
    schema: mergeSchema(modelName(named), schema),
    codec: structuralCodec(schema, { prunesOnWrite: !isSingle }),
    publishedSchema: schema,
    ...(version.storage && { readStored: storedFormReader(definition, schemas) }),
    ...(isEnding && { listedVerbs: ENDING_VERBS }),
    hasStatus,
    hasGeneration: true,
    subresources: scale === undefined ? [] : [scaleSubresource],
    ...(scale !== undefined && { scale: scalingOf(scale) }),
    columns: printedColumns(version.additionalPrinterColumns ?? []),
    validate: customValidation(schema, { hasStatus, scale, rules }),
    warnings: (object, previous, subresource) => [
      ...rules.warnings(object),
      ...(subresource === "" ? finalizerWarnings(object, previous) : []),
    ],
    ...(deprecation !== undefined && { deprecation }),
    selectableFields: selectableFieldReaders(version.selectableFields ?? []),
    validateName: dnsSubdomainProblems,
  });
}

/** Returns upstream's name of a type: `com.example.v1.Widget`. */
function modelName({ group, version, kind }: Pick<Kind, "group" | "version" | "kind">): string {
  return [...group.split(".").reverse(), version, kind].join(".");
}
