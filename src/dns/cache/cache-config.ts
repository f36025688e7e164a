/** How the answers of other resolvers are cached: the options of CoreDNS's cache plugin. */
export interface CacheConfig {
  /** Names below these are cached. Lower case, without the trailing dot; the root is empty. */
  readonly zones: readonly string[];
  readonly success: CacheLimits;
  readonly denial: CacheLimits;
  /** How long a SERVFAIL of an upstream is remembered; 0: not at all. At most 300. */
  readonly servfailSeconds: number;
  /** Names below these are not cached when they exist. */
  readonly successDisabled: readonly string[];
  /** Names below these are not cached when they do not exist. */
  readonly denialDisabled: readonly string[];
  /** Undefined: answers are asked for again when they have expired. */
  readonly prefetch: Prefetch | undefined;
  /** Undefined: an expired answer is never given. */
  readonly serveStale: ServeStale | undefined;
  /** Answers from the cache keep the TTL with which they came. */
  readonly keepTtl: boolean;
}

/** Bounds of one half of the cache. */
export interface CacheLimits {
  /** Most responses that are kept. */
  readonly capacity: number;
  readonly ttlMaxSeconds: number;
  readonly ttlMinSeconds: number;
}

/** Asks again for popular names before their answers expire. */
export interface Prefetch {
  /** A name is popular after this many questions without a gap of `gapMs`. */
  readonly amount: number;
  readonly gapMs: number;
  /** Of its TTL that an answer has left when it is asked for again; 10 to 90. */
  readonly percentage: number;
}

/** Gives answers that have expired (RFC 8767). */
export interface ServeStale {
  /** How long after their expiry. */
  readonly forMs: number;
  /** `immediate` gives the stale answer and asks meanwhile; `verify` asks first. */
  readonly mode: "immediate" | "verify";
  /** How long `verify` waits for the upstream; 0: as long as that may take. */
  readonly verifyMs: number;
  /** The TTL of stale answers. */
  readonly ttlSeconds: number;
  /** Pause after a refresh that failed, for one name; 0: none. */
  readonly recheckMs: number;
}

/** CoreDNS's capacity: 256 shards of 39. */
export const CAPACITY_DEFAULT = 9_984;
/** Below this, CoreDNS refuses a capacity, or raises it. */
export const CAPACITY_MIN = 1_024;
/** Shortest time for which an answer is cached unless the configuration has another, in seconds. */
export const TTL_MIN_SECONDS = 5;
