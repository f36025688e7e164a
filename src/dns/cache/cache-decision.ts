import { isBelowAny } from "../config/dns-config.ts";
import type { CacheConfig } from "./cache-config.ts";
import type { Cacheable } from "./cached-response.ts";

/** Where a response is kept, and for how long. Failures are kept among the denials, as CoreDNS does. */
export interface Keep {
  readonly type: "success" | "denial";
  readonly seconds: number;
}

/** Returns where and how long the response to a question for `name` is kept; undefined: it is not. */
export function keepOf(found: Cacheable, name: string, config: CacheConfig): Keep | undefined {
  const { success, denial, servfailSeconds } = config;
  switch (found.class) {
    case "none":
      return undefined;
    case "success":
      if (isBelowAny(name, config.successDisabled)) return undefined;
      return kept("success", clamp(found.ttlSeconds, success.ttlMinSeconds, success.ttlMaxSeconds));
    case "denial":
      if (isBelowAny(name, config.denialDisabled)) return undefined;
      return kept("denial", clamp(found.ttlSeconds, denial.ttlMinSeconds, denial.ttlMaxSeconds));
    case "servfail":
      return isBelowAny(name, config.denialDisabled) ? undefined : kept("denial", servfailSeconds);
  }
}

function kept(type: Keep["type"], seconds: number): Keep | undefined {
  return seconds > 0 ? { type, seconds } : undefined;
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}

/** Returns whether a popular answer is due to be asked for again: little of its TTL is left, at the latest one second. */
export function isDueForPrefetch(
  { hits, leftMs, keptMs }: { readonly hits: number; readonly leftMs: number; readonly keptMs: number },
  { amount, percentage }: { readonly amount: number; readonly percentage: number },
): boolean {
  return hits >= amount && leftMs <= Math.max(1_000, (keptMs * percentage) / 100);
}
