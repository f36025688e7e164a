import type { Container } from "@fairlead/api/core/v1/pod/container";
import { milliValue, wholeValue } from "../resources/quantity-value.ts";

/**
 * What a container may or asks to use, as the downward API prints it: in units of the divisor, rounded up.
 * A container without a limit may use what the node has.
 *
 * @param allocatable - The node's.
 * @throws for a resource the downward API does not know.
 */
export function resourceValue(
  { resources }: { readonly resources?: Partial<Container["resources"]> | undefined },
  { resource, divisor }: { readonly resource: string; readonly divisor?: string | undefined },
  allocatable: Readonly<Record<string, string>>,
): string {
  const [, side, name = ""] = /^(limits|requests)\.(cpu|memory|ephemeral-storage|hugepages-.+)$/.exec(resource) ?? [];
  if (side === undefined) throw new Error(`unsupported container resource : ${resource}`);
  const limit = resources?.limits?.[name];
  const amount = side === "limits" ? (limit ?? allocatable[name]) : resources?.requests?.[name];
  const unit = divisor === undefined || wholeValue(divisor) === 0 ? "1" : divisor;
  const count = name === "cpu" ? milliValue(amount) / milliValue(unit) : wholeValue(amount) / wholeValue(unit);
  return String(Math.ceil(count));
}
