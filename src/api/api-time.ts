/** A moment in milliseconds since the epoch as `metav1.Time` is written: RFC 3339, UTC, whole seconds. */
export function apiTime(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`;
}

/** The same as `metav1.MicroTime`, with six decimals: in leases, and in series of events. */
export function apiMicroTime(epochMs: number): string {
  return new Date(epochMs).toISOString().replace("Z", "000Z");
}
