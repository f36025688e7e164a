import type { NonResourceAttributes, ResourceAttributes } from "@fairlead/api/authorization/v1/attributes";
import { type FieldError, invalid } from "@fairlead/api/field-error";
import type { User } from "../authn/authenticator.ts";
import type { Attributes } from "../authz/authorizer.ts";

/** The half of an access review's spec that says what is asked. */
export interface AskedAccess {
  readonly resourceAttributes?: ResourceAttributes | undefined;
  readonly nonResourceAttributes?: NonResourceAttributes | undefined;
}

/** Exactly one of both must be there. */
export function askedAccessErrors({ resourceAttributes, nonResourceAttributes }: AskedAccess): readonly FieldError[] {
  const both = resourceAttributes !== undefined && nonResourceAttributes !== undefined;
  const none = resourceAttributes === undefined && nonResourceAttributes === undefined;
  return [
    ...(both
      ? [
          invalid(
            "spec.nonResourceAttributes",
            nonResourceAttributes,
            "cannot be specified in combination with resourceAttributes",
          ),
        ]
      : []),
    ...(none
      ? [
          invalid(
            "spec.resourceAttributes",
            undefined,
            "exactly one of nonResourceAttributes or resourceAttributes must be specified",
          ),
        ]
      : []),
  ];
}

/** What the authorizers are asked on behalf of `user`. */
export function attributesOfReview(spec: AskedAccess, user: User): Attributes {
  const { resourceAttributes: resource, nonResourceAttributes: path } = spec;
  if (resource === undefined) {
    return { type: "nonResource", user, verb: path?.verb ?? "", path: path?.path ?? "" };
  }
  const fieldSelector = fieldSelectorOf(resource);
  return {
    type: "resource",
    user,
    verb: resource.verb ?? "",
    group: resource.group ?? "",
    version: resource.version ?? "*",
    resource: resource.resource ?? "",
    subresource: resource.subresource ?? "",
    namespace: resource.namespace ?? "",
    name: resource.name ?? "",
    ...(fieldSelector !== "" && { fieldSelector }),
  };
}

/** Requirements that no selector can say are left out: the answer can then only be stricter. */
function fieldSelectorOf({ fieldSelector }: ResourceAttributes): string {
  if (fieldSelector === undefined) return "";
  if (fieldSelector.rawSelector !== undefined && fieldSelector.rawSelector !== "") return fieldSelector.rawSelector;
  return (fieldSelector.requirements ?? [])
    .filter(({ operator, values }) => operator === "In" && values?.length === 1)
    .map(({ key, values = [] }) => `${key}=${values[0]?.replaceAll(/[\\,=]/g, "\\$&")}`)
    .join(",");
}
