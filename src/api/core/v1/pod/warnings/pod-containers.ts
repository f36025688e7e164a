import { goQuote } from "../../../../go-quote.ts";
import { parseQuantity, quantityMilliValue } from "../../../../quantity.ts";
import type { Container, EphemeralContainerCommon } from "../container.ts";
import type { PodSpec } from "../pod-schema.ts";

/** A container of any kind, and where it stands in its object. */
export interface LocatedContainer {
  readonly container: Container | EphemeralContainerCommon;
  /** `spec.containers[0]`. */
  readonly path: string;
}

/** Returns all containers of a pod in upstream's order: init containers first. */
export function containersOf(spec: PodSpec, path: string): readonly LocatedContainer[] {
  return [
    ...(spec.initContainers ?? []).map((container, i) => ({ container, path: `${path}.initContainers[${i}]` })),
    ...spec.containers.map((container, i) => ({ container, path: `${path}.containers[${i}]` })),
    ...(spec.ephemeralContainers ?? []).map((container, i) => ({
      container,
      path: `${path}.ephemeralContainers[${i}]`,
    })),
  ];
}

type Amounts = Readonly<Record<string, string>>;

/** Returns the warnings of amounts of bytes that are no whole numbers, such as `100m` of memory. */
export function fractionalByteWarnings(
  amounts: Amounts | undefined,
  path: string,
  resources: readonly string[] = ["memory", "ephemeral-storage"],
): readonly string[] {
  return resources.flatMap((resource) => {
    const amount = amounts !== undefined && Object.hasOwn(amounts, resource) ? amounts[resource] : undefined;
    if (amount === undefined || !isFractional(amount)) return [];
    return [`${path}[${resource}]: fractional byte value ${goQuote(amount)} is invalid, must be an integer`];
  });
}

function isFractional(text: string): boolean {
  const quantity = parseQuantity(text);
  return !("error" in quantity) && quantityMilliValue(quantity) % 1000n !== 0n;
}
