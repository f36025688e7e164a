import type { CustomResourceDefinition } from "@fairlead/api/apiextensions/v1/customresourcedefinition/customresourcedefinition";
import type { KubeObject, ResourceReference } from "@fairlead/api/resource-reference";
import type { Draft } from "@fairlead/api/schema";
import type { JsonSchema } from "@fairlead/api/structural/json-schema";
import { text } from "./json-schema.ts";

/** What `kubectl get` prints of an object. */
export interface Column {
  readonly name: string;
  readonly jsonPath: string;
  readonly type?: string;
  readonly priority?: number;
}

/** An earlier version, which is served, too. Its objects are the same but for fields that it lacks. */
export interface EarlierVersion {
  readonly name: string;
  readonly schema: JsonSchema;
  readonly warning: string;
}

export interface DefinitionParts {
  readonly columns: readonly Column[];
  readonly schema: JsonSchema;
  readonly earlier?: EarlierVersion;
}

/** A definition of a kind with a status, in one namespace each. */
export function define(
  { group, version, kind, plural }: ResourceReference<KubeObject>,
  { columns, schema, earlier }: DefinitionParts,
): Draft<CustomResourceDefinition> {
  const rest = {
    subresources: { status: {} },
    additionalPrinterColumns: columns.map((column) => ({ type: "string", ...column })),
  };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: "Namespaced",
      names: { kind, plural, listKind: `${kind}List`, singular: kind.toLowerCase() },
      versions: [
        ...(earlier === undefined
          ? []
          : [
              {
                ...{ name: earlier.name, served: true, storage: false, deprecated: true },
                ...{ deprecationWarning: earlier.warning, schema: whole(earlier.schema), ...rest },
              },
            ]),
        { name: version, served: true, storage: true, schema: whole(schema), ...rest },
      ],
    },
  };
}

function whole(schema: JsonSchema) {
  const typeMeta = {
    apiVersion: text("Version of the API that the object is written in."),
    kind: text("Kind of the object."),
    metadata: { type: "object" },
  };
  return { openAPIV3Schema: { ...schema, properties: { ...typeMeta, ...schema.properties } } };
}
