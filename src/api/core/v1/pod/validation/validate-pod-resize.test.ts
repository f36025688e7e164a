import assert from "node:assert/strict";
import { test } from "node:test";
import { complete } from "../../../../complete.testing.ts";
import type { Draft } from "../../../../schema.ts";
import type { Pod } from "../pod.ts";
import { podKind } from "../pod.ts";

type Resources = NonNullable<Draft<Pod["spec"]["containers"][number]>["resources"]>;
type Change = (pod: Draft<Pod>) => Draft<Pod>;

const AMOUNTS: Resources = { requests: { cpu: "100m", memory: "64Mi" }, limits: { memory: "128Mi" } };

const POD: Draft<Pod> = {
  metadata: { name: "p", namespace: "default" },
  spec: {
    initContainers: [
      { name: "init", image: "i", resources: AMOUNTS },
      { name: "sidecar", image: "i", restartPolicy: "Always", resources: AMOUNTS },
    ],
    containers: [{ name: "c", image: "i", resources: AMOUNTS }],
  },
  status: { qosClass: "Burstable" },
};

/** Changes the container of a list, by its index. */
function changed(list: "containers" | "initContainers", index: number, fields: object): Change {
  return ({ spec, ...pod }) => ({
    ...pod,
    spec: { ...spec, [list]: (spec?.[list] ?? []).map((c, i) => (i === index ? { ...c, ...fields } : c)) },
  });
}

const asking = (resources: Resources) => changed("containers", 0, { resources });
const running = (resources?: object): Change => {
  const containerStatuses = [{ name: "c", state: { running: {} }, ...(resources !== undefined && { resources }) }];
  return (pod) => ({ ...pod, status: { ...pod.status, containerStatuses } }) as Draft<Pod>;
};
const ONLY = "spec: Forbidden: only cpu and memory resources are mutable";

const cases: { name: string; before?: Change; change: Change; want: string[] }[] = [
  {
    name: "more CPU and less memory",
    change: asking({ requests: { cpu: "1", memory: "32Mi" }, limits: { memory: "64Mi" } }),
    want: [],
  },
  {
    name: "a limit that was not there",
    change: asking({ ...AMOUNTS, limits: { cpu: "1", memory: "128Mi" } }),
    want: [],
  },
  {
    name: "of a sidecar",
    change: changed("initContainers", 1, { resources: { ...AMOUNTS, requests: { cpu: "1", memory: "1Mi" } } }),
    want: [],
  },
  { name: "nothing", change: (pod) => pod, want: [] },
  {
    name: "a node that reports resources",
    before: running({}),
    change: asking({ ...AMOUNTS, limits: { memory: "1Gi" } }),
    want: [],
  },
  {
    name: "a node that does not report resources",
    before: running(),
    change: asking({ ...AMOUNTS, limits: { memory: "1Gi" } }),
    want: ["spec: Forbidden: Pod running on node without support for resize"],
  },
  {
    name: "a request and a limit that go",
    change: asking({ requests: { cpu: "100m" } }),
    want: [
      "spec.containers[0].resources.requests: Forbidden: resource requests cannot be removed",
      "spec.containers[0].resources.limits: Forbidden: resource limits cannot be removed",
    ],
  },
  {
    name: "a request above the limit",
    change: asking({ ...AMOUNTS, requests: { cpu: "100m", memory: "1Gi" } }),
    want: [
      'spec.containers[0].resources.requests: Invalid value: "1Gi": must be less than or equal to memory limit of 128Mi',
    ],
  },
  {
    name: "another class of service",
    change: (pod: Draft<Pod>) => {
      const same = { cpu: "1", memory: "1Gi" };
      const resources = { requests: same, limits: same };
      const all = ({ spec, ...rest }: Draft<Pod>) => ({
        ...rest,
        spec: {
          ...spec,
          containers: (spec?.containers ?? []).map((c) => ({ ...c, resources })),
          initContainers: (spec?.initContainers ?? []).map((c) => (c.name === "init" ? c : { ...c, resources })),
        },
      });
      return all(pod);
    },
    before: ({ spec, ...pod }) => ({ ...pod, spec: { ...spec, initContainers: [] } }) as Draft<Pod>,
    want: ['spec: Invalid value: "Burstable": Pod QOS Class may not change as a result of resizing'],
  },
  {
    name: "of an ordinary init container",
    change: changed("initContainers", 0, { resources: { ...AMOUNTS, limits: { memory: "1Gi" } } }),
    want: ["spec: Forbidden: resources for non-sidecar init containers are immutable"],
  },
  {
    name: "another resource",
    change: asking({
      ...AMOUNTS,
      requests: { ...AMOUNTS.requests, "example.com/gpu": "1" },
      limits: { ...AMOUNTS.limits, "example.com/gpu": "1" },
    }),
    want: [ONLY],
  },
  {
    name: "another policy",
    change: changed("containers", 0, { resizePolicy: [{ resourceName: "cpu", restartPolicy: "RestartContainer" }] }),
    want: [ONLY],
  },
  {
    name: "another image",
    change: changed("initContainers", 1, { image: "j" }),
    want: ["spec: Forbidden: only cpu and memory resources for sidecar containers are mutable"],
  },
  { name: "a field of the pod", change: (pod) => ({ ...pod, spec: { ...pod.spec, hostname: "h" } }), want: [ONLY] },
  {
    name: "a container more",
    change: ({ spec, ...pod }) => ({
      ...pod,
      spec: { ...spec, containers: [...(spec?.containers ?? []), { name: "d", image: "i" }] },
    }),
    want: ["spec.containers: Forbidden: containers may not be added or removed on resize"],
  },
  {
    name: "a container of another name",
    change: changed("initContainers", 1, { name: "other" }),
    want: ["spec.initContainers[1].name: Forbidden: initContainers may not be renamed or reordered on resize"],
  },
  {
    name: "of a pod with resources of its own",
    before: ({ spec, ...pod }) => ({ ...pod, spec: { ...spec, resources: { requests: { cpu: "1" } } } }),
    change: asking({ ...AMOUNTS, limits: { memory: "1Gi" } }),
    want: [
      ": Forbidden: resize of pods with pod-level resources is forbidden when InPlacePodLevelResourcesVerticalScalingEnabled feature gate is disabled",
    ],
  },
  {
    name: "of a static pod",
    before: ({ metadata, spec, ...pod }) => ({
      ...pod,
      metadata: { ...metadata, annotations: { "kubernetes.io/config.mirror": "x" } },
      spec: { ...spec, nodeName: "n" },
    }),
    change: asking({ ...AMOUNTS, limits: { memory: "1Gi" } }),
    want: [": Forbidden: static pods cannot be resized"],
  },
  {
    name: "of a pod of another system",
    before: ({ spec, ...pod }) => ({ ...pod, spec: { ...spec, os: { name: "windows" } } }),
    change: asking({ ...AMOUNTS, limits: { memory: "1Gi" } }),
    want: [": Forbidden: windows pods cannot be resized"],
  },
];

for (const { name, before = (pod: Draft<Pod>) => pod, change, want } of cases) {
  test(`validatePod: resize, ${name}`, () => {
    const previous = complete(podKind, before(POD));
    const errors = podKind.validate(complete(podKind, change(before(POD))), previous, "resize");
    assert.deepEqual(
      errors.map(({ path, message }) => `${path}: ${message}`),
      want,
    );
  });
}

const policies: { policies: object[]; restartPolicy?: string; want: string[] }[] = [
  {
    policies: [
      { resourceName: "cpu", restartPolicy: "NotRequired" },
      { resourceName: "memory", restartPolicy: "RestartContainer" },
    ],
    want: [],
  },
  {
    policies: [
      { resourceName: "cpu", restartPolicy: "NotRequired" },
      { resourceName: "cpu", restartPolicy: "NotRequired" },
    ],
    want: ['spec.containers[0].resizePolicy[1]: Duplicate value: "cpu"'],
  },
  {
    policies: [{ resourceName: "disk", restartPolicy: "Always" }],
    want: [
      'spec.containers[0].resizePolicy: Unsupported value: "disk": supported values: "cpu", "memory"',
      'spec.containers[0].resizePolicy: Unsupported value: "Always": supported values: "NotRequired", "RestartContainer"',
    ],
  },
  {
    policies: [{ resourceName: "cpu", restartPolicy: "RestartContainer" }],
    restartPolicy: "Never",
    want: [
      `spec.containers[0].resizePolicy: Invalid value: "RestartContainer": must be 'NotRequired' when \`restartPolicy\` is 'Never'`,
    ],
  },
];

for (const { policies: resizePolicy, restartPolicy = "Always", want } of policies) {
  test(`validatePod: resize policies ${JSON.stringify(resizePolicy)} with ${restartPolicy}`, () => {
    const spec = { restartPolicy, containers: [{ name: "c", image: "i", resizePolicy }] } as Draft<Pod["spec"]>;
    const errors = podKind.validate(complete(podKind, { metadata: { name: "p" }, spec }));
    assert.deepEqual(
      errors.map(({ path, message }) => `${path}: ${message}`),
      want,
    );
  });
}
