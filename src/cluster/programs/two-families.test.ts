/** A control plane with ranges of both IP families. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeKind } from "@fairlead/api/core/v1/node/node";
import { serviceKind } from "@fairlead/api/core/v1/service/service";
import { temporaryFolder } from "@fairlead/lib/temporary-folder.testing";
import { until } from "@fairlead/lib/until.testing";
import { createMemoryStore } from "@fairlead/store/memory/memory-store";
import { testClusterConfig } from "../cluster.testing.ts";
import { ensureClusterPki } from "../pki/ensure-cluster-pki.ts";
import { startServer } from "./start-server.testing.ts";

test("nodes get pod ranges and Services get addresses of each family", async (t) => {
  const pkiFolder = await temporaryFolder(t);
  await ensureClusterPki(pkiFolder, testClusterConfig(), new Date());
  const { client, stop } = await startServer({
    ...{ store: createMemoryStore(), pkiFolder, advertiseAddress: "172.30.0.10" },
    ranges: {
      podCIDRs: ["10.244.0.0/16", "fd00:10:244::/56"],
      serviceCIDRs: ["10.96.0.0/12", "fd00:10:96::/112"],
    },
  });
  t.after(stop);

  await client.create(nodeKind, { metadata: { name: "n1" } });
  const { spec } = await until("the node's ranges", async () => {
    const node = await client.get(nodeKind, { name: "n1" });
    return node.spec.podCIDR === undefined ? undefined : node;
  });
  assert.equal(spec.podCIDR, "10.244.0.0/24");
  assert.deepEqual(spec.podCIDRs, ["10.244.0.0/24", "fd00:10:244::/64"]);

  const both = await client.create(serviceKind, {
    metadata: { namespace: "default", name: "both" },
    spec: { ipFamilyPolicy: "RequireDualStack", ports: [{ port: 80 }] },
  });
  assert.deepEqual(both.spec.ipFamilies, ["IPv4", "IPv6"]);
  assert.match(both.spec.clusterIPs?.join(" ") ?? "", /^10\.\S+ fd00:10:96::\S+$/);
});
