import {
  CAPACITY_DEFAULT,
  CAPACITY_MIN,
  type CacheConfig,
  type CacheLimits,
  TTL_MIN_SECONDS,
} from "../../cache/cache-config.ts";
import { CorefileError } from "../corefile-error.ts";
import type { Directive } from "../parse-corefile.ts";
import { checkCount, domainName, durationMs, integer, unsupported } from "../values.ts";
import type { ReadPlugin } from "./plugin.ts";

const SUCCESS_TTL_SECONDS = 3_600;
const DENIAL_TTL_SECONDS = 1_800;
const SERVFAIL_SECONDS = 5;
const SERVFAIL_SECONDS_MAX = 300;
const HOUR_MS = 3_600_000;
const TTL_SECONDS_MAX = 2 ** 31 - 1;
/** More would not fit into the memory of a node's DNS server. */
const CAPACITY_MAX = 1_000_000;

/** `cache [TTL] [ZONES...] { … }` */
export const readCache: ReadPlugin = (directive, { zones, cache }) => {
  const { args, line } = directive;
  if (cache !== undefined) throw new CorefileError(line, "cache is there twice in this server block");
  const hasTtl = /^\d+$/.test(args[0] ?? "");
  const ttl = hasTtl ? integer(args[0], line, { min: 1, max: TTL_SECONDS_MAX }) : undefined;
  const own = args.slice(hasTtl ? 1 : 0).map((zone) => domainName(zone, line));
  const start: CacheConfig = {
    zones: own.length > 0 ? own : zones,
    success: limits(ttl ?? SUCCESS_TTL_SECONDS),
    denial: limits(ttl ?? DENIAL_TTL_SECONDS),
    servfailSeconds: SERVFAIL_SECONDS,
    successDisabled: [],
    denialDisabled: [],
    prefetch: undefined,
    serveStale: undefined,
    keepTtl: false,
  };
  let config = start;
  for (const option of directive.options) config = { ...config, ...readOption(option, config) };
  return { cache: config };
};

function limits(ttlMaxSeconds: number): CacheLimits {
  return { capacity: CAPACITY_DEFAULT, ttlMaxSeconds, ttlMinSeconds: Math.min(TTL_MIN_SECONDS, ttlMaxSeconds) };
}

function readOption(option: Directive, before: CacheConfig): Partial<CacheConfig> {
  const { name, line } = option;
  switch (name) {
    case "success":
      return { success: readLimits(option, before.success) };
    case "denial":
      return { denial: readLimits(option, before.denial) };
    case "prefetch":
      return { prefetch: readPrefetch(option) };
    case "serve_stale":
      return { serveStale: readServeStale(option) };
    case "servfail":
      checkCount(option, 1);
      return { servfailSeconds: readServfail(option) };
    case "disable":
      return readDisable(option, before);
    case "keepttl":
      checkCount(option, 0);
      return { keepTtl: true };
    default:
      throw unsupported(`option "${name}" of cache`, line);
  }
}

function readLimits(option: Directive, before: CacheLimits): CacheLimits {
  checkCount(option, 1, 3);
  const [capacity, ttlMax, ttlMin] = option.args;
  const seconds = (text: string, min: number) => integer(text, option.line, { min, max: TTL_SECONDS_MAX });
  const ttlMaxSeconds = ttlMax === undefined ? before.ttlMaxSeconds : seconds(ttlMax, 1);
  return {
    capacity: Math.max(CAPACITY_MIN, integer(capacity, option.line, { min: 1, max: CAPACITY_MAX })),
    ttlMaxSeconds,
    ttlMinSeconds: ttlMin === undefined ? Math.min(before.ttlMinSeconds, ttlMaxSeconds) : seconds(ttlMin, 0),
  };
}

function readPrefetch(option: Directive): CacheConfig["prefetch"] {
  checkCount(option, 1, 3);
  const [amount, gap = "1m", percentage = "10%"] = option.args;
  const { line } = option;
  if (!/^\d+%$/.test(percentage)) throw new CorefileError(line, `"${percentage}" is no percentage: write it like 10%`);
  return {
    amount: integer(amount, line, { min: 1, max: Number.MAX_SAFE_INTEGER }),
    gapMs: durationMs(gap, line),
    percentage: integer(percentage.slice(0, -1), line, { min: 10, max: 90 }),
  };
}

/** `serve_stale [DURATION] [immediate [RESPONSE_TTL [FAILURE_RECHECK]] | verify [TIMEOUT [RESPONSE_TTL [FAILURE_RECHECK]]]]` */
function readServeStale(option: Directive): CacheConfig["serveStale"] {
  checkCount(option, 0, 5);
  const { args, line } = option;
  const [duration, mode = "immediate", ...rest] = args;
  if (mode !== "immediate" && mode !== "verify")
    throw new CorefileError(line, `"${mode}" is neither immediate nor verify`);
  const verify = mode === "verify" ? (rest.shift() ?? "0") : "0";
  const [ttl = "0", recheck = "0", ...more] = rest;
  if (more.length > 0) throw new CorefileError(line, "serve_stale has too many arguments");
  const ttlMs = durationMs(ttl, line);
  if (ttlMs % 1_000 !== 0) throw new CorefileError(line, `"${ttl}" is no whole number of seconds`);
  return {
    forMs: duration === undefined ? HOUR_MS : durationMs(duration, line),
    mode,
    verifyMs: durationMs(verify, line),
    ttlSeconds: ttlMs / 1_000,
    recheckMs: durationMs(recheck, line),
  };
}

function readServfail({ args, line }: Directive): number {
  const seconds = durationMs(args[0] ?? "", line) / 1_000;
  if (seconds > SERVFAIL_SECONDS_MAX) throw new CorefileError(line, "servfail is at most 5m");
  return seconds;
}

function readDisable(option: Directive, before: CacheConfig): Partial<CacheConfig> {
  checkCount(option, 1, Number.POSITIVE_INFINITY);
  const [type, ...names] = option.args;
  const zones = names.length > 0 ? names.map((zone) => domainName(zone, option.line)) : before.zones;
  if (type === "success") return { successDisabled: [...before.successDisabled, ...zones] };
  if (type === "denial") return { denialDisabled: [...before.denialDisabled, ...zones] };
  throw new CorefileError(option.line, `"${type}" is neither success nor denial`);
}
