/**
 * Returns how many addresses at the start of a range are left for clients that name one, so that random ones do not take
 * them first (KEP-3070): a sixteenth of the range, at least 16 and at most 256.
 */
export function staticAddresses(rangeSize: number): number {
  return band(rangeSize, 16, 256);
}

/** The same for node ports (KEP-3668): a thirty-second of the range, at least 16 and at most 128. */
export function staticPorts(rangeSize: number): number {
  return band(rangeSize, 32, 128);
}

const MIN = 16;

function band(rangeSize: number, divisor: number, max: number): number {
  const wanted = Math.min(Math.max(MIN, Math.floor(rangeSize / divisor)), max);
  // A range that small has no room for two bands.
  return wanted >= rangeSize ? 0 : wanted;
}
