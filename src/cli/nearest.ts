/**
 * Returns the candidate that a mistyped word most likely means: the one with the fewest inserted, deleted, replaced and
 * swapped characters, at most one for each three characters begun, or one that begins with the word. `undefined` when
 * none is near.
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  // Longer words are no typing mistakes, and would make the comparison slow.
  if (word.length < 2 || word.length > 40) return undefined;
  const limit = Math.ceil(word.length / 3);
  const near = candidates
    .map((candidate) => ({ candidate, edits: editsBetween(word, candidate) }))
    .filter(({ candidate, edits }) => edits <= limit || candidate.startsWith(word));
  return near.sort((a, b) => a.edits - b.edits)[0]?.candidate;
}

/** The optimal string alignment distance: each of the four kinds of edit costs one. */
function editsBetween(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) => Array.from({ length: b.length + 1 }, (_, j) => i || j));
  const at = (i: number, j: number) => rows[i]?.[j] ?? 0;
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const edits = Math.min(
        at(i - 1, j) + 1,
        at(i, j - 1) + 1,
        at(i - 1, j - 1) + (isSame ? 0 : 1),
        isSwap ? at(i - 2, j - 2) + 1 : Number.POSITIVE_INFINITY,
      );
      const row = rows[i];
      if (row !== undefined) row[j] = edits;
    }
  }
  return at(a.length, b.length);
}
