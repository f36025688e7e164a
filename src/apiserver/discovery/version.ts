import type { Build } from "@fairlead/lib/version";

/** What `/version` answers: `version.Info`. */
export interface VersionInfo {
  readonly major: string;
  readonly minor: string;
  /** The release whose behaviour is served: the same, as this program emulates no older one. */
  readonly emulationMajor: string;
  readonly emulationMinor: string;
  /** The oldest release whose stored objects are understood. */
  readonly minCompatibilityMajor: string;
  readonly minCompatibilityMinor: string;
  readonly gitVersion: string;
  readonly gitCommit: string;
  readonly gitTreeState: string;
  readonly buildDate: string;
  readonly goVersion: string;
  readonly compiler: string;
  readonly platform: string;
}

/** The release of Kubernetes whose API is served. */
const KUBERNETES_MINOR = "35";
const COMPATIBLE_MINOR = "34";

/**
 * Clients compare `gitVersion` as a semantic version, so what is our own stands behind the plus sign.
 *
 * @param build - Where the program comes from.
 * @param platform - `linux/amd64`
 */
export function versionInfo({ fairlead, commit, treeState, date }: Build, platform: string): VersionInfo {
  return {
    major: "1",
    minor: KUBERNETES_MINOR,
    emulationMajor: "1",
    emulationMinor: KUBERNETES_MINOR,
    minCompatibilityMajor: "1",
    minCompatibilityMinor: COMPATIBLE_MINOR,
    gitVersion: `v1.${KUBERNETES_MINOR}.0+fairlead-${fairlead}`,
    gitCommit: commit,
    gitTreeState: treeState,
    buildDate: date,
    goVersion: `node${process.versions.node}`,
    compiler: "v8",
    platform,
  };
}
