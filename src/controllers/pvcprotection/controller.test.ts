import { test } from "node:test";
import { namespaceKind } from "../../api/core/v1/namespace.ts";
import { persistentVolumeClaimKind } from "../../api/core/v1/persistentvolumeclaim.ts";
import { podKind } from "../../api/core/v1/pod/pod.ts";
import { startControllersIn } from "../controllers.testing.ts";

const namespace = "team";

test("a pod that waits for its own claim to go, and the claim for the pod to end, both go", async (t) => {
  const { client, until } = await startControllersIn(t);
  await client.create(namespaceKind, { metadata: { name: namespace } });
  const template = { spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } } };
  await client.create(podKind, {
    metadata: { name: "p", namespace },
    spec: {
      nodeName: "n1",
      containers: [{ name: "c", image: "app" }],
      volumes: [{ name: "v", ephemeral: { volumeClaimTemplate: template } }],
    },
  });
  const pod = { namespace, name: "p" };
  const claim = { namespace, name: "p-v" };
  await until(() => client.get(persistentVolumeClaimKind, claim));

  await client.delete(podKind, pod, { propagationPolicy: "Foreground" });
  await until(async () => {
    const { metadata } = await client.get(persistentVolumeClaimKind, claim);
    return metadata.deletionTimestamp;
  });
  // As its kubelet does once its containers have ended.
  await client.delete(podKind, pod, { gracePeriodSeconds: 0 });

  await until(async () => {
    const pods = await client.list(podKind, { namespace });
    const claims = await client.list(persistentVolumeClaimKind, { namespace });
    return pods.items.length + claims.items.length === 0 ? true : undefined;
  });
});
