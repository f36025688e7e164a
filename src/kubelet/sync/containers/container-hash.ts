import type { RuntimeContainer } from "../../runtime/pod-runtime.ts";

/** Upstream's annotation for what a container was made from. */
export const HASH_ANNOTATION = "io.kubernetes.container.hash";

/** The fields of a container that are hashed. */
type Hashed = { readonly name: string; readonly image: string };

/**
 * Changes when a container must be recreated: only its name and its image can change in a pod that runs.
 * FNV-1a of 32 bits, in hexadecimal.
 */
export function containerHash({ name, image }: Hashed): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(JSON.stringify({ name, image }))) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return hash.toString(16);
}

/** Whether a container runs something else than its spec says now. */
export function definitionChanged(container: Hashed, instance: Pick<RuntimeContainer, "annotations">): boolean {
  const made = instance.annotations[HASH_ANNOTATION];
  return made !== undefined && made !== containerHash(container);
}
