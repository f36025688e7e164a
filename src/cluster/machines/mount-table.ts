/** One line of a table of mounts (fstab(5)). */
export interface Mount {
  readonly source: string;
  /** Where it is mounted. */
  readonly at: string;
  readonly type: string;
  readonly options: string;
}

/** The table from which `mount --all --fstab` makes these mounts, in order. */
export function mountTable(mounts: readonly Mount[]): string {
  const lines = mounts.map(({ source, at, type, options }) => [source, at, type, options].map(word).join(" "));
  return lines.map((line) => `${line} 0 0\n`).join("");
}

/** Writes in octal what would end a word or begin a comment or an escape. */
function word(text: string): string {
  return text.replaceAll(/[ \t\n\\#]/g, (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, "0")}`);
}
