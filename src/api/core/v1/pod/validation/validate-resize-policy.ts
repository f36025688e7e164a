import { repeatedIndices } from "../../../../by-key.ts";
import type { FieldError } from "../../../../field-error.ts";
import { duplicate, invalid, notSupported, required } from "../../../../field-error.ts";
import type { ContainerResizePolicy } from "../container.ts";

const RESOURCES = ["cpu", "memory"];
const POLICIES = ["NotRequired", "RestartContainer"];

/** What is wrong with what a change of resources means for a container. Upstream names the list, not the item. */
export function validateResizePolicy(
  policies: readonly ContainerResizePolicy[],
  podRestartPolicy: string,
  path: string,
): FieldError[] {
  const repeated = repeatedIndices(policies, ({ resourceName }) => resourceName);
  return policies.flatMap(({ resourceName, restartPolicy }, index) => [
    ...(repeated.has(index) ? [duplicate(`${path}[${index}]`, resourceName)] : []),
    ...oneOf(resourceName, RESOURCES, path),
    ...oneOf(restartPolicy, POLICIES, path),
    ...(podRestartPolicy === "Never" && restartPolicy !== "NotRequired"
      ? [invalid(path, restartPolicy, "must be 'NotRequired' when `restartPolicy` is 'Never'")]
      : []),
  ]);
}

function oneOf(value: string, supported: readonly string[], path: string): FieldError[] {
  if (value === "") return [required(path)];
  return supported.includes(value) ? [] : [notSupported(path, value, supported)];
}
