/** The second that was last asked for: all writes of one second ask for it, most of them twice. */
let last = { second: Number.NaN, text: "" };

/** A moment in milliseconds since the epoch as `metav1.Time` is written: RFC 3339, UTC, whole seconds. */
export function apiTime(epochMs: number): string {
  const second = Math.floor(epochMs / 1000);
  if (second !== last.second) last = { second, text: `${new Date(second * 1000).toISOString().slice(0, 19)}Z` };
  return last.text;
}

/** The same as `metav1.MicroTime`, with six decimals: in leases, and in series of events. */
export function apiMicroTime(epochMs: number): string {
  return new Date(epochMs).toISOString().replace("Z", "000Z");
}
