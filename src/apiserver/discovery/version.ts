/** What `/version` answers: `version.Info`. */
export interface VersionInfo {
  readonly major: string;
  readonly minor: string;
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

/**
 * Clients compare `gitVersion` as a semantic version, so what is our own stands behind the plus sign.
 *
 * @param release - Of Fairlead: `0.1.0`.
 */
export function versionInfo(release: string, platform: string): VersionInfo {
  return {
    major: "1",
    minor: KUBERNETES_MINOR,
    gitVersion: `v1.${KUBERNETES_MINOR}.0+fairlead-${release}`,
    gitCommit: "",
    gitTreeState: "clean",
    buildDate: "1970-01-01T00:00:00Z",
    goVersion: "none",
    compiler: "none",
    platform,
  };
}
