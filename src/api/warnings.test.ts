import assert from "node:assert/strict";
import { test } from "node:test";
import { daemonSetKind } from "./apps/v1/daemonset/daemonset.ts";
import { deploymentKind } from "./apps/v1/deployment/deployment.ts";
import { replicaSetKind } from "./apps/v1/replicaset/replicaset.ts";
import { complete } from "./complete.testing.ts";
import { endpointsKind } from "./core/v1/endpoints/endpoints.ts";
import { namespaceKind } from "./core/v1/namespace/namespace.ts";
import { nodeKind } from "./core/v1/node/node.ts";
import { persistentVolumeKind } from "./core/v1/persistentvolume/persistentvolume.ts";
import { persistentVolumeClaimKind } from "./core/v1/persistentvolumeclaim/persistentvolumeclaim.ts";
import { podKind } from "./core/v1/pod/pod.ts";
import { replicationControllerKind } from "./core/v1/replicationcontroller/replicationcontroller.ts";
import { secretKind } from "./core/v1/secret/secret.ts";
import { serviceKind } from "./core/v1/service/service.ts";
import { serviceAccountKind } from "./core/v1/serviceaccount/serviceaccount.ts";
import { endpointSliceKind } from "./discovery/v1/endpointslice/endpointslice.ts";
import type { Kind } from "./kind.ts";
import type { KubeObject } from "./resource-reference.ts";
import type { Draft } from "./schema.ts";

const metadata = { name: "x", namespace: "default" };
const DNS_LABEL = "must not contain dots";
const OS = 'deprecated since v1.14; use "kubernetes.io/os" instead';
const GONE_1_31 = "deprecated in v1.28, non-functional in v1.31+";
const GONE_1_25 = "deprecated in v1.22, non-functional in v1.25+";
const NO_POD = "a null labelSelector results in matching no pod";

interface Row {
  readonly name: string;
  warnings(): readonly string[];
  readonly want: readonly string[];
}

function row<T extends KubeObject>(
  name: string,
  kind: Kind<T>,
  draft: Draft<NoInfer<T>>,
  want: string[],
  previous?: Draft<NoInfer<T>>,
): Row {
  const before = previous === undefined ? undefined : complete(kind, previous);
  return { name, warnings: () => kind.warnings(complete(kind, draft), before, ""), want };
}

type PodDraft = Draft<typeof podKind extends Kind<infer P> ? P : never>;
const pod = (
  name: string,
  spec: PodDraft extends { readonly spec?: infer S } ? S : never,
  want: string[],
  annotations: Record<string, string> = {},
) =>
  row(
    name,
    podKind,
    { metadata: { ...metadata, annotations }, spec: { containers: [{ name: "c", image: "i" }], ...spec } },
    want,
  );
const container = (
  name: string,
  fields: Draft<{ [key: string]: unknown }>,
  want: string[],
  annotations: Record<string, string> = {},
) => pod(name, { containers: [{ name: "c", image: "i", ...fields }] }, want, annotations);
const service = (name: string, spec: object, want: string[], annotations: Record<string, string> = {}) =>
  row(name, serviceKind, { metadata: { ...metadata, annotations }, spec: { ports: [{ port: 80 }], ...spec } }, want);
const template = {
  metadata: { labels: { a: "b" } },
  spec: { containers: [{ name: "c", image: "i", env: [{ name: "A" }, { name: "A" }] }] },
};
const workload = { selector: { matchLabels: { a: "b" } }, template };
const harmless = { ...workload, template: { ...template, spec: { containers: [{ name: "c", image: "i" }] } } };
const controlled = { selector: { a: "b" }, template };
const HIDES = 'hides previous definition of "A", which may be dropped when using apply';

const rows: readonly Row[] = [
  pod("a Pod without anything odd", {}, []),
  row(
    "a Pod name with dots",
    podKind,
    { metadata: { name: "a.b" }, spec: { containers: [{ name: "c", image: "i" }] } },
    [
      `metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: [${DNS_LABEL}]`,
    ],
  ),
  row(
    "an update of a Pod",
    podKind,
    { metadata: { name: "a.b" }, spec: { containers: [{ name: "c", image: "i" }] } },
    [],
    { metadata: { name: "a.b" }, spec: {} },
  ),
  pod("a deprecated node label", { nodeSelector: { "beta.kubernetes.io/os": "linux" } }, [
    `spec.nodeSelector[beta.kubernetes.io/os]: ${OS}`,
  ]),
  pod(
    "a deprecated node label in a required term",
    {
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{ matchExpressions: [{ key: "beta.kubernetes.io/os", operator: "Exists" }] }],
          },
        },
      },
    },
    [
      `spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].key: beta.kubernetes.io/os is ${OS}`,
    ],
  ),
  pod(
    "a preferred value that no label can have",
    {
      affinity: {
        nodeAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [
            { weight: 1, preference: { matchExpressions: [{ key: "a", operator: "In", values: ["-x"] }] } },
          ],
        },
      },
    },
    [
      "spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].preference.matchExpressions[0].values[0]: -x is invalid, a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
    ],
  ),
  pod(
    "a spread constraint",
    {
      topologySpreadConstraints: [
        { maxSkew: 1, topologyKey: "failure-domain.beta.kubernetes.io/zone", whenUnsatisfiable: "DoNotSchedule" },
      ],
    },
    [
      'spec.topologySpreadConstraints[0].topologyKey: failure-domain.beta.kubernetes.io/zone is deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
      `spec.topologySpreadConstraints[0].labelSelector: ${NO_POD}`,
    ],
  ),
  pod(
    "annotations without function",
    {},
    [
      'metadata.annotations[scheduler.alpha.kubernetes.io/critical-pod]: non-functional in v1.16+; use the "priorityClassName" field instead',
      'metadata.annotations[security.alpha.kubernetes.io/sysctls]: non-functional in v1.11+; use the "sysctls" field instead',
      'metadata.annotations[security.alpha.kubernetes.io/unsafe-sysctls]: non-functional in v1.11+; use the "sysctls" field instead',
      'metadata.annotations[seccomp.security.alpha.kubernetes.io/pod]: non-functional in v1.27+; use the "seccompProfile" field instead',
      'metadata.annotations[container.seccomp.security.alpha.kubernetes.io/c]: non-functional in v1.27+; use the "seccompProfile" field instead',
    ],
    {
      "scheduler.alpha.kubernetes.io/critical-pod": "",
      "security.alpha.kubernetes.io/sysctls": "",
      "security.alpha.kubernetes.io/unsafe-sysctls": "",
      "seccomp.security.alpha.kubernetes.io/pod": "unconfined",
      "container.seccomp.security.alpha.kubernetes.io/c": "unconfined",
    },
  ),
  pod("seccomp annotations beside the fields", { securityContext: { seccompProfile: { type: "Unconfined" } } }, [], {
    "seccomp.security.alpha.kubernetes.io/pod": "unconfined",
  }),
  pod(
    "removed volume plugins",
    {
      volumes: [
        { name: "a", photonPersistentDisk: { pdID: "x" } },
        { name: "b", gitRepo: { repository: "x" } },
        { name: "c", scaleIO: { gateway: "g", system: "s", secretRef: { name: "s" } } },
        { name: "d", flocker: { datasetName: "x" } },
        { name: "e", storageos: { volumeName: "x" } },
        { name: "f", quobyte: { registry: "r", volume: "v" } },
        { name: "g", glusterfs: { endpoints: "e", path: "p" } },
        { name: "h", cephfs: { monitors: ["m"] } },
        { name: "i", rbd: { monitors: ["m"], image: "i" } },
      ],
    },
    [
      "spec.volumes[0].photonPersistentDisk: deprecated in v1.11, non-functional in v1.16+",
      "spec.volumes[1].gitRepo: deprecated in v1.11, and disabled by default in v1.33+",
      "spec.volumes[2].scaleIO: deprecated in v1.16, non-functional in v1.22+",
      `spec.volumes[3].flocker: ${GONE_1_25}`,
      `spec.volumes[4].storageOS: ${GONE_1_25}`,
      `spec.volumes[5].quobyte: ${GONE_1_25}`,
      "spec.volumes[6].glusterfs: deprecated in v1.25, non-functional in v1.26+",
      `spec.volumes[7].cephfs: ${GONE_1_31}`,
      `spec.volumes[8].rbd: ${GONE_1_31}`,
    ],
  ),
  pod(
    "a claim of the pod's own with a fraction of a byte",
    {
      volumes: [
        { name: "v", ephemeral: { volumeClaimTemplate: { spec: { resources: { requests: { storage: "1500m" } } } } } },
      ],
    },
    [
      'spec.volumes[0].ephemeral.volumeClaimTemplate.spec.resources.requests[storage]: fractional byte value "1500m" is invalid, must be an integer',
    ],
  ),
  pod(
    "overlapping paths in volumes",
    {
      volumes: [
        {
          name: "a",
          configMap: {
            name: "m",
            items: [
              { key: "k", path: "p" },
              { key: "l", path: "p/q" },
            ],
          },
        },
        {
          name: "b",
          secret: {
            secretName: "s",
            items: [
              { key: "k", path: "p" },
              { key: "l", path: "p" },
            ],
          },
        },
        { name: "c", downwardAPI: { items: [{ path: "p/q/" }, { path: "p" }] } },
        {
          name: "d",
          projected: {
            sources: [
              {},
              { configMap: { name: "m", items: [{ key: "k", path: "t" }] } },
              { serviceAccountToken: { path: "t" } },
            ],
          },
        },
        {
          name: "e",
          configMap: {
            name: "m",
            items: [
              { key: "k", path: "p" },
              { key: "l", path: "pq" },
            ],
          },
        },
      ],
    },
    [
      'volume "a" (ConfigMap "m"): overlapping paths: "p/q" with "p"',
      'volume "b" (Secret "s"): overlapping paths: "p" with "p"',
      'volume "c" (DownwardAPI): overlapping paths: "p" with "p/q"',
      'volume "d" (Projected) has no sources provided',
      'volume "d" (Projected): overlapping paths: "t" (ServiceAccountToken) with "t" (ConfigMap "m")',
    ],
  ),
  pod(
    "host aliases and pull secrets twice",
    { hostAliases: [{ ip: "1.2.3.4" }, { ip: "1.2.3.4" }], imagePullSecrets: [{ name: "s" }, { name: "s" }, {}] },
    [
      'spec.hostAliases[1].ip: duplicate ip "1.2.3.4"',
      'spec.imagePullSecrets[1].name: duplicate name "s"',
      'spec.imagePullSecrets[2].name: invalid empty name ""',
    ],
  ),
  pod("an overhead of a fraction of a byte", { overhead: { memory: "100m", "ephemeral-storage": "100m" } }, [
    'spec.overhead[memory]: fractional byte value "100m" is invalid, must be an integer',
    'spec.overhead[ephemeral-storage]: fractional byte value "100m" is invalid, must be an integer',
  ]),
  container(
    "fractions of bytes",
    {
      resources: { limits: { memory: "128m", "ephemeral-storage": "100m" }, requests: { memory: "64m", cpu: "100m" } },
    },
    [
      'spec.containers[0].resources.limits[memory]: fractional byte value "128m" is invalid, must be an integer',
      'spec.containers[0].resources.requests[memory]: fractional byte value "64m" is invalid, must be an integer',
      'spec.containers[0].resources.limits[ephemeral-storage]: fractional byte value "100m" is invalid, must be an integer',
      'spec.containers[0].resources.requests[ephemeral-storage]: fractional byte value "100m" is invalid, must be an integer',
    ],
  ),
  container(
    "a variable twice",
    {
      env: [
        { name: "A", value: "1" },
        { name: "A", value: "2" },
      ],
    },
    [`spec.containers[0].env[1]: ${HIDES}`],
  ),
  container(
    "a variable that goes on from its first definition",
    {
      env: [
        { name: "A", value: "1" },
        { name: "A", value: "$(A)2" },
      ],
    },
    [],
  ),
  container(
    "a variable that is only its first definition",
    {
      env: [
        { name: "A", value: "1" },
        { name: "A", value: "$(A)" },
      ],
    },
    [`spec.containers[0].env[1]: ${HIDES}`],
  ),
  container("a port twice", { ports: [{ containerPort: 80 }, { containerPort: 80 }] }, [
    "spec.containers[0].ports[1]: duplicate port definition with spec.containers[0].ports[0]",
  ]),
  container("a port of two protocols", { ports: [{ containerPort: 80 }, { containerPort: 80, protocol: "UDP" }] }, []),
  container(
    "a port with and without a host port",
    { ports: [{ containerPort: 80, hostPort: 80 }, { containerPort: 80 }] },
    ["spec.containers[0].ports[1]: overlapping port definition with spec.containers[0].ports[0]"],
  ),
  container(
    "a host port on one address and on all",
    {
      ports: [
        { containerPort: 80, hostPort: 80 },
        { containerPort: 80, hostPort: 80, hostIP: "1.2.3.4" },
      ],
    },
    ["spec.containers[0].ports[1]: dangerously ambiguous port definition with spec.containers[0].ports[0]"],
  ),
  container("a host address without a host port", { ports: [{ containerPort: 80, hostIP: "1.2.3.4" }] }, [
    "spec.containers[0].ports[0]: hostIP set without hostPort: {Name: HostPort:0 ContainerPort:80 Protocol:TCP HostIP:1.2.3.4}",
  ]),
  pod(
    "a port name in two containers",
    {
      containers: [
        { name: "a", image: "i", ports: [{ name: "web", containerPort: 80 }] },
        { name: "b", image: "i", ports: [{ name: "web", containerPort: 81 }] },
      ],
    },
    [
      'spec.containers[1].ports[0]: duplicate port name "web" with spec.containers[0].ports[0], services and probes that select ports by name will use spec.containers[0].ports[0]',
    ],
  ),
  pod("a negative grace period", { terminationGracePeriodSeconds: -1 }, [
    "spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1",
  ]),
  pod(
    "affinities without a selector",
    {
      affinity: {
        podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: "a" }] },
        podAntiAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm: { topologyKey: "a" } }],
        },
      },
    },
    [
      `spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].labelSelector: ${NO_POD}`,
      `spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].podAffinityTerm.labelSelector: ${NO_POD}`,
    ],
  ),
  pod(
    "addresses that are not canonical",
    { dnsConfig: { nameservers: ["FE80::0abc", "8.8.8.8"] }, hostAliases: [{ ip: "::ffff:1.2.3.4" }] },
    [
      'spec.dnsConfig.nameservers[0]: IPv6 address "FE80::0abc" should be in RFC 5952 canonical format ("fe80::abc")',
      'spec.hostAliases[0].ip: non-standard IP address "::ffff:1.2.3.4" will be considered invalid in a future Kubernetes release: use "1.2.3.4"',
    ],
  ),
  row("a Deployment name with dots, and its template", deploymentKind, { metadata: { name: "a.b" }, spec: workload }, [
    `metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: [${DNS_LABEL}]`,
    `spec.template.spec.containers[0].env[1]: ${HIDES}`,
  ]),
  row("a ReplicaSet's template", replicaSetKind, { metadata, spec: workload }, [
    `spec.template.spec.containers[0].env[1]: ${HIDES}`,
  ]),
  row("a DaemonSet's template, and not its name", daemonSetKind, { metadata: { name: "a.b" }, spec: workload }, [
    `spec.template.spec.containers[0].env[1]: ${HIDES}`,
  ]),
  row(
    "a DaemonSet with another template",
    daemonSetKind,
    { metadata: { ...metadata, generation: 2 }, spec: workload },
    [`spec.template.spec.containers[0].env[1]: ${HIDES}`],
    { metadata: { ...metadata, generation: 1 }, spec: harmless },
  ),
  row(
    "a DaemonSet that changes without its template",
    daemonSetKind,
    { metadata: { ...metadata, generation: 2 }, spec: { ...workload, minReadySeconds: 5 } },
    [],
    { metadata: { ...metadata, generation: 1 }, spec: workload },
  ),
  row(
    "a ReplicationController's name with dots, and its template",
    replicationControllerKind,
    { metadata: { name: "a.b" }, spec: controlled },
    [
      `metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: [${DNS_LABEL}]`,
      `spec.template.spec.containers[0].env[1]: ${HIDES}`,
    ],
  ),
  row(
    "a changed ReplicationController",
    replicationControllerKind,
    { metadata: { ...metadata, generation: 2 }, spec: controlled },
    [`spec.template.spec.containers[0].env[1]: ${HIDES}`],
    { metadata: { ...metadata, generation: 1 }, spec: { ...controlled, template: harmless.template } },
  ),
  row("a ReplicationController without a template", replicationControllerKind, { metadata }, []),
  row(
    "a changed Deployment",
    deploymentKind,
    { metadata: { ...metadata, generation: 2 }, spec: workload },
    [`spec.template.spec.containers[0].env[1]: ${HIDES}`],
    { metadata: { ...metadata, generation: 1 }, spec: workload },
  ),
  row(
    "a Deployment whose spec stays",
    deploymentKind,
    { metadata: { ...metadata, generation: 1 }, spec: workload },
    [],
    { metadata: { ...metadata, generation: 1 }, spec: workload },
  ),
  row(
    "an AppArmor annotation of a template",
    deploymentKind,
    {
      metadata,
      spec: {
        ...workload,
        template: {
          metadata: { annotations: { "container.apparmor.security.beta.kubernetes.io/c": "unconfined" } },
          spec: { containers: [{ name: "c", image: "i" }] },
        },
      },
    },
    [
      'spec.template.metadata.annotations[container.apparmor.security.beta.kubernetes.io/c]: deprecated since v1.30; use the "appArmorProfile" field instead',
    ],
  ),
  service("a Service without anything odd", {}, []),
  service(
    "topology hints",
    {},
    [
      "annotation service.kubernetes.io/topology-aware-hints is deprecated, please use service.kubernetes.io/topology-mode instead",
    ],
    { "service.kubernetes.io/topology-aware-hints": "auto" },
  ),
  service(
    "a headless Service",
    { clusterIP: "None", sessionAffinity: "ClientIP", externalIPs: ["1.2.3.4"], loadBalancerIP: "1.2.3.4" },
    [
      "spec.loadBalancerIP is ignored for headless services",
      "spec.externalIPs is ignored for headless services",
      "spec.SessionAffinity is ignored for headless services",
    ],
  ),
  service(
    "addresses of a Service",
    { clusterIPs: ["FD00::1"], clusterIP: "FD00::1", externalIPs: ["::ffff:1.2.3.4"], loadBalancerIP: "2001:DB8::1" },
    [
      'spec.clusterIPs[0]: IPv6 address "FD00::1" should be in RFC 5952 canonical format ("fd00::1")',
      'spec.externalIPs[0]: non-standard IP address "::ffff:1.2.3.4" will be considered invalid in a future Kubernetes release: use "1.2.3.4"',
      'spec.loadBalancerIP: IPv6 address "2001:DB8::1" should be in RFC 5952 canonical format ("2001:db8::1")',
    ],
  ),
  service(
    "ranges of a Service",
    { type: "LoadBalancer", loadBalancerSourceRanges: ["10.1.2.3/8", "FD00::/8", "::ffff:1.2.3.0/120", "10.0.0.0/8"] },
    [
      'spec.loadBalancerSourceRanges[0]: CIDR value "10.1.2.3/8" is ambiguous in this context (should be "10.0.0.0/8" or "10.1.2.3/32"?)',
      'spec.loadBalancerSourceRanges[1]: IPv6 CIDR value "FD00::/8" should be in RFC 5952 canonical format ("fd00::/8")',
      'spec.loadBalancerSourceRanges[2]: non-standard CIDR value "::ffff:1.2.3.0/120" will be considered invalid in a future Kubernetes release: use "1.2.3.0/24"',
    ],
  ),
  service("an external name", { type: "ExternalName", externalName: "a.example", externalIPs: ["1.2.3.4"] }, [
    'spec.externalIPs is ignored when spec.type is "ExternalName"',
  ]),
  service("an external name of another type", { externalName: "a.example" }, [
    'spec.externalName is ignored when spec.type is not "ExternalName"',
  ]),
  service("a deprecated distribution of traffic", { trafficDistribution: "PreferClose" }, [
    'spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"',
  ]),
  row(
    "a PersistentVolume that is recycled, on a deprecated label",
    persistentVolumeKind,
    {
      metadata: {
        name: "x",
        annotations: { "volume.beta.kubernetes.io/storage-class": "a", "volume.beta.kubernetes.io/mount-options": "b" },
      },
      spec: {
        persistentVolumeReclaimPolicy: "Recycle",
        nodeAffinity: {
          required: {
            nodeSelectorTerms: [{ matchExpressions: [{ key: "beta.kubernetes.io/os", operator: "Exists" }] }],
          },
        },
        rbd: { monitors: ["m"], image: "i" },
      },
    },
    [
      'metadata.annotations[volume.beta.kubernetes.io/storage-class]: deprecated since v1.8; use "storageClassName" attribute instead',
      'metadata.annotations[volume.beta.kubernetes.io/mount-options]: deprecated since v1.31; use "mountOptions" attribute instead',
      "spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.",
      `spec.nodeAffinity.required.nodeSelectorTerms[0].matchExpressions[0].key: beta.kubernetes.io/os is ${OS}`,
      `spec.rbd: ${GONE_1_31}`,
    ],
  ),
  row(
    "a claim with a fraction of a byte",
    persistentVolumeClaimKind,
    {
      metadata: { ...metadata, annotations: { "volume.beta.kubernetes.io/storage-class": "a" } },
      spec: { resources: { requests: { storage: "1500m" }, limits: { storage: "2500m" } } },
    },
    [
      'metadata.annotations[volume.beta.kubernetes.io/storage-class]: deprecated since v1.8; use "storageClassName" attribute instead',
      'spec.resources.requests[storage]: fractional byte value "1500m" is invalid, must be an integer',
      'spec.resources.limits[storage]: fractional byte value "2500m" is invalid, must be an integer',
    ],
  ),
  row(
    "fields of a Node that are gone",
    nodeKind,
    { metadata: { name: "x" }, spec: { configSource: {}, externalID: "e", podCIDRs: ["10.1.2.3/24"] } },
    [
      "spec.configSource: the feature is removed",
      "spec.externalID: this field is deprecated, and is unused by Kubernetes",
      'spec.podCIDRs[0]: CIDR value "10.1.2.3/24" is ambiguous in this context (should be "10.1.2.0/24" or "10.1.2.3/32"?)',
    ],
  ),
  row(
    "addresses of Endpoints",
    endpointsKind,
    { metadata, subsets: [{ addresses: [{ ip: "FD00::1" }], notReadyAddresses: [{ ip: "FD00::2" }] }] },
    [
      'subsets[0].addresses[0].ip: IPv6 address "FD00::1" should be in RFC 5952 canonical format ("fd00::1")',
      'subsets[0].notReadyAddresses[0].ip: IPv6 address "FD00::2" should be in RFC 5952 canonical format ("fd00::2")',
    ],
  ),
  row(
    "Endpoints of the controller",
    endpointsKind,
    {
      metadata: { ...metadata, labels: { "endpoints.kubernetes.io/managed-by": "endpoint-controller" } },
      subsets: [{ addresses: [{ ip: "FD00::1" }] }],
    },
    [],
  ),
  row("an EndpointSlice of names", endpointSliceKind, { metadata, addressType: "FQDN", endpoints: [] }, [
    "spec.addressType: FQDN endpoints are deprecated",
  ]),
  row(
    "addresses of an EndpointSlice",
    endpointSliceKind,
    { metadata, addressType: "IPv6", endpoints: [{ addresses: ["FD00::1"] }] },
    ['endpoints[0].addresses[0]: IPv6 address "FD00::1" should be in RFC 5952 canonical format ("fd00::1")'],
  ),
  row(
    "an annotation of a ServiceAccount",
    serviceAccountKind,
    { metadata: { ...metadata, annotations: { "kubernetes.io/enforce-mountable-secrets": "true" } } },
    [
      "metadata.annotations[kubernetes.io/enforce-mountable-secrets]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets",
    ],
  ),
  row("a Secret for a token", secretKind, { metadata, type: "kubernetes.io/service-account-token" }, [
    'type "kubernetes.io/service-account-token" is not supported yet: no token is put into the Secret; use TokenRequest, as kubectl create token does',
  ]),
  row(
    "a Namespace with levels of Pod Security",
    namespaceKind,
    {
      metadata: {
        name: "x",
        labels: { "pod-security.kubernetes.io/enforce": "restricted", "pod-security.kubernetes.io/warn": "privileged" },
      },
    },
    [
      'metadata.labels[pod-security.kubernetes.io/enforce]: Pod Security admission is not supported yet: no pod is checked against level "restricted"',
    ],
  ),
  row(
    "a Namespace that has its level already",
    namespaceKind,
    { metadata: { name: "x", labels: { "pod-security.kubernetes.io/enforce": "restricted" } } },
    [],
    { metadata: { name: "x", labels: { "pod-security.kubernetes.io/enforce": "restricted" } } },
  ),
];

for (const { name, warnings, want } of rows) {
  test(`warnings: ${name}`, () => assert.deepEqual(warnings(), want));
}
