import type { Service, ServiceSpec } from "@fairlead/api/core/v1/service/service";
import { deepEqual } from "@fairlead/api/deep-equal";
import { type FieldError, invalid } from "@fairlead/api/field-error";
import ipaddr from "ipaddr.js";
import type { IPFamily } from "./ip-range.ts";

/** The Service with its families, or which fields make that impossible. */
export type FamiliesOutcome =
  | { readonly service: Service; readonly errors?: undefined }
  | { readonly errors: readonly FieldError[] };

const POLICY = "spec.ipFamilyPolicy";

/**
 * Fills in `ipFamilyPolicy` and `ipFamilies` by what the Service says and what the cluster has, or says why they cannot be.
 *
 * @param configured - The families of the cluster's ranges of Services, the first being the default.
 * @param previous - The stored Service, on an update.
 */
export function withIpFamilies(
  service: Service,
  configured: readonly IPFamily[],
  previous: Service | undefined,
): FamiliesOutcome {
  if (service.spec.type === "ExternalName" || isUntouchedPreference(service, previous)) return { service };
  const chosen = withPolicy(service.spec, previous?.spec);
  const spec = previous === undefined ? chosen : withoutReleased(chosen, previous.spec);
  const early = [
    ...reductionErrors(spec, previous?.spec),
    ...singleStackErrors(spec),
    ...unknownIpErrors(spec, configured),
  ];
  if (early.length > 0) return { errors: early };
  const inferred = withFamiliesOfIps(spec);
  if (isHeadlessWithoutSelector(inferred)) return withFamilies(service, bothIfWanted(inferred, configured, 2));
  const late = configurationErrors(inferred, configured);
  if (late.length > 0) return { errors: late };
  return withFamilies(service, bothIfWanted(inferred, configured, configured.length));
}

function withFamilies(service: Service, spec: ServiceSpec): FamiliesOutcome {
  return { service: { ...service, spec } };
}

/** A Service that prefers two families is not changed by the cluster's getting a second one. */
function isUntouchedPreference({ spec }: Service, previous: Service | undefined): boolean {
  const before = previous?.spec;
  return (
    before !== undefined &&
    before.type === spec.type &&
    before.ipFamilyPolicy === "PreferDualStack" &&
    spec.ipFamilyPolicy === "PreferDualStack" &&
    deepEqual(before.clusterIPs, spec.clusterIPs) &&
    deepEqual(before.ipFamilies, spec.ipFamilies)
  );
}

function withPolicy(spec: ServiceSpec, previous: ServiceSpec | undefined): ServiceSpec {
  const byDefault = isHeadlessWithoutSelector(spec) ? "RequireDualStack" : "SingleStack";
  return { ...spec, ipFamilyPolicy: spec.ipFamilyPolicy ?? previous?.ipFamilyPolicy ?? byDefault };
}

/** To become single-stack it is enough to say so. */
function withoutReleased(spec: ServiceSpec, previous: ServiceSpec): ServiceSpec {
  if (spec.ipFamilyPolicy !== "SingleStack") return spec;
  const first = <T>(list: readonly T[] | undefined, before: readonly T[] | undefined) =>
    deepEqual(list, before) ? list?.slice(0, 1) : list;
  return {
    ...spec,
    clusterIPs: first(spec.clusterIPs, previous.clusterIPs),
    ipFamilies: first(spec.ipFamilies, previous.ipFamilies),
  };
}

function reductionErrors(spec: ServiceSpec, previous: ServiceSpec | undefined): FieldError[] {
  if (previous === undefined || spec.ipFamilyPolicy === "SingleStack") return [];
  const isReduced = (now: readonly string[] = [], before: readonly string[] = []) =>
    now.length > 0 && now.length < before.length;
  const error = (what: string) =>
    invalid(POLICY, spec.ipFamilyPolicy, `must be 'SingleStack' to release the secondary ${what}`);
  return [
    ...(isReduced(spec.clusterIPs, previous.clusterIPs) ? [error("cluster IP")] : []),
    ...(isReduced(spec.ipFamilies, previous.ipFamilies) ? [error("IP family")] : []),
  ];
}

function singleStackErrors({ ipFamilyPolicy, clusterIPs = [], ipFamilies = [] }: ServiceSpec): FieldError[] {
  if (ipFamilyPolicy !== "SingleStack") return [];
  const error = (what: string) =>
    invalid(
      POLICY,
      ipFamilyPolicy,
      `must be 'RequireDualStack' or 'PreferDualStack' when multiple ${what} are specified`,
    );
  return [
    ...(clusterIPs.length === 2 ? [error("cluster IPs")] : []),
    ...(ipFamilies.length === 2 ? [error("IP families")] : []),
  ];
}

function unknownIpErrors(
  { clusterIPs = [], ipFamilies = [] }: ServiceSpec,
  configured: readonly IPFamily[],
): FieldError[] {
  return clusterIPs.flatMap((ip, i) => {
    if (ip === "None" || ip === "" || i < ipFamilies.length || configured.includes(familyOf(ip))) return [];
    return [invalid(`spec.clusterIPs[${i}]`, clusterIPs, `${familyOf(ip)} is not configured on this cluster`)];
  });
}

function withFamiliesOfIps(spec: ServiceSpec): ServiceSpec {
  const given = spec.ipFamilies ?? [];
  const ips = (spec.clusterIPs ?? []).filter((ip) => ip !== "None" && ip !== "");
  return { ...spec, ipFamilies: [...given, ...ips.slice(given.length).map(familyOf)] };
}

function configurationErrors(
  { ipFamilyPolicy, ipFamilies = [] }: ServiceSpec,
  configured: readonly IPFamily[],
): FieldError[] {
  const isDual = configured.length > 1;
  return [
    ...(ipFamilyPolicy === "RequireDualStack" && !isDual
      ? [invalid(POLICY, ipFamilyPolicy, "this cluster is not configured for dual-stack services")]
      : []),
    ...ipFamilies.flatMap((family, i) =>
      configured.some((one) => one === family)
        ? []
        : [invalid(`spec.ipFamilies[${i}]`, family, "not configured on this cluster")],
    ),
  ];
}

/** @param familiesMax - How many families the Service may have if it wants two. */
function bothIfWanted(spec: ServiceSpec, configured: readonly IPFamily[], familiesMax: number): ServiceSpec {
  const given = spec.ipFamilies ?? [];
  const families = given.length === 0 ? configured.slice(0, 1) : given;
  const wantsTwo = spec.ipFamilyPolicy !== "SingleStack" && families.length === 1 && familiesMax === 2;
  return { ...spec, ipFamilies: wantsTwo ? [...families, families[0] === "IPv4" ? "IPv6" : "IPv4"] : families };
}

function isHeadlessWithoutSelector({ clusterIPs = [], selector = {} }: ServiceSpec): boolean {
  return clusterIPs[0] === "None" && Object.keys(selector).length === 0;
}

function familyOf(ip: string): IPFamily {
  return ipaddr.IPv4.isValid(ip) ? "IPv4" : "IPv6";
}
