const ARCHITECTURE = process.arch === "arm64" ? "aarch64" : "x86_64";
/** Where Debian's package `libjemalloc2` has the library. */
export const JEMALLOC = `/usr/lib/${ARCHITECTURE}-linux-gnu/libjemalloc.so.2`;

/**
 * The variables with which a program's buffers, TLS and SQLite allocate through jemalloc.
 *
 * glibc's allocator gives back what is free at the end of its heap only, and after an hour of work small objects lie all over
 * it. jemalloc gives back any page a few seconds after its last use, also when the program is idle: a thread of its own does
 * it (jemalloc(3)).
 *
 * @param preloaded - `LD_PRELOAD` of the environment (ld.so(8)). Where it names libraries, they are left alone: one may be an
 *   allocator itself, or intercept calls that jemalloc needs before it can allocate, as libfaketime does.
 */
export function allocatorEnvironment(preloaded = process.env.LD_PRELOAD): Readonly<Record<string, string>> {
  if (preloaded) return {};
  return {
    LD_PRELOAD: JEMALLOC,
    // One arena, and few objects kept by each thread: free ones in between take up pages that are used no more.
    MALLOC_CONF:
      "background_thread:true,narenas:1,tcache_nslots_small_max:32,tcache_max:4096,dirty_decay_ms:5000,muzzy_decay_ms:0",
  };
}

/** Takes the variables back out of this program's environment, so that the programs it starts are as they are elsewhere. */
export function forgetAllocator(env: NodeJS.ProcessEnv = process.env): void {
  if (env.LD_PRELOAD !== JEMALLOC) return;
  delete env.LD_PRELOAD;
  delete env.MALLOC_CONF;
}
