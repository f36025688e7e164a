import packageJson from "./package.json" with { type: "json" };

/** Which release this is. */
export interface Version {
  /** Of this program. */
  readonly fairlead: string;
  /** The Kubernetes version whose API this is, with this program's version behind it: `v1.35.0+fairlead-0.1.0`. */
  readonly kubernetes: string;
}

/** The Kubernetes release whose behaviour is followed. */
export const KUBERNETES_VERSION = "v1.35.0";

/** The versions that this program answers with. */
export function readVersion(): Version {
  return { fairlead: packageJson.version, kubernetes: `${KUBERNETES_VERSION}+fairlead-${packageJson.version}` };
}

/** Release of this program and the sources of its build. */
export interface Build {
  /** The release: `0.1.0`. */
  readonly fairlead: string;
  /** The Git commit, 40 hexadecimal digits; zeros where there is no Git to ask. */
  readonly commit: string;
  /** `clean`; `dirty` when the sources were changed after the commit; `archive` without Git. */
  readonly treeState: "clean" | "dirty" | "archive";
  /** When the bundle was made, in RFC 3339's form; the epoch for sources that run without a bundle. */
  readonly date: string;
}

/** Defined by the bundler. */
declare const FAIRLEAD_BUILD: Omit<Build, "fairlead"> | undefined;

/** Build of sources that run unbundled. */
const UNBUNDLED: Omit<Build, "fairlead"> = {
  commit: "0".repeat(40),
  treeState: "archive",
  date: "1970-01-01T00:00:00Z",
};

/** Returns the build of this program. */
export function readBuild(): Build {
  const build = typeof FAIRLEAD_BUILD === "undefined" ? UNBUNDLED : FAIRLEAD_BUILD;
  return { fairlead: packageJson.version, ...build };
}
