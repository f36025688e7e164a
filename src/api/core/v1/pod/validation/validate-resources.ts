import type { FieldError } from "../../../../field-error.ts";
import { invalid, invalidFor, required } from "../../../../field-error.ts";
import { labelKeyProblems } from "../../../../names.ts";
import { compareQuantities, quantityMilliValue, quantityOf } from "../../../../quantity.ts";
import type { ResourceRequirements } from "../container.ts";

const STANDARD: ReadonlySet<string> = new Set(["cpu", "memory", "ephemeral-storage"]);

type Amounts = Readonly<Record<string, string>>;

/** What is wrong with what a container asks for and with what it may use. */
export function validateResources({ limits = {}, requests = {} }: ResourceRequirements, path: string): FieldError[] {
  return [
    ...Object.entries(limits).flatMap(([name, amount]) => validateAmount(name, amount, `${path}.limits[${name}]`)),
    ...Object.entries(requests).flatMap(([name, amount]) => [
      ...validateAmount(name, amount, `${path}.requests[${name}]`),
      ...validateAgainstLimit(name, amount, limits, path),
    ]),
  ];
}

function validateAmount(name: string, amount: string, path: string): FieldError[] {
  const quantity = quantityOf(amount);
  return [
    ...validateContainerResourceName(name, path),
    ...(quantity.nanos < 0n ? [invalid(path, amount, "must be greater than or equal to 0")] : []),
    ...(isIndivisible(name) && quantityMilliValue(quantity) % 1000n !== 0n
      ? [invalid(path, amount, "must be an integer")]
      : []),
  ];
}

/** Checks the name of a resource that a container asks for: `cpu`, `example.com/gpu`. */
export function validateContainerResourceName(name: string, path: string): FieldError[] {
  const malformed = invalidFor(path, name, labelKeyProblems(name));
  if (malformed.length > 0) return malformed;
  if (!name.includes("/")) {
    if (STANDARD.has(name) || name.startsWith("hugepages-")) return [];
    return [
      invalid(path, name, "must be a standard resource type or fully qualified"),
      invalid(path, name, "must be a standard resource for containers"),
    ];
  }
  return isExtended(name) || isNative(name)
    ? []
    : [invalid(path, name, "doesn't follow extended resource name standard")];
}

function isNative(name: string): boolean {
  return !name.includes("/") || name.includes("kubernetes.io/");
}

function isExtended(name: string): boolean {
  return !isNative(name) && !name.startsWith("requests.");
}

function isIndivisible(name: string): boolean {
  return isExtended(name) || name.startsWith("hugepages-");
}

function validateAgainstLimit(name: string, amount: string, limits: Amounts, path: string): FieldError[] {
  const limit = limits[name];
  if (limit === undefined) {
    return isIndivisible(name)
      ? [required(`${path}.limits`, "Limit must be set for non overcommitable resources")]
      : [];
  }
  const order = compareQuantities(quantityOf(amount), quantityOf(limit));
  if (order !== 0 && isIndivisible(name)) {
    return [invalid(`${path}.requests`, amount, `must be equal to ${name} limit of ${limit}`)];
  }
  if (order <= 0) return [];
  return [invalid(`${path}.requests`, amount, `must be less than or equal to ${name} limit of ${limit}`)];
}
