import assert from "node:assert/strict";
import { test } from "node:test";
import { complete, problemsOf } from "../../../../complete.testing.ts";
import type { Draft } from "../../../../schema.ts";
import type { Pod } from "../pod.ts";
import { podKind } from "../pod.ts";

type Spec = Draft<Pod["spec"]>;

const web = { name: "web", image: "web:1" };

function draft(spec: Spec): Draft<Pod> {
  return { metadata: { name: "p", namespace: "default" }, spec };
}

/** A Pod whose one container has these fields too. */
function withContainer(fields: Draft<Pod["spec"]["containers"][number]>): Spec {
  return { containers: [{ ...web, ...fields }] };
}

const LABEL =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

const cases: { name: string; spec: Spec; want: string[] }[] = [
  { name: "nothing wrong", spec: withContainer({}), want: [] },
  { name: "no containers", spec: {}, want: ["spec.containers: Required value"] },
  {
    name: "a missing image",
    spec: { containers: [{ name: "a" }] },
    want: ["spec.containers[0].image: Required value"],
  },
  {
    name: "a missing name",
    spec: { containers: [{ image: "a" }] },
    want: ["spec.containers[0].name: Required value"],
  },
  {
    name: "a name in capitals",
    spec: { containers: [{ name: "Web", image: "a" }] },
    want: [`spec.containers[0].name: Invalid value: "Web": ${LABEL}`],
  },
  {
    name: "two containers of one name",
    spec: { containers: [web, web] },
    want: ['spec.containers[1].name: Duplicate value: "web"'],
  },
  {
    name: "an init container named as another",
    spec: { containers: [web], initContainers: [web] },
    want: ['spec.initContainers[0].name: Duplicate value: "web"'],
  },
  {
    name: "white space around an image",
    spec: withContainer({ image: " web" }),
    want: ['spec.containers[0].image: Invalid value: " web": must not have leading or trailing whitespace'],
  },
  {
    name: "a port out of range and one without a number",
    spec: withContainer({ ports: [{ containerPort: 70_000 }, {}] }),
    want: [
      "spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive",
      "spec.containers[0].ports[1].containerPort: Required value",
    ],
  },
  {
    name: "an environment variable without a name",
    spec: withContainer({ env: [{ value: "a" }] }),
    want: ["spec.containers[0].env[0].name: Required value"],
  },
  {
    name: "a field that has no name for containers",
    spec: withContainer({ env: [{ name: "A", valueFrom: { fieldRef: { fieldPath: "spec.foo" } } }] }),
    want: [
      'spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: Invalid value: "spec.foo": error converting fieldPath: field label not supported: spec.foo',
    ],
  },
  {
    name: "labels by key, and the node's name",
    spec: withContainer({
      env: [
        { name: "A", valueFrom: { fieldRef: { fieldPath: "metadata.labels['app']" } } },
        { name: "B", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
      ],
    }),
    want: [],
  },
  {
    name: "a value and a source",
    spec: withContainer({ env: [{ name: "A", value: "a", valueFrom: { secretKeyRef: { name: "s", key: "k" } } }] }),
    want: ['spec.containers[0].env[0].valueFrom: Invalid value: "": may not be specified when `value` is not empty'],
  },
  {
    name: "a mount of no volume",
    spec: withContainer({ volumeMounts: [{ name: "data", mountPath: "/data" }] }),
    want: ['spec.containers[0].volumeMounts[0].name: Not found: "data"'],
  },
  {
    name: "two mounts at one place",
    spec: {
      containers: [
        {
          ...web,
          volumeMounts: [
            { name: "v", mountPath: "/a" },
            { name: "v", mountPath: "/a" },
          ],
        },
      ],
      volumes: [{ name: "v" }],
    },
    want: ['spec.containers[0].volumeMounts[1].mountPath: Invalid value: "/a": must be unique'],
  },
  {
    name: "a volume of two sorts",
    spec: { ...withContainer({}), volumes: [{ name: "v", emptyDir: {}, hostPath: { path: "/a" } }] },
    want: ["spec.volumes[0].emptyDir: Forbidden: may not specify more than 1 volume type"],
  },
  {
    name: "a host path that leads upwards",
    spec: { ...withContainer({}), volumes: [{ name: "v", hostPath: { path: "/a/../b", type: "Dir" } }] },
    want: [
      `spec.volumes[0].hostPath.path: Invalid value: "/a/../b": must not contain '..'`,
      'spec.volumes[0].hostPath.type: Unsupported value: "Dir": supported values: "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"',
    ],
  },
  {
    name: "a token that lives too short",
    spec: {
      ...withContainer({}),
      volumes: [{ name: "v", projected: { sources: [{ serviceAccountToken: { path: "t", expirationSeconds: 60 } }] } }],
    },
    want: [
      "spec.volumes[0].projected.sources[0].serviceAccountToken.expirationSeconds: Invalid value: 60: may not specify a duration less than 10 minutes",
    ],
  },
  {
    name: "a request above its limit",
    spec: withContainer({ resources: { requests: { cpu: "2" }, limits: { cpu: "1" } } }),
    want: ['spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1'],
  },
  {
    name: "a resource that is none",
    spec: withContainer({ resources: { limits: { speed: "1" } } }),
    want: ["limits", "limits", "requests", "requests"].map((list, index) => {
      const detail =
        index % 2 === 0
          ? "must be a standard resource type or fully qualified"
          : "must be a standard resource for containers";
      return `spec.containers[0].resources.${list}[speed]: Invalid value: "speed": ${detail}`;
    }),
  },
  {
    name: "a probe that asks nothing",
    spec: withContainer({ livenessProbe: {} }),
    want: ["spec.containers[0].livenessProbe: Required value: must specify a handler type"],
  },
  {
    name: "a probe that asks twice, too patiently",
    spec: withContainer({ livenessProbe: { httpGet: { port: 80 }, tcpSocket: { port: 80 }, successThreshold: 2 } }),
    want: [
      "spec.containers[0].livenessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type",
      "spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1",
    ],
  },
  {
    name: "a probe on an init container",
    spec: { containers: [web], initContainers: [{ ...web, name: "i", livenessProbe: { exec: { command: ["a"] } } }] },
    want: [
      "spec.initContainers[0].livenessProbe: Forbidden: may not be set for init containers without restartPolicy=Always",
    ],
  },
  {
    name: "an unknown restart policy",
    spec: { ...withContainer({}), restartPolicy: "Sometimes" as "Never" },
    want: ['spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"'],
  },
  {
    name: "no resolver of its own, and none of the cluster's",
    spec: { ...withContainer({}), dnsPolicy: "None" },
    want: ["spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None"],
  },
  {
    name: "no name server of its own where it has no others",
    spec: { ...withContainer({}), dnsPolicy: "None", dnsConfig: { searches: ["a.example"] } },
    want: [
      "spec.dnsConfig.nameservers: Required value: must provide at least one DNS nameserver when `dnsPolicy` is None",
    ],
  },
  {
    name: "search domains with an underscore, a dot at the end and the root",
    spec: { ...withContainer({}), dnsConfig: { searches: ["_sip._tcp.example", "a.example.", "."] } },
    want: [],
  },
  {
    name: "a name instead of the pod's own that fits neither the kernel nor the rest of the spec",
    spec: {
      ...withContainer({}),
      hostnameOverride: `${"a".repeat(32)}.${"b".repeat(32)}`,
      setHostnameAsFQDN: true,
      hostNetwork: true,
    },
    want: [
      "spec.hostnameOverride: Forbidden: may not be specified when setHostnameAsFQDN is true",
      "spec.hostnameOverride: Forbidden: may not be specified when hostNetwork is true",
      "spec.hostnameOverride: Too long: may not be more than 64 bytes",
    ],
  },
  {
    name: "a name of 64 characters instead of the pod's own",
    spec: { ...withContainer({}), hostnameOverride: `${"a".repeat(32)}.${"b".repeat(31)}` },
    want: [],
  },
  {
    name: "another port on the host's network",
    spec: { containers: [{ ...web, ports: [{ containerPort: 80, hostPort: 81 }] }], hostNetwork: true },
    want: [
      "spec.containers[0].ports[0].hostPort: Invalid value: 81: must match `containerPort` when `hostNetwork` is true",
    ],
  },
  {
    name: "a toleration of everything that does not say so",
    spec: { ...withContainer({}), tolerations: [{ effect: "NoSchedule" }] },
    want: [
      'spec.tolerations[0].operator: Invalid value: "": operator must be Exists when `key` is empty, which means "match all values and all keys"',
    ],
  },
  {
    name: "a node to be on that has no terms",
    spec: {
      ...withContainer({}),
      affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } } },
    },
    want: [
      "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms: Required value: must have at least one node selector term",
    ],
  },
  {
    name: "spreading by nothing",
    spec: { ...withContainer({}), topologySpreadConstraints: [{ whenUnsatisfiable: "DoNotSchedule" }] },
    want: [
      "spec.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero",
      "spec.topologySpreadConstraints[0].topologyKey: Required value: can not be empty",
    ],
  },
];

for (const { name, spec, want } of cases) {
  test(`validatePod: ${name}`, () => assert.deepEqual(problemsOf(podKind, draft(spec)), want));
}

const stored = complete(podKind, draft({ ...withContainer({}), tolerations: [{ key: "a", operator: "Exists" }] }));
const change = (spec: Partial<Spec>) => problemsOf(podKind, { ...stored, spec: { ...stored.spec, ...spec } }, stored);

test("the image of a Pod, its deadline and its tolerations may change", () => {
  assert.deepEqual(change({ containers: [{ ...stored.spec.containers[0], image: "web:2" }] }), []);
  assert.deepEqual(change({ activeDeadlineSeconds: 10 }), []);
  assert.deepEqual(change({ tolerations: [...(stored.spec.tolerations ?? []), { key: "b", operator: "Exists" }] }), []);
});

test("nothing else of a Pod may change", () => {
  const [problem = ""] = change({ nodeName: "node-1" });
  assert.match(
    problem,
    /^spec: Forbidden: pod updates may not change fields other than `spec\.containers\[\*\]\.image`,`spec\.initContainers\[\*\]\.image`,`spec\.activeDeadlineSeconds`,`spec\.tolerations` \(only additions to existing tolerations\),`spec\.terminationGracePeriodSeconds` \(allow it to be set to 1 if it was previously negative\)\n\+ spec\.nodeName: "node-1"$/,
  );
  assert.deepEqual(change({ tolerations: [] }), [
    "spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds",
  ]);
  assert.deepEqual(change({ containers: [] }), [
    "spec.containers: Forbidden: pod updates may not add or remove containers",
  ]);
});

const ended = { name: "web", state: { terminated: { exitCode: 0 } } };
const started = { name: "web", ready: true, state: { running: {} } };

const statuses: {
  name: string;
  restartPolicy: "Always" | "Never";
  before: Draft<Pod["status"]>;
  now: Draft<Pod["status"]>;
  want: string[];
}[] = [
  {
    name: "a container that is restarted",
    restartPolicy: "Always",
    before: { containerStatuses: [ended] },
    now: { containerStatuses: [started] },
    want: [],
  },
  {
    name: "a container that comes back to life",
    restartPolicy: "Never",
    before: { containerStatuses: [ended] },
    now: { containerStatuses: [started] },
    want: ["status.containerStatuses[0].state: Forbidden: may not be transitioned to non-terminated state"],
  },
  {
    name: "another class of service",
    restartPolicy: "Always",
    before: { qosClass: "Burstable" },
    now: { qosClass: "BestEffort" },
    want: ['status.qosClass: Invalid value: "BestEffort": field is immutable'],
  },
  {
    name: "two addresses of one family",
    restartPolicy: "Always",
    before: {},
    now: { podIPs: [{ ip: "10.244.0.1" }, { ip: "10.244.0.2" }] },
    want: [
      'status.podIPs: Invalid value: ["10.244.0.1","10.244.0.2"]: may specify no more than one IP for each IP family',
    ],
  },
  {
    name: "an address that is none",
    restartPolicy: "Always",
    before: {},
    now: { podIPs: [{ ip: "10.244.0" }] },
    want: [
      'status.podIPs[0]: Invalid value: "10.244.0": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
    ],
  },
];

for (const { name, restartPolicy, before, now, want } of statuses) {
  test(`validatePod: status, ${name}`, () => {
    const pod = { ...draft({ ...withContainer({}), restartPolicy }), status: before };
    assert.deepEqual(problemsOf(podKind, { ...pod, status: now }, complete(podKind, pod)), want);
  });
}
