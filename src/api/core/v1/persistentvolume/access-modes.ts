/** Access modes and their abbreviations, in the order in which they are printed. */
const ABBREVIATIONS: ReadonlyMap<string, string> = new Map([
  ["ReadWriteOnce", "RWO"],
  ["ReadOnlyMany", "ROX"],
  ["ReadWriteMany", "RWX"],
  ["ReadWriteOncePod", "RWOP"],
]);

/** Every access mode, in the order of the alphabet, as refusals list them. */
export const ACCESS_MODES: readonly string[] = [...ABBREVIATIONS.keys()].sort();

/** `RWO,ROX`: as `kubectl get` prints them, each once. */
export function accessModesCell(modes: readonly string[] = []): string {
  return [...ABBREVIATIONS].flatMap(([mode, short]) => (modes.includes(mode) ? [short] : [])).join(",");
}
