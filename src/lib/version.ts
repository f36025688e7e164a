import packageJson from "../../package.json" with { type: "json" };

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
