/** RFC 3339 with seconds, as the API writes times. */
export function apiTime(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/\.\d+Z$/, "Z");
}

/** RFC 3339 with microseconds, as leases and event series have it. */
export function apiMicroTime(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/Z$/, "000Z");
}
