/** A volume's folder: the properties that decide its mode. */
export interface VolumeFolder {
  /** A memory file system, or one in upstream's kubelet: its folder has the sticky bit, as the kernel makes it. */
  readonly inMemory: boolean;
  /** The pod's `fsGroup`. */
  readonly fsGroup: number | undefined;
}

const EVERYONE = 0o777;
const STICKY = 0o1000;
const SET_GID = 0o2000;

/** Returns the permission bits of a volume's folder. With an `fsGroup`, new files in it belong to that group, too. */
export function folderMode({ inMemory, fsGroup }: VolumeFolder): number {
  return EVERYONE | (inMemory ? STICKY : 0) | (fsGroup === undefined ? 0 : SET_GID);
}
