/** What can be set about the controllers. Names and defaults follow kube-controller-manager's flags. */
export interface ControllersOptions {
  /** The certificate authority that pods check the API server's certificate with, PEM. Published in every namespace. */
  readonly rootCA: string;
  /** Nodes get their pod ranges out of it. Default `10.244.0.0/16`. */
  readonly clusterCIDR?: string;
  /** Length of a node's range. Default 24 (64 for IPv6). */
  readonly nodeCIDRMaskSize?: number;
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
