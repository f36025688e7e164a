/** What a probe is about. */
export type ProbeKind = "startup" | "liveness" | "readiness";

/** A probe's last result that reached its threshold. Absent: none yet. */
export type ProbeResult = "success" | "failure";

/** What the probes of one container say. */
export type ContainerProbes = Readonly<Partial<Record<ProbeKind, ProbeResult>>>;

/** The results of all probes of a pod, by container id. */
export interface ProbeResults {
  of(containerId: string): ContainerProbes;
}

/** For pods without probes, and for tests. */
export const NO_PROBES: ProbeResults = { of: () => ({}) };
