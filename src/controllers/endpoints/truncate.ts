import type { EndpointSubset } from "@fairlead/api/core/v1/endpoints/endpoints";

/** Most addresses that an Endpoints object may hold. */
export const ADDRESSES_MAX = 1000;

/**
 * Cuts subsets down to {@link ADDRESSES_MAX} addresses, each in proportion to what it has, ready ones before others.
 *
 * Returns `undefined` when nothing has to be cut.
 */
export function truncate(subsets: readonly EndpointSubset[]): readonly EndpointSubset[] | undefined {
  const ready = total(subsets, "addresses");
  const notReady = total(subsets, "notReadyAddresses");
  if (ready + notReady <= ADDRESSES_MAX) return undefined;
  return ready > ADDRESSES_MAX
    ? cut(subsets, { field: "addresses", of: ready, to: ADDRESSES_MAX }).map(
        ({ notReadyAddresses: _, ...rest }) => rest,
      )
    : cut(subsets, { field: "notReadyAddresses", of: notReady, to: ADDRESSES_MAX - ready });
}

type AddressField = "addresses" | "notReadyAddresses";

function total(subsets: readonly EndpointSubset[], field: AddressField): number {
  return subsets.reduce((sum, subset) => sum + (subset[field]?.length ?? 0), 0);
}

function cut(
  subsets: readonly EndpointSubset[],
  { field, of, to }: { readonly field: AddressField; readonly of: number; readonly to: number },
): readonly EndpointSubset[] {
  let left = to;
  return subsets.map((subset) => {
    const addresses = subset[field] ?? [];
    const share = Math.min(left, addresses.length, Math.ceil((addresses.length / of) * to));
    left -= share;
    const { [field]: _, ...rest } = subset;
    return share === 0 ? rest : { ...rest, [field]: addresses.slice(0, share) };
  });
}
