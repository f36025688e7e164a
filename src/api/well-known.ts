/**
 * Names in metadata by which parts meet that know nothing of each other.
 * https://kubernetes.io/docs/reference/labels-annotations-taints/
 */

export const LABEL = {
  arch: "kubernetes.io/arch",
  controlPlane: "node-role.kubernetes.io/control-plane",
  /** On a node: no load balancer sends anything there. */
  excludeFromBalancers: "node.kubernetes.io/exclude-from-external-load-balancers",
  /** On a Service's Endpoints and slices: it has no address. */
  headless: "service.kubernetes.io/headless",
  hostname: "kubernetes.io/hostname",
  instanceType: "node.kubernetes.io/instance-type",
  /** Which program writes Endpoints. */
  managedByOfEndpoints: "endpoints.kubernetes.io/managed-by",
  /** Which program writes an EndpointSlice. */
  managedByOfSlice: "endpointslice.kubernetes.io/managed-by",
  os: "kubernetes.io/os",
  region: "topology.kubernetes.io/region",
  /** The Service that an EndpointSlice belongs to. */
  serviceName: "kubernetes.io/service-name",
  /** On Endpoints: no slices are made of them. */
  skipMirror: "endpointslice.kubernetes.io/skip-mirror",
  zone: "topology.kubernetes.io/zone",
} as const;

/** Earlier names of labels of nodes, which upstream still writes and reads. */
export const BETA_LABEL = {
  arch: "beta.kubernetes.io/arch",
  instanceType: "beta.kubernetes.io/instance-type",
  os: "beta.kubernetes.io/os",
  region: "failure-domain.beta.kubernetes.io/region",
  zone: "failure-domain.beta.kubernetes.io/zone",
} as const;

export const ANNOTATION = {
  /** On a service account: its pods may use only the Secrets that it lists. */
  enforceMountableSecrets: "kubernetes.io/enforce-mountable-secrets",
  /** What `kubectl apply` has applied, as JSON. */
  lastApplied: "kubectl.kubernetes.io/last-applied-configuration",
  /** On a pod that shows what a kubelet runs out of a file of its own. */
  mirrorPod: "kubernetes.io/config.mirror",
} as const;

export const TAINT = {
  notReady: "node.kubernetes.io/not-ready",
  unreachable: "node.kubernetes.io/unreachable",
  unschedulable: "node.kubernetes.io/unschedulable",
} as const;

export const FINALIZER = {
  /** On a claim that a pod uses. */
  claimInUse: "kubernetes.io/pvc-protection",
  /** On a Service that a load balancer has given something to. */
  loadBalancer: "service.kubernetes.io/load-balancer-cleanup",
  /** On a volume that is bound. */
  volumeInUse: "kubernetes.io/pv-protection",
} as const;

/** Types of Secrets whose data has a fixed form. */
export const SECRET_TYPE = {
  basicAuth: "kubernetes.io/basic-auth",
  dockerCfg: "kubernetes.io/dockercfg",
  dockerConfigJson: "kubernetes.io/dockerconfigjson",
  serviceAccountToken: "kubernetes.io/service-account-token",
  sshAuth: "kubernetes.io/ssh-auth",
  tls: "kubernetes.io/tls",
} as const;
