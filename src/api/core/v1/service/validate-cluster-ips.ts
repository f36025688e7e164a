import { ipProblems, isIPv6 } from "../../../addresses.ts";
import { repeatedIndices } from "../../../by-key.ts";
import type { FieldError } from "../../../field-error.ts";
import { duplicate, invalid, invalidFor, notSupported, required } from "../../../field-error.ts";
import type { ServiceSpec } from "./service-schema.ts";

const FAMILIES = ["IPv4", "IPv6"];
const FAMILY_POLICIES = ["PreferDualStack", "RequireDualStack", "SingleStack"];

/** Whether the Service has names but no address of its own. */
export function isHeadless({ clusterIPs = [] }: ServiceSpec): boolean {
  return clusterIPs.length === 1 && clusterIPs[0] === "None";
}

/** What is wrong with the addresses of a Service and their families. Whether they are free is for the allocator to say. */
export function validateClusterIPs(spec: ServiceSpec): FieldError[] {
  if (spec.type === "ExternalName") return [];
  const clusterIPs = spec.clusterIPs ?? [];
  const malformed = validateAddresses(clusterIPs);
  return [
    ...validateSynchronized(spec),
    ...validateFamilies(spec),
    ...malformed,
    ...(clusterIPs.length > 2 ? [invalid("spec.clusterIPs", clusterIPs, "may only hold up to 2 values")] : []),
    ...(malformed.length === 0 ? validateAgainstFamilies(spec, clusterIPs) : []),
  ];
}

function validateSynchronized({ clusterIP = "", clusterIPs = [] }: ServiceSpec): FieldError[] {
  const path = "spec.clusterIPs";
  if (clusterIP === "") {
    return clusterIPs.length === 0
      ? []
      : [invalid(path, clusterIPs, "must be empty when `clusterIP` is not specified")];
  }
  if (clusterIPs.length === 0) return [required(path)];
  return clusterIPs[0] === clusterIP ? [] : [invalid(path, clusterIPs, "first value must match `clusterIP`")];
}

function validateFamilies({ ipFamilies = [], ipFamilyPolicy }: ServiceSpec): FieldError[] {
  const path = "spec.ipFamilies";
  const repeated = repeatedIndices(ipFamilies, (family) => family);
  return [
    ...ipFamilies.flatMap((family, index) => [
      ...(FAMILIES.includes(family) ? [] : [notSupported(`${path}[${index}]`, family, FAMILIES)]),
      ...(repeated.has(index) ? [duplicate(`${path}[${index}]`, family)] : []),
    ]),
    ...(ipFamilyPolicy === undefined || FAMILY_POLICIES.includes(ipFamilyPolicy)
      ? []
      : [notSupported("spec.ipFamilyPolicy", ipFamilyPolicy, FAMILY_POLICIES)]),
  ];
}

function validateAddresses(clusterIPs: readonly string[]): FieldError[] {
  return clusterIPs.flatMap((ip, index) => {
    if (index !== 0 || ip !== "None") return invalidFor(`spec.clusterIPs[${index}]`, ip, ipProblems(ip));
    return clusterIPs.length === 1
      ? []
      : [invalid("spec.clusterIPs", clusterIPs, "'None' must be the first and only value")];
  });
}

function validateAgainstFamilies(spec: ServiceSpec, clusterIPs: readonly string[]): FieldError[] {
  const [first = "", second] = clusterIPs;
  const isMixed = second === undefined || isIPv6(first) !== isIPv6(second);
  const families = isHeadless(spec) ? [] : (spec.ipFamilies ?? []);
  return [
    ...(isMixed ? [] : [invalid("spec.clusterIPs", clusterIPs, "may specify no more than one IP for each IP family")]),
    ...clusterIPs.flatMap((ip, index) => {
      const family = families[index];
      if (family === undefined || isIPv6(ip) === (family === "IPv6")) return [];
      return [
        invalid(
          `spec.clusterIPs[${index}]`,
          ip,
          `expected an ${family} value as indicated by \`ipFamilies[${index}]\``,
        ),
      ];
    }),
  ];
}

/** A Service keeps its first address and family for as long as it has a type with addresses. */
export function validateClusterIPsUpdate(spec: ServiceSpec, previous: ServiceSpec): FieldError[] {
  if (spec.type === "ExternalName" || previous.type === "ExternalName") return [];
  if (isHeadless(spec) && isHeadless(previous)) return [];
  return [
    ...validateListUpdate("clusterIP", spec, previous),
    ...(isHeadless(spec) === isHeadless(previous) ? validateListUpdate("ipFamily", spec, previous) : []),
  ];
}

const LISTS = { clusterIP: "clusterIPs", ipFamily: "ipFamilies" } as const;

function validateListUpdate(what: keyof typeof LISTS, spec: ServiceSpec, previous: ServiceSpec): FieldError[] {
  const values = spec[LISTS[what]] ?? [];
  const before = previous[LISTS[what]] ?? [];
  const path = `spec.${LISTS[what]}`;
  if (values.length === 0) {
    return before.length === 0 ? [] : [invalid(`${path}[0]`, null, `primary ${what} can not be unset`)];
  }
  const compared = values.length === before.length ? before.length : Math.min(before.length, 1);
  const releases = values.length < before.length && spec.ipFamilyPolicy !== "SingleStack";
  return [
    ...before
      .slice(0, compared)
      .flatMap((value, index) =>
        value === values[index] ? [] : [invalid(`${path}[${index}]`, values, "may not change once set")],
      ),
    ...(releases
      ? [
          invalid(
            "spec.ipFamilyPolicy",
            spec.ipFamilyPolicy,
            `must be set to 'SingleStack' when releasing the secondary ${what}`,
          ),
        ]
      : []),
  ];
}
