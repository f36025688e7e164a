/** A volume of a pod that is ready to be mounted into containers. */
export interface MountedVolume {
  /** The folder or file on this machine. */
  readonly path: string;
  /** No container may write to it, whatever its own mount says. */
  readonly readOnly: boolean;
}

/** The volumes of a pod by their names in it. */
export type MountedVolumes = ReadonlyMap<string, MountedVolume>;
