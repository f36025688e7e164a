/** What can be set about the controllers. Names and defaults follow kube-controller-manager's flags. */
export interface ControllersOptions {
  /** The certificate authority that pods check the API server's certificate with, PEM. Published in every namespace. */
  readonly rootCA: string;
  /** Each node gets a pod range out of each of these. Default `10.244.0.0/16` alone. */
  readonly clusterCIDRs?: readonly string[];
  /** Length of a node's range by IP family. Default 24 and 64. */
  readonly nodeCIDRMaskSizes?: { readonly ipv4: number; readonly ipv6: number };
  /** Most endpoints in one slice. Default 100. */
  readonly endpointsPerSliceMax?: number;
  /** How long a node may be silent before it counts as gone, in milliseconds. Default 50 000. */
  readonly nodeMonitorGracePeriodMs?: number;
  /** How often nodes are looked at, in milliseconds. Default 5 000. */
  readonly nodeMonitorPeriodMs?: number;
  /** Ended pods that are kept; older ones are deleted first. Default 12 500. */
  readonly terminatedPodsMax?: number;
  /**
   * Removes the folder of a hostPath volume whose policy is Delete; only such below `/tmp/` are. Default: of the machine
   * that the controllers run on.
   */
  removeFolder?(folder: string): Promise<void>;
}
