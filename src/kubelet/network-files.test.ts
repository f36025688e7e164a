import assert from "node:assert/strict";
import { test } from "node:test";
import { eventKind } from "@fairlead/api/core/v1/event/event";
import { startKubeletWorld } from "./testing/kubelet-world.testing.ts";

type World = Awaited<ReturnType<typeof startKubeletWorld>>;

/** The message of the pod's event with this reason. */
function untilEvent(world: World, reason: string): Promise<string> {
  return world.until(`event ${reason}`, async () => {
    const { items } = await world.client.list(eventKind, { namespace: "default" });
    return items.find((event) => event.reason === reason)?.message;
  });
}

test("a pod whose name servers do not fit runs with those that do, and an event names them", async () => {
  await using world = await startKubeletWorld();
  const nameservers = ["192.0.2.1", "192.0.2.2", "192.0.2.3"];
  await world.create({ dnsConfig: { nameservers }, containers: [{ name: "app", image: "tools" }] });
  await world.untilPod((pod) => pod.status.phase === "Running");
  assert.match(await untilEvent(world, "DNSConfigForming"), /^Nameserver limits were exceeded, .* 192\.0\.2\.2$/);
});

test("a pod whose whole name is too long for the kernel waits, and an event says why", async () => {
  await using world = await startKubeletWorld();
  const subdomain = "s".repeat(50);
  await world.create({ subdomain, setHostnameAsFQDN: true, containers: [{ name: "app", image: "tools" }] });
  assert.match(
    await untilEvent(world, "FailedCreatePodSandBox"),
    /^Failed to create pod sandbox: failed to construct FQDN from pod hostname and cluster domain, FQDN pod\.s+\.default\.svc\.cluster\.local is too long/,
  );
  assert.deepEqual(await world.runtime.listSandboxes(), []);
});
