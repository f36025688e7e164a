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
 * @param preloaded - Libraries that are loaded into the program besides, as in `LD_PRELOAD` (ld.so(8)).
 */
export function allocatorEnvironment(preloaded = process.env.LD_PRELOAD): Readonly<Record<string, string>> {
  return {
    LD_PRELOAD: preloaded ? `${JEMALLOC}:${preloaded}` : JEMALLOC,
    // One arena, and few objects kept by each thread: free ones in between take up pages that are used no more.
    MALLOC_CONF:
      "background_thread:true,narenas:1,tcache_nslots_small_max:32,tcache_max:4096,dirty_decay_ms:5000,muzzy_decay_ms:0",
  };
}

/** Takes the variables back out of this program's environment, so that the programs it starts are as they are elsewhere. */
export function forgetAllocator(env: NodeJS.ProcessEnv = process.env): void {
  const libraries = env.LD_PRELOAD?.split(":") ?? [];
  if (!libraries.includes(JEMALLOC)) return;
  const others = libraries.filter((library) => library !== JEMALLOC);
  delete env.MALLOC_CONF;
  if (others.length === 0) delete env.LD_PRELOAD;
  else env.LD_PRELOAD = others.join(":");
}
