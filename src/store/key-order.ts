/**
 * Compares two keys by their UTF-8 bytes, as etcd and SQLite do. Negative when `a` comes first.
 *
 * JavaScript's own `<` compares UTF-16 units, which puts characters beyond U+FFFF before U+E000.
 */
export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left !== right) return utf8Rank(left) - utf8Rank(right);
  }
  return a.length - b.length;
}

/** Moves surrogates, which stand for characters beyond U+FFFF, behind all other units. */
function utf8Rank(unit: number): number {
  return unit >= 0xd800 && unit < 0xe000 ? unit + 0x1_0000 : unit;
}
