/**
 * Gives every wanted endpoint a slot number from 0 on, without a gap, moving as few as possible.
 *
 * An endpoint keeps its slot; newcomers take freed slots first; what then lies beyond the end moves into the holes.
 * So one endpoint more or less changes at most two slots, however many there are.
 *
 * @param before - Endpoints by slot as they are now.
 * @param wanted - Endpoints as they shall be, each once.
 */
export function assignSlots(before: readonly string[], wanted: readonly string[]): readonly string[] {
  const missing = new Set(wanted);
  const slots: (string | undefined)[] = before.map((endpoint) => (missing.delete(endpoint) ? endpoint : undefined));
  const waiting = [...missing];

  const filled = slots.map((endpoint) => endpoint ?? waiting.shift());
  const kept = filled.slice(0, wanted.length);
  const moving = filled.slice(wanted.length).filter((endpoint) => endpoint !== undefined);
  return [...kept.map((endpoint) => endpoint ?? moving.shift() ?? ""), ...waiting];
}
