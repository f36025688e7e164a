import type { FieldError } from "../../../../field-error.ts";
import { invalid, invalidFor, notSupported, required } from "../../../../field-error.ts";
import { labelKeyProblems } from "../../../../names.ts";
import type { ObjectFieldSelector, ResourceFieldSelector } from "../env.ts";

/** Every field of a Pod that has a name for its own containers; where which may be used differs. */
const KNOWN_FIELDS: ReadonlySet<string> = new Set([
  "metadata.annotations",
  "metadata.labels",
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
  "spec.host",
  "spec.nodeName",
  "spec.restartPolicy",
  "spec.schedulerName",
  "spec.serviceAccountName",
  "status.hostIP",
  "status.hostIPs",
  "status.phase",
  "status.podIP",
  "status.podIPs",
]);

const RESOURCES = [
  "limits.cpu",
  "limits.ephemeral-storage",
  "limits.memory",
  "requests.cpu",
  "requests.ephemeral-storage",
  "requests.memory",
];
const HUGE_PAGES = /^(limits|requests)\.hugepages-./;
const SIZE_DIVISORS = ["1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"];

/** What is wrong with a reference to one of the Pod's own fields; only `supported` ones may be used here. */
export function validateFieldRef(
  { apiVersion, fieldPath }: ObjectFieldSelector,
  supported: readonly string[],
  path: string,
): FieldError[] {
  if (fieldPath === "") return [required(`${path}.fieldPath`)];
  const subscripted = /^(.*)\['(.*)'\]$/.exec(fieldPath);
  const [, map = fieldPath, key] = subscripted ?? [];
  if (apiVersion !== "v1" || !KNOWN_FIELDS.has(map)) {
    return [
      invalid(`${path}.fieldPath`, fieldPath, `error converting fieldPath: field label not supported: ${fieldPath}`),
    ];
  }
  if (key === undefined) return supported.includes(map) ? [] : [notSupported(`${path}.fieldPath`, map, supported)];
  switch (map) {
    case "metadata.annotations":
      return invalidFor(path, key, labelKeyProblems(key.toLowerCase()));
    case "metadata.labels":
      return invalidFor(path, key, labelKeyProblems(key));
    default:
      return [invalid(path, map, "does not support subscript")];
  }
}

/** What is wrong with a reference to what a container may use. In a volume, it must say which container. */
export function validateResourceFieldRef(
  { containerName = "", resource, divisor }: ResourceFieldSelector,
  isVolume: boolean,
  path: string,
): FieldError[] {
  return [
    ...validateResource(resource, isVolume && containerName === "", path),
    ...validateDivisor(resource, divisor, path),
  ];
}

function validateResource(resource: string, lacksContainer: boolean, path: string): FieldError[] {
  if (lacksContainer) return [required(`${path}.containerName`)];
  if (resource === "") return [required(`${path}.resource`)];
  const isKnown = RESOURCES.includes(resource) || HUGE_PAGES.test(resource);
  return isKnown ? [] : [notSupported(`${path}.resource`, resource, RESOURCES)];
}

function validateDivisor(resource: string, divisor: string | undefined, path: string): FieldError[] {
  if (divisor === undefined || divisor === "0") return [];
  const refuse = (values: string, what: string) => [
    invalid(`${path}.divisor`, resource, `only divisor's values ${values} are supported with the ${what} resource`),
  ];
  if (resource.endsWith(".cpu")) return divisor === "1m" || divisor === "1" ? [] : refuse("1m and 1", "cpu");
  if (SIZE_DIVISORS.includes(divisor)) return [];
  const sizes = SIZE_DIVISORS.join(", ");
  if (resource.endsWith(".memory")) return refuse(sizes, "memory");
  if (resource.endsWith(".ephemeral-storage")) return refuse(sizes, "local ephemeral storage");
  return HUGE_PAGES.test(resource) ? refuse(sizes, "hugepages") : [];
}
