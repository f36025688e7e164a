import assert from "node:assert/strict";
import { test } from "node:test";
import { complete } from "@fairlead/api/complete.testing";
import { type Service, serviceKind } from "@fairlead/api/core/v1/service/service";
import type { Draft } from "@fairlead/api/schema";
import { formatAddress } from "../pools/address.ts";
import { readPools, type WrittenPool } from "../pools/read-pools.ts";
import { createHoldings } from "./holdings.ts";
import { planAddresses } from "./plan-addresses.ts";

interface Row {
  readonly title: string;
  readonly pools?: readonly WrittenPool[];
  /** Services that have come before, in order: each has taken what was planned for it. */
  readonly before?: readonly Service[];
  readonly service: Service;
  /** Addresses, or the end of the message of why there are none. */
  readonly gets: readonly string[] | string;
  /** Reasons of the events. Default: those of a first assignment or of a failure. */
  readonly events?: readonly string[];
}

const four = { name: "four", addresses: ["10.0.0.1-10.0.0.3"] };
const six = { name: "six", addresses: ["fd00::1-fd00::2"] };
const both = { name: "both", addresses: ["10.1.0.0/30", "fd01::/126"] };
const SHARE = "metallb.io/allow-shared-ip";
const IPS = "metallb.io/loadBalancerIPs";
const POOL = "metallb.io/address-pool";

interface Written {
  readonly name?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly spec?: Draft<Service["spec"]>;
  readonly has?: readonly string[];
}

function service({ name = "web", annotations = {}, labels = {}, spec = {}, has = [] }: Written = {}): Service {
  return complete(serviceKind, {
    metadata: { name, namespace: "shop", annotations, labels },
    spec: {
      ...{ type: "LoadBalancer", clusterIP: "10.96.0.9", ipFamilies: ["IPv4"], ipFamilyPolicy: "SingleStack" },
      ports: [{ protocol: "TCP", port: 80, nodePort: 30080 }],
      ...spec,
    },
    status: { loadBalancer: { ingress: has.map((ip) => ({ ip })) } },
  });
}

const port = (number: number) => ({ ports: [{ protocol: "TCP" as const, port: number }] });
const dual = (ipFamilyPolicy: "PreferDualStack" | "RequireDualStack", ...ipFamilies: readonly string[]) => ({
  spec: { ipFamilyPolicy, ipFamilies: ipFamilies.length > 0 ? ipFamilies : ["IPv4", "IPv6"] },
});
const only = (serviceAllocation: NonNullable<WrittenPool["serviceAllocation"]>) => ({ serviceAllocation });

const rows: readonly Row[] = [
  {
    title: "the first free address of the first pool",
    before: [service({ name: "a" })],
    service: service(),
    gets: ["10.0.0.2"],
  },
  { title: "an address that it has", service: service({ has: ["10.0.0.3"] }), gets: ["10.0.0.3"], events: [] },
  {
    title: "another one than that of no pool",
    service: service({ has: ["192.0.2.1"] }),
    gets: ["10.0.0.1"],
    events: ["ClearAssignment", "IPAllocated"],
  },
  {
    title: "another one than that of an older Service",
    before: [service({ name: "a", has: ["10.0.0.3"] })],
    service: service({ has: ["10.0.0.3"] }),
    gets: ["10.0.0.1"],
    events: ["ClearAssignment", "IPAllocated"],
  },
  {
    title: "none without pools",
    pools: [],
    service: service(),
    gets: "and at port 30080 of every node; use those, or type NodePort",
  },
  {
    title: "none when all are taken",
    before: ["a", "b", "c"].map((name) => service({ name })),
    service: service(),
    gets: "no available IPs",
  },
  {
    title: "none of a pool without autoAssign",
    pools: [{ ...four, autoAssign: false }],
    service: service(),
    gets: "no available IPs",
  },
  {
    title: "one of a pool without autoAssign when it asks for it",
    pools: [{ ...four, autoAssign: false }],
    service: service({ annotations: { [POOL]: "four" } }),
    gets: ["10.0.0.1"],
  },
  {
    title: "none of an unknown pool",
    service: service({ annotations: { [POOL]: "five" } }),
    gets: 'unknown pool "five"',
  },
  {
    title: "one of the pool that it has come to ask for",
    pools: [four, both],
    service: service({ annotations: { [POOL]: "both" }, has: ["10.0.0.1"] }),
    gets: ["10.1.0.0"],
  },
  {
    title: "no addresses that end in 0 or 255",
    pools: [{ name: "buggy", addresses: ["10.0.0.255-10.0.1.1"], avoidBuggyIPs: true }],
    service: service(),
    gets: ["10.0.1.1"],
  },
  {
    title: "the address of spec.loadBalancerIP",
    service: service({ spec: { loadBalancerIP: "10.0.0.3" } }),
    gets: ["10.0.0.3"],
  },
  {
    title: "the address of the annotation, by its earlier name",
    service: service({ annotations: { "metallb.universe.tf/loadBalancerIPs": "10.0.0.2" } }),
    gets: ["10.0.0.2"],
  },
  {
    title: "the address that it has come to ask for",
    service: service({ annotations: { [IPS]: "10.0.0.2" }, has: ["10.0.0.1"] }),
    gets: ["10.0.0.2"],
  },
  {
    title: "nothing when it asks in two ways",
    service: service({ annotations: { [IPS]: "10.0.0.2" }, spec: { loadBalancerIP: "10.0.0.2" } }),
    gets: "service can not have both metallb.io/loadBalancerIPs and svc.Spec.LoadBalancerIP",
  },
  {
    title: "nothing when it asks for what is no address",
    service: service({ annotations: { [IPS]: "10.0.0.2,web" } }),
    gets: 'invalid metallb.io/loadBalancerIPs: "10.0.0.2,web"',
  },
  {
    title: "nothing when it asks for an address of no pool",
    service: service({ spec: { loadBalancerIP: "192.0.2.1" } }),
    gets: '["192.0.2.1"] is not allowed in config',
  },
  {
    title: "nothing when it asks for an address of the other family",
    pools: [six],
    service: service({ annotations: { [IPS]: "fd00::1" } }),
    gets: 'requested loadBalancer IP(s) ["fd00::1"] does not match the ipFamily of the service',
  },
  {
    title: "nothing when pool and address do not fit",
    pools: [four, both],
    service: service({ annotations: { [IPS]: "10.0.0.1", [POOL]: "both" } }),
    gets: 'requested loadBalancer IP(s) ["10.0.0.1"] is not compatible with requested address pool both',
  },
  {
    title: "nothing when the address is another Service's",
    before: [service({ name: "a" })],
    service: service({ spec: { loadBalancerIP: "10.0.0.1" } }),
    gets: 'can\'t change sharing key for "shop/web", address also in use by shop/a',
  },
  {
    title: "a shared address at another port",
    before: [service({ name: "a", annotations: { [SHARE]: "x" } })],
    service: service({ annotations: { [SHARE]: "x", [IPS]: "10.0.0.1" }, spec: port(81) }),
    gets: ["10.0.0.1"],
  },
  {
    title: "no shared address at the same port",
    before: [service({ name: "a", annotations: { [SHARE]: "x" } })],
    service: service({ annotations: { [SHARE]: "x", [IPS]: "10.0.0.1" } }),
    gets: 'port TCP/80 is already in use on "10.0.0.1"',
  },
  {
    title: "no address that is shared under another key",
    before: [service({ name: "a", annotations: { [SHARE]: "x" } })],
    service: service({ annotations: { [SHARE]: "y", [IPS]: "10.0.0.1" }, spec: port(81) }),
    gets: 'can\'t change sharing key for "shop/web", address also in use by shop/a',
  },
  {
    title: "no shared address with the policy Local and other pods",
    before: [
      service({
        name: "a",
        annotations: { [SHARE]: "x" },
        spec: { externalTrafficPolicy: "Local", selector: { app: "a" } },
      }),
    ],
    service: service({
      annotations: { [SHARE]: "x", [IPS]: "10.0.0.1" },
      spec: { ...port(81), externalTrafficPolicy: "Local", selector: { app: "b" } },
    }),
    gets: 'can\'t change sharing key for "shop/web", address also in use by shop/a',
  },
  {
    title: "both families out of one pool",
    pools: [four, six, both],
    service: service(dual("RequireDualStack")),
    gets: ["10.1.0.0", "fd01::"],
  },
  {
    title: "both families, the Service's first one first",
    pools: [both],
    service: service(dual("RequireDualStack", "IPv6", "IPv4")),
    gets: ["fd01::", "10.1.0.0"],
  },
  {
    title: "not one of two that it needs",
    pools: [four, six],
    service: service(dual("RequireDualStack")),
    gets: "no available IPs",
  },
  {
    title: "the first family where one will do",
    pools: [six, four],
    service: service(dual("PreferDualStack")),
    gets: ["10.0.0.1"],
  },
  {
    title: "the other family where one will do",
    pools: [six],
    service: service(dual("PreferDualStack")),
    gets: ["fd00::1"],
  },
  {
    title: "the missing family as soon as its pool has one",
    pools: [both],
    service: service({ ...dual("PreferDualStack"), has: ["10.1.0.1"] }),
    gets: ["10.1.0.1", "fd01::"],
    events: ["IPAllocated"],
  },
  {
    title: "an address of the family that it has now",
    pools: [four, six],
    service: service({ spec: { ipFamilies: ["IPv6"] }, has: ["10.0.0.1"] }),
    gets: ["fd00::1"],
  },
  {
    title: "an address of the pool of its namespace",
    pools: [four, { ...both, ...only({ namespaces: ["shop"] }) }],
    service: service(),
    gets: ["10.1.0.0"],
  },
  {
    title: "an address of the pool of its namespace's labels",
    pools: [four, { ...both, ...only({ namespaceSelectors: [{ matchLabels: { team: "shop" } }] }) }],
    service: service(),
    gets: ["10.1.0.0"],
  },
  {
    title: "none of a pool whose namespaces are none",
    pools: [{ ...both, ...only({ namespaceSelectors: [{ matchLabels: { team: "none" } }] }) }],
    service: service(),
    gets: "no available IPs",
  },
  {
    title: "an address of the pool of its labels, the lower priority first",
    pools: [
      { ...both, ...only({ serviceSelectors: [{ matchLabels: { tier: "front" } }] }) },
      { ...four, ...only({ priority: 20, serviceSelectors: [{ matchLabels: { tier: "front" } }] }) },
      { name: "ten", addresses: ["10.2.0.0/24"], ...only({ priority: 10, namespaces: ["shop"] }) },
    ],
    service: service({ labels: { tier: "front" } }),
    gets: ["10.2.0.0"],
  },
  {
    title: "an address of a pool for all when its own is used up",
    pools: [{ name: "own", addresses: ["10.3.0.1/32"], ...only({ namespaces: ["shop"] }) }, four],
    before: [service({ name: "a" })],
    service: service(),
    gets: ["10.0.0.1"],
  },
  {
    title: "nothing of another namespace's pool, even by name",
    pools: [{ ...four, ...only({ namespaces: ["bank"] }) }],
    service: service({ annotations: { [POOL]: "four" } }),
    gets: "pool four not compatible for ip assignment",
  },
  {
    title: "the last address of a large range of IPv6 at once",
    pools: [{ name: "huge", addresses: ["fd00::/64"] }],
    service: service({ spec: { ipFamilies: ["IPv6"], loadBalancerIP: "fd00::ffff:ffff:ffff:ffff" } }),
    gets: ["fd00::ffff:ffff:ffff:ffff"],
  },
];

for (const { title, pools = [four], before = [], service: one, gets, events } of rows) {
  test(`a Service gets ${title}`, () => {
    const namespaces = [{ name: "shop", labels: { team: "shop" } }];
    const supply = { pools: readPools(pools, namespaces).pools, holdings: createHoldings() };
    for (const earlier of before) {
      const { holding } = planAddresses(earlier, supply);
      assert.ok(holding !== undefined, `${earlier.metadata.name} gets one`);
      supply.holdings.take(holding);
    }
    const plan = planAddresses(one, supply);
    const reasons = plan.events.map(({ reason }) => reason);
    if (typeof gets === "string") {
      assert.equal(plan.holding, undefined);
      assert.deepEqual(reasons, events ?? ["AllocationFailed"]);
      assert.ok(plan.events.at(-1)?.message.endsWith(gets), plan.events.at(-1)?.message);
      return;
    }
    assert.deepEqual(plan.holding?.addresses.map(formatAddress), gets);
    assert.deepEqual(reasons, events ?? ["IPAllocated"]);
    // With that in its status it is left as it is.
    const has = { ...one, status: { loadBalancer: { ingress: gets.map((ip) => ({ ip })) } } };
    assert.deepEqual(planAddresses(has, supply).events, []);
    assert.deepEqual(planAddresses(has, supply).holding?.addresses.map(formatAddress), gets);
  });
}
