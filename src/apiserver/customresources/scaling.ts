import type { CustomResourceSubresources } from "@fairlead/api/apiextensions/v1/customresourcedefinition/customresourcedefinition-schema";
import { goType } from "@fairlead/api/codec/go-value";
import type { FieldError } from "@fairlead/api/field-error";
import { invalid } from "@fairlead/api/field-error";
import { goQuote } from "@fairlead/api/go-quote";
import type { Scaling } from "@fairlead/api/kind";
import { ownValue, setOwn } from "@fairlead/api/own-property";
import { isJsonObject, type JsonObject } from "@fairlead/api/patch/json-object";
import type { KubeObject } from "@fairlead/api/resource-reference";
import { StatusError } from "@fairlead/api/status-error";

export type ScalePaths = NonNullable<CustomResourceSubresources["scale"]>;

const INT32_MAX = 2_147_483_647;

/** Returns how the number of replicas of a custom resource is read and changed. */
export function scalingOf(paths: ScalePaths): Scaling<KubeObject> {
  const { specReplicasPath, statusReplicasPath, labelSelectorPath = "" } = paths;
  return {
    read(object) {
      const wanted = valueAt(object, specReplicasPath);
      if (wanted.value === undefined) {
        const message = `Internal error occurred: the spec replicas field ${goQuote(specReplicasPath)} does not exist`;
        throw new StatusError("InternalError", message);
      }
      const selector = labelSelectorPath === "" ? undefined : valueAt(object, labelSelectorPath).value;
      return {
        wanted: countOf(wanted.value),
        observed: countOf(valueAt(object, statusReplicasPath).value),
        selector: typeof selector === "string" ? selector : "",
      };
    },
    // An object stays an object of its kind.
    withReplicas: (object, replicas) => withValue(object, namesOf(specReplicasPath), replicas) as unknown as KubeObject,
  };
}

/**
 * Returns why a custom resource cannot be scaled.
 *
 * Source: `ValidateScaleSpec` and `ValidateScaleStatus` of upstream's pkg/registry/customresource/validator.go.
 */
export function scaleProblems(
  object: KubeObject,
  { specReplicasPath, statusReplicasPath, labelSelectorPath }: ScalePaths,
  subresource: string,
): readonly FieldError[] {
  const selector = labelSelectorPath === undefined ? undefined : valueAt(object, labelSelectorPath);
  return [
    ...(subresource === "status" ? [] : countProblems(object, specReplicasPath)),
    ...countProblems(object, statusReplicasPath),
    ...(labelSelectorPath === undefined || selector?.value === undefined || typeof selector.value === "string"
      ? []
      : [invalid(labelSelectorPath, "", wrongType(labelSelectorPath, selector.value, "string"))]),
  ];
}

function countProblems(object: KubeObject, path: string): readonly FieldError[] {
  const { value } = valueAt(object, path);
  if (value === undefined) return [];
  if (typeof value !== "bigint" && !(typeof value === "number" && Number.isInteger(value))) {
    return [invalid(path, 0, wrongType(path, value, "int64"))];
  }
  if (value < 0) return [invalid(path, value, "should be a non-negative integer")];
  return value > INT32_MAX ? [invalid(path, value, `should be less than or equal to ${INT32_MAX}`)] : [];
}

function wrongType(path: string, value: unknown, wanted: string): string {
  const shown = isJsonObject(value) || Array.isArray(value) ? JSON.stringify(value) : String(value);
  return `${path} accessor error: ${shown} is of the type ${goType(value)}, expected ${wanted}`;
}

function countOf(value: unknown): number {
  return typeof value === "number" && Number.isInteger(value) ? value : 0;
}

function namesOf(path: string): readonly string[] {
  return path.replace(/^\./, "").split(".");
}

function valueAt(object: KubeObject, path: string): { readonly value: unknown } {
  let value: unknown = object;
  for (const name of namesOf(path)) value = isJsonObject(value) ? ownValue(value, name) : undefined;
  return { value };
}

function withValue(value: unknown, [name, ...rest]: readonly string[], replicas: number): JsonObject | number {
  if (name === undefined) return replicas;
  const object: Record<string, unknown> = isJsonObject(value) ? { ...value } : {};
  setOwn(object, name, withValue(ownValue(object, name), rest, replicas));
  return object;
}
