import { cidrProblems, isIPv6 } from "../../../addresses.ts";
import { repeatedIndices } from "../../../by-key.ts";
import { deepEqual } from "../../../deep-equal.ts";
import type { FieldError } from "../../../field-error.ts";
import { duplicate, forbidden, invalid, invalidFor, notSupported, required } from "../../../field-error.ts";
import { labelKeyProblems, labelValueProblems } from "../../../names.ts";
import { quantityOf } from "../../../quantity.ts";
import type { Node, Taint } from "./node-schema.ts";

const EFFECTS = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

/** What is wrong with a Node. */
export function validateNode(node: Node, previous?: Node): FieldError[] {
  const { taints = [], podCIDRs = [] } = node.spec;
  const repeated = repeatedIndices(taints, ({ key, effect }) => `${effect} ${key}`);
  return [
    ...(previous === undefined ? [] : validateUpdate(node, previous)),
    ...taints.flatMap((taint, index) => validateTaint(taint, index, repeated.has(index))),
    ...validateQuantities(node.status.capacity, "status.capacity"),
    ...validateQuantities(node.status.allocatable, "status.allocatable"),
    ...validatePodCIDRs(podCIDRs),
  ];
}

function validateTaint(taint: Taint, index: number, isRepeated: boolean): FieldError[] {
  const { key, value = "", effect } = taint;
  const path = `metadata.taints[${index}]`;
  return [
    ...invalidFor(`${path}.key`, key, labelKeyProblems(key)),
    ...invalidFor(`${path}.value`, value, labelValueProblems(value)),
    ...validateTaintEffect(effect, `${path}.effect`),
    ...(isRepeated ? [withDetail(duplicate(path, taint), "taints must be unique by key and effect pair")] : []),
  ];
}

function withDetail(error: FieldError, detail: string): FieldError {
  return { ...error, message: `${error.message}: ${detail}` };
}

function validateTaintEffect(effect: string, path: string): FieldError[] {
  if (effect === "") return [required(path)];
  return EFFECTS.includes(effect) ? [] : [notSupported(path, effect, EFFECTS)];
}

function validateQuantities(amounts: Readonly<Record<string, string>> | undefined, path: string): FieldError[] {
  return Object.entries(amounts ?? {}).flatMap(([name, amount]) =>
    quantityOf(amount).nanos < 0n ? [invalid(`${path}.${name}`, amount, "must be greater than or equal to 0")] : [],
  );
}

function validatePodCIDRs(podCIDRs: readonly string[]): FieldError[] {
  const [first = "", second] = podCIDRs;
  const isMixed = second === undefined || (podCIDRs.length === 2 && isV6(first) !== isV6(second));
  return [
    ...podCIDRs.flatMap((cidr, index) => invalidFor(`spec.podCIDRs[${index}]`, cidr, cidrProblems(cidr))),
    ...(isMixed ? [] : [invalid("spec.podCIDRs", podCIDRs, "may specify no more than one CIDR for each IP family")]),
  ];
}

function isV6(cidr: string): boolean {
  return isIPv6(cidr.split("/")[0] ?? "");
}

function validateUpdate(node: Node, previous: Node): FieldError[] {
  const addresses = node.status.addresses ?? [];
  const mayNotChange = (what: string) => `node updates may not change ${what} except from "" to valid`;
  const changed = (before: unknown, now: unknown) => !isUnset(before) && !deepEqual(before, now);
  const repeated = repeatedIndices(addresses, ({ type, address }) => JSON.stringify([type, address]));
  return [
    ...addresses.flatMap((address, index) =>
      repeated.has(index) ? [duplicate(`status.addresses[${index}]`, address)] : [],
    ),
    ...(changed(previous.spec.podCIDRs, node.spec.podCIDRs)
      ? [forbidden("spec.podCIDRs", mayNotChange("podCIDR"))]
      : []),
    ...(changed(previous.spec.providerID, node.spec.providerID)
      ? [forbidden("spec.providerID", mayNotChange("providerID"))]
      : []),
  ];
}

function isUnset(value: unknown): boolean {
  return value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
}
