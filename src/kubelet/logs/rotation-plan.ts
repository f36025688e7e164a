/** Where a log file is moved to: upstream's name, the file's with the time behind it. */
export function rotatedName(file: string, now: number): string {
  const time = new Date(now).toISOString().replaceAll(/[-:]/g, "").replace("T", "-").replace(/\..*/, "");
  return `${file}.${time}`;
}

/** The oldest of the moved files beyond those to keep. Names sort by time. */
export function surplus(names: readonly string[], current: string, keep: number): readonly string[] {
  const moved = names.filter((name) => name.startsWith(`${current}.`)).toSorted();
  return moved.slice(0, Math.max(0, moved.length - keep));
}
