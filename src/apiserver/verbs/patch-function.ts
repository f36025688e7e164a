import type { Kind, KubeObject } from "../../api/kind.ts";

/** From the stored object to the JSON that a patch makes of it. */
export type PatchFunction = (current: KubeObject | undefined) => unknown;

/** Reads a patch of one of the known media types. */
export function patchFunction(_kind: Kind, _mediaType: string, patch: unknown): PatchFunction {
  return (current) => merged(current, patch);
}

function merged(current: unknown, patch: unknown): unknown {
  if (typeof patch !== "object" || patch === null || Array.isArray(patch)) return patch;
  const base = typeof current === "object" && current !== null && !Array.isArray(current) ? current : {};
  const out: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete out[key];
    else out[key] = merged(out[key], value);
  }
  return out;
}
