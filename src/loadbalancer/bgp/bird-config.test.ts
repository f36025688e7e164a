import assert from "node:assert/strict";
import { test } from "node:test";
import { birdConfig, protocolName } from "./bird-config.ts";
import type { Session } from "./plan.ts";

const session: Session = {
  ...{ name: "rack.1", myASN: 64512, peerASN: 64500, address: "172.30.0.2", family: "IPv4", port: 179 },
  ...{ sourceAddress: undefined, routerId: undefined, isMultiHop: false, families: ["IPv4"] },
  ...{ holdSeconds: 9, keepaliveSeconds: 3, connectSeconds: undefined, password: "secret" },
  ...{ bfd: { receiveMs: 300, transmitMs: 200, multiplier: 3, isPassive: false }, hasGracefulRestart: false },
  prefixes: [
    {
      ...{ prefix: "198.51.100.1/32", family: "IPv4", localPref: 200 },
      communities: [
        [64500, 100],
        [64500, 1, 2],
      ],
    },
    { prefix: "2001:db8::1/128", family: "IPv6", localPref: undefined, communities: [] },
  ],
};

test("a session is written with its filter, and what it announces as routes without a next hop", () => {
  const own = protocolName("rack.1");
  assert.equal(
    birdConfig({ routerId: "172.30.0.11", sessions: [session] }),
    `log stderr { warning, error, fatal, bug };
router id 172.30.0.11;
protocol device {}
protocol bfd {}
protocol static static_ipv4 {
  ipv4;
  route 198.51.100.1/32 unreachable;
}
protocol static static_ipv6 {
  ipv6;
  route 2001:db8::1/128 unreachable;
}
filter to_${own}_ipv4 {
  if net = 198.51.100.1/32 then { bgp_local_pref = 200; bgp_community.add((64500, 100)); bgp_large_community.add((64500, 1, 2)); accept; }
  reject;
}
protocol bgp ${own} {
  description "rack.1";
  local as 64512;
  neighbor 172.30.0.2 port 179 as 64500;
  direct;
  hold time 9;
  keepalive time 3;
  connect delay time 1; connect retry time 5;
  error wait time 1, 30;
  password "secret";
  bfd { min rx interval 300 ms; min tx interval 200 ms; multiplier 3; passive off; };
  graceful restart aware;
  ipv4 { import none; export filter to_${own}_ipv4; };
}
`,
  );
});

test("names of protocols are of BIRD's alphabet, and differ where peers' names do", () => {
  const names = ["a", "A.b", "a-b", "a.b", "x".repeat(253)].map(protocolName);
  for (const name of names) assert.match(name, /^p_[0-9a-f]{16}$/);
  assert.equal(new Set(names).size, names.length);
});
