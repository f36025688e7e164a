import assert from "node:assert/strict";
import { test } from "node:test";
import { testClusterConfig } from "../cluster.testing.ts";
import { uplinkNameServers, uplinkProgram } from "./uplink.ts";

const fabric = { netns: "/run/netns/fairlead-shop", netnsName: "fairlead-shop" };

test("a cluster without a way out has no uplink and no name servers", () => {
  const config = testClusterConfig({ uplink: "none" });
  assert.equal(uplinkProgram(config, fabric), undefined);
  assert.deepEqual(uplinkNameServers(config), []);
});

test("the uplink joins the fabric, and reaches nothing on the host's loopback", () => {
  const config = testClusterConfig({ uplink: "slirp4netns" });
  const words = uplinkProgram(config, fabric)?.join(" ");
  assert.match(words ?? "", /^slirp4netns .*--disable-host-loopback .*\/run\/netns\/fairlead-shop tap0$/);
  assert.deepEqual(uplinkNameServers(config), ["10.0.2.3"]);
});
