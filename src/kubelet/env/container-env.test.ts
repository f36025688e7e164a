import assert from "node:assert/strict";
import { test } from "node:test";
import type { ConfigMap } from "@fairlead/api/core/v1/configmap/configmap";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { Secret } from "@fairlead/api/core/v1/secret/secret";
import type { Service } from "@fairlead/api/core/v1/service/service";
import type { Draft } from "@fairlead/api/schema";
import { testPod } from "../testing/pods.testing.ts";
import type { EnvSources } from "./container-env.ts";
import { containerEnv } from "./container-env.ts";

type ContainerDraft = Draft<Pod["spec"]["containers"][number]>;

const sources: EnvSources = {
  podIPs: ["10.244.1.2"],
  hostIPs: ["172.30.0.2"],
  services: [
    service("default", "kubernetes", "10.96.0.1", [{ name: "https", port: 443 }]),
    service("shop", "web-api", "10.96.0.9", [{ port: 80 }]),
  ],
  configMaps: new Map(
    Object.entries({ settings: { data: { colour: "blue", size: "9" } }, empty: {} }).map(
      ([name, configMap]) => [name, configMap as unknown as ConfigMap] as const,
    ),
  ),
  // The bytes EF BB BF are a byte order mark: part of the value as any other.
  secrets: new Map([
    ["keys", { data: { key: btoa("s3cret"), marked: btoa("\u00ef\u00bb\u00bfs3cret") } } as unknown as Secret],
  ]),
  allocatable: { cpu: "4", memory: "8Gi" },
};

const cases: { name: string; container: ContainerDraft; links?: boolean; want: Record<string, string | undefined> }[] =
  [
    { name: "plain values", container: { env: [{ name: "A", value: "1" }, { name: "B" }] }, want: { A: "1", B: "" } },
    {
      name: "later ones see earlier ones",
      container: {
        env: [
          { name: "A", value: "1" },
          { name: "B", value: "$(A)$(C)" },
          { name: "C", value: "3" },
        ],
      },
      want: { B: "1$(C)" },
    },
    {
      name: "a Secret's value, byte for byte",
      container: { env: [{ name: "A", valueFrom: { secretKeyRef: { name: "keys", key: "marked" } } }] },
      want: { A: "\ufeffs3cret" },
    },
    {
      name: "fields of the pod",
      container: {
        env: [
          "metadata.name",
          "metadata.namespace",
          "metadata.labels['app']",
          "spec.nodeName",
          "status.podIP",
          "status.hostIP",
          "metadata.labels['constructor']",
        ].map((fieldPath, index) => ({ name: `F${index}`, valueFrom: { fieldRef: { fieldPath } } })),
      },
      want: { F0: "web", F1: "shop", F2: "web", F3: "node-1", F4: "10.244.1.2", F5: "172.30.0.2", F6: "" },
    },
    {
      name: "resources, in units of the divisor, rounded up; without a limit the node's",
      container: {
        resources: { requests: { cpu: "250m" }, limits: { memory: "1Gi" } },
        env: [
          { name: "CPU", valueFrom: { resourceFieldRef: { resource: "requests.cpu" } } },
          { name: "MILLI", valueFrom: { resourceFieldRef: { resource: "requests.cpu", divisor: "1m" } } },
          { name: "MIB", valueFrom: { resourceFieldRef: { resource: "limits.memory", divisor: "1Mi" } } },
          { name: "CPUS", valueFrom: { resourceFieldRef: { resource: "limits.cpu" } } },
        ],
      },
      want: { CPU: "1", MILLI: "250", MIB: "1024", CPUS: "4" },
    },
    {
      name: "keys of ConfigMaps and Secrets",
      container: {
        env: [
          { name: "COLOUR", valueFrom: { configMapKeyRef: { name: "settings", key: "colour" } } },
          { name: "KEY", valueFrom: { secretKeyRef: { name: "keys", key: "key" } } },
          { name: "NONE", valueFrom: { secretKeyRef: { name: "keys", key: "none", optional: true } } },
        ],
      },
      want: { COLOUR: "blue", KEY: "s3cret", NONE: undefined },
    },
    {
      name: "whole ConfigMaps, under what is named",
      container: {
        envFrom: [
          { prefix: "S_", configMapRef: { name: "settings" } },
          { secretRef: { name: "gone", optional: true } },
        ],
        env: [{ name: "S_size", value: "10" }],
      },
      want: { S_colour: "blue", S_size: "10" },
    },
    {
      name: "Services",
      container: {},
      want: {
        KUBERNETES_SERVICE_HOST: "10.96.0.1",
        KUBERNETES_SERVICE_PORT_HTTPS: "443",
        WEB_API_SERVICE_HOST: "10.96.0.9",
        WEB_API_PORT: "tcp://10.96.0.9:80",
        WEB_API_PORT_80_TCP_ADDR: "10.96.0.9",
      },
    },
    {
      name: "only the API server's without links",
      container: {},
      links: false,
      want: { KUBERNETES_SERVICE_PORT: "443", WEB_API_SERVICE_HOST: undefined },
    },
  ];

for (const { name, container, links = true, want } of cases) {
  test(`containerEnv: ${name}`, () => {
    const { pod, spec } = only(container, links);
    const env = new Map(containerEnv(pod, spec, sources).map((v) => [v.name, v.value]));
    assert.deepEqual(Object.fromEntries(Object.keys(want).map((key) => [key, env.get(key)])), want);
  });
}

const refused: { name: string; container: ContainerDraft; want: string }[] = [
  {
    name: "no such ConfigMap",
    container: { env: [{ name: "A", valueFrom: { configMapKeyRef: { name: "none", key: "a" } } }] },
    want: 'configmap "none" not found',
  },
  {
    name: "no such key",
    container: { env: [{ name: "A", valueFrom: { secretKeyRef: { name: "keys", key: "a" } } }] },
    want: "couldn't find key a in Secret shop/keys",
  },
  {
    name: "no such key, of a name that every object of the language has",
    container: { env: [{ name: "A", valueFrom: { configMapKeyRef: { name: "settings", key: "constructor" } } }] },
    want: "couldn't find key constructor in ConfigMap shop/settings",
  },
  {
    name: "a ConfigMap without text",
    container: { env: [{ name: "A", valueFrom: { configMapKeyRef: { name: "empty", key: "a" } } }] },
    want: "couldn't find key a in ConfigMap shop/empty",
  },
  {
    name: "no such Secret as a whole",
    container: { envFrom: [{ secretRef: { name: "none" } }] },
    want: 'secret "none" not found',
  },
];

for (const { name, container, want } of refused) {
  test(`containerEnv refuses: ${name}`, () => {
    const { pod, spec } = only(container, true);
    assert.throws(() => containerEnv(pod, spec, sources), { name: "EnvError", message: want });
  });
}

function only(container: ContainerDraft, enableServiceLinks: boolean) {
  const pod = testPod({ enableServiceLinks, containers: [{ name: "app", ...container }] }, { labels: { app: "web" } });
  const [spec] = pod.spec.containers;
  assert.ok(spec !== undefined);
  return { pod, spec };
}

function service(
  namespace: string,
  name: string,
  clusterIP: string,
  ports: { name?: string; port: number }[],
): Service {
  const spec = { clusterIP, ports: ports.map((port) => ({ protocol: "TCP", ...port })) };
  return { metadata: { namespace, name }, spec } as unknown as Service;
}
