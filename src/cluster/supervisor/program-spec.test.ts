import assert from "node:assert/strict";
import { test } from "node:test";
import { commands } from "@fairlead/cli/commands";
import { testClusterConfig } from "../cluster.testing.ts";
import { programSpecs } from "./program-spec.ts";

const program = { root: "/opt/fairlead", node: "/opt/node", args: ["/opt/fairlead/main.js"] };
const config = testClusterConfig({ name: "shop", nodes: 2 });

/** A machine's programs, one a line, flags and values apart from the program left out. */
function specs(index: number) {
  const node = config.nodes[index];
  assert.ok(node !== undefined);
  return programSpecs(config, node, program);
}

test("the first machine runs the control plane too", () => {
  assert.deepEqual(
    specs(0).map((spec) => `${spec.machine} ${spec.role}${spec.takesConnections ? " takes connections" : ""}`),
    ["shop-1 containerd", "shop-1 server takes connections", "shop-1 node", "shop-1 dns"],
  );
});

test("further machines are nodes only", () => {
  assert.deepEqual(
    specs(1).map((spec) => `${spec.machine} ${spec.role}${spec.takesConnections ? " takes connections" : ""}`),
    ["shop-2 containerd", "shop-2 node", "shop-2 dns"],
  );
});

const wanted: { role: string; want: string }[] = [
  { role: "containerd", want: "containerd --config /etc/fairlead/containerd.toml" },
  {
    role: "server",
    want: "/opt/node --use-openssl-ca --max-semi-space-size=16 /opt/fairlead/main.js run server --store sqlite:/var/lib/fairlead-store/state.db --pki-dir /etc/fairlead-pki --advertise-address 172.30.0.10 --secure-port 6443 --service-cidr 10.96.0.0/12 --pod-cidr 10.244.0.0/16 --service-node-port-range 30000-32767 --cluster-domain cluster.local --cluster-dns 10.96.0.10 --load-balancer-range 172.30.0.200-172.30.0.250 --take-connections",
  },
  {
    role: "node",
    want: "/opt/node --use-openssl-ca --max-semi-space-size=8 --max-old-space-size=2048 /opt/fairlead/main.js run node --node-name shop-1 --node-ip 172.30.0.11 --credentials /etc/fairlead --container-runtime-endpoint unix:///run/fairlead/containerd.sock --cluster-dns 10.96.0.10 --cluster-domain cluster.local --service-cidr 10.96.0.0/12 --cgroup-parent /fairlead/shop/shop-1/pods --owns-machine",
  },
  {
    role: "dns",
    want: "/opt/node --use-openssl-ca --max-semi-space-size=8 --max-old-space-size=1024 /opt/fairlead/main.js run dns --node-name shop-1 --credentials /etc/fairlead --listen 172.30.0.11:53 --cluster-domain cluster.local",
  },
];
for (const { role, want } of wanted) {
  test(`the words that start ${role}`, () => {
    assert.equal(
      specs(0)
        .find((spec) => spec.role === role)
        ?.command.join(" "),
      want,
    );
  });
}

test("programs of ours allocate through jemalloc, and containerd does not", () => {
  assert.deepEqual(
    specs(0).map(({ role, env }) => `${role} ${Object.keys(env).join(" ")}`.trimEnd()),
    ["containerd", "server LD_PRELOAD MALLOC_CONF", "node LD_PRELOAD MALLOC_CONF", "dns LD_PRELOAD MALLOC_CONF"],
  );
});

test("every flag given to a program of ours is one that its command has", () => {
  for (const { role, command } of specs(0).filter((spec) => spec.role !== "containerd")) {
    const known = Object.keys(commands.find(({ name }) => name === `run ${role}`)?.flags ?? {});
    const words = command.slice(command.indexOf(role));
    const given = words.filter((word) => word.startsWith("--")).map((word) => word.slice(2));
    assert.deepEqual(
      given.filter((flag) => !known.includes(flag)),
      [],
      role,
    );
  }
});

test("the server's flags say that load balancers get no addresses, and name no range where nodes have few addresses", () => {
  const [node] = config.nodes;
  assert.ok(node !== undefined);
  const words = (change: Partial<typeof config>) =>
    programSpecs({ ...config, ...change }, node, program)
      .find(({ role }) => role === "server")
      ?.command.join(" ") ?? "";
  assert.match(words({ loadBalancer: false }), / --load-balancer-range \S+ --no-load-balancer /);
  assert.doesNotMatch(words({ nodeCIDRs: ["172.30.0.0/26"] }), /--load-balancer-range/);
});
