import assert from "node:assert/strict";
import { test } from "node:test";
import type { DnsConfig, ServerConfig } from "../config/dns-config.ts";
import { planCorefile } from "./plan-corefile.ts";

const context = {
  clusterDomain: "cluster.local",
  nodeUpstreams: [{ address: "192.0.2.53" }],
  metricsPort: 9153,
  environment: { NODE_NAME: "node-1", UPSTREAM: "10.0.0.1" },
} as const;

/** A block that the cluster needs, on one line, so that the lines of what comes before or after it stay. */
const CLUSTER = "cluster.local { kubernetes }";

function planned(text: string): DnsConfig {
  const plan = planCorefile(text, context);
  assert.ok("config" in plan, JSON.stringify(plan));
  return plan.config;
}

/** Plans the lines as the only plugins of the zone `example`. */
function inBlock(lines: string): ServerConfig {
  const [server] = planned(`example {\n${lines}\n}\n${CLUSTER}`).servers;
  assert.ok(server !== undefined);
  return server;
}

function problemsOf(text: string): readonly string[] {
  const plan = planCorefile(text, context);
  return "problems" in plan ? plan.problems : [];
}

test("corefile: kubeadm's is accepted", () => {
  const [server, ...others] = planned(`.:53 {
    errors
    health {
       lameduck 5s
    }
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
       pods insecure
       fallthrough in-addr.arpa ip6.arpa
       ttl 30
    }
    prometheus :9153
    forward . /etc/resolv.conf {
       max_concurrent 1000
    }
    cache 30 {
       disable success cluster.local
       disable denial cluster.local
    }
    loop
    reload
    loadbalance
}
`).servers;
  assert.deepEqual(others, []);
  const limits = { capacity: 9_984, ttlMaxSeconds: 30, ttlMinSeconds: 5 };
  assert.deepEqual(server, {
    zones: [""],
    rewrites: [],
    hosts: undefined,
    kubernetes: {
      zones: ["cluster.local", "in-addr.arpa", "ip6.arpa"],
      ttlSeconds: 30,
      podNames: true,
      fallthrough: ["in-addr.arpa", "ip6.arpa"],
    },
    forwards: [
      { from: "", except: [], upstreams: [{ address: "192.0.2.53" }], policy: "random", concurrentMax: 1_000 },
    ],
    cache: {
      zones: [""],
      success: limits,
      denial: limits,
      servfailSeconds: 5,
      successDisabled: ["cluster.local"],
      denialDisabled: ["cluster.local"],
      prefetch: undefined,
      serveStale: undefined,
      keepTtl: false,
    },
    logs: [],
    detectsLoops: true,
  });
});

const forms: { name: string; text: string; zones: string[][] }[] = [
  {
    name: "several zones of one block",
    text: "a.example b.example:53, dns://C.example. {\n errors\n}",
    zones: [["a.example", "b.example", "c.example"]],
  },
  { name: "zones on several lines", text: "a.example,\nb.example {\n}", zones: [["a.example", "b.example"]] },
  {
    name: "comments and empty lines",
    text: "# one\n\na.example { # two\n errors # three\n # four\n}",
    zones: [["a.example"]],
  },
  { name: "a block on one line", text: "a.example { errors }", zones: [["a.example"]] },
  {
    name: "snippets in blocks, also in one another",
    text: "(x) {\n errors\n}\n(y) {\n import x\n import x\n}\na.example {\n import y\n}",
    zones: [["a.example"]],
  },
  {
    name: "variables",
    text: "{$NODE_NAME}.example {%NODE_NAME%}.test {\n}",
    zones: [["node-1.example", "node-1.test"]],
  },
];

for (const { name, text, zones } of forms) {
  test(`corefile: it has ${name}`, () => {
    assert.deepEqual(
      planned(`${text}\n${CLUSTER}`).servers.map((server) => server.zones),
      [...zones, ["cluster.local"]],
    );
  });
}

const forwards: { line: string; want: object }[] = [
  { line: "forward . 10.0.0.1", want: { upstreams: [{ address: "10.0.0.1" }] } },
  { line: "forward . {$UPSTREAM}:5353", want: { upstreams: [{ address: "10.0.0.1", port: 5353 }] } },
  {
    line: "forward . dns://[fd00::1]:5353 fd00::2",
    want: { upstreams: [{ address: "fd00::1", port: 5353 }, { address: "fd00::2" }] },
  },
  {
    line: "forward . tls://9.9.9.9%dns.quad9.net:10853",
    want: { upstreams: [{ address: "9.9.9.9", port: 10_853, transport: "tls", tlsServerName: "dns.quad9.net" }] },
  },
  {
    line: "forward . tls://9.9.9.9 {\n tls_servername dns.quad9.net\n}",
    want: { upstreams: [{ address: "9.9.9.9", transport: "tls", tlsServerName: "dns.quad9.net" }] },
  },
  {
    line: "forward lab.example 10.0.0.1 {\n except a.example b.example\n except c.example.\n}",
    want: { from: "lab.example", except: ["a.example", "b.example", "c.example"] },
  },
  {
    line: "forward . 10.0.0.1 {\n policy round_robin\n max_fails 0\n expire 20s\n force_tcp\n prefer_udp\n health_check 1.5s domain example.org\n max_concurrent 7\n read_timeout 500ms\n failover SERVFAIL REFUSED\n failfast_all_unhealthy_upstreams\n max_idle_conns 3\n max_connect_attempts 4\n}",
    want: {
      policy: "round_robin",
      maxFails: 0,
      expireMs: 20_000,
      forceTcp: true,
      healthCheckMs: 1_500,
      healthCheckName: "example.org",
      concurrentMax: 7,
      timeoutMs: 500,
      failover: ["SERVFAIL", "REFUSED"],
      failFast: true,
      idleConnectionsMax: 3,
      attemptsMax: 4,
    },
  },
];

for (const { line, want } of forwards) {
  test(`corefile: ${line.replaceAll(/\s+/g, " ")}`, () => {
    const [forward] = inBlock(line).forwards;
    assert.deepEqual({ ...forward, ...want }, forward);
  });
}

const caches: { line: string; want: object }[] = [
  {
    line: "cache",
    want: {
      zones: ["example"],
      success: { capacity: 9_984, ttlMaxSeconds: 3_600, ttlMinSeconds: 5 },
      denial: { capacity: 9_984, ttlMaxSeconds: 1_800, ttlMinSeconds: 5 },
    },
  },
  {
    line: "cache 60 a.example",
    want: { zones: ["a.example"], success: { capacity: 9_984, ttlMaxSeconds: 60, ttlMinSeconds: 5 } },
  },
  {
    line: "cache {\n success 5000 100 0\n denial 2500\n}",
    want: {
      success: { capacity: 5_000, ttlMaxSeconds: 100, ttlMinSeconds: 0 },
      denial: { capacity: 2_500, ttlMaxSeconds: 1_800, ttlMinSeconds: 5 },
    },
  },
  {
    line: "cache {\n prefetch 10\n servfail 0\n keepttl\n}",
    want: { prefetch: { amount: 10, gapMs: 60_000, percentage: 10 }, servfailSeconds: 0, keepTtl: true },
  },
  { line: "cache {\n prefetch 10 2m 30%\n}", want: { prefetch: { amount: 10, gapMs: 120_000, percentage: 30 } } },
  {
    line: "cache {\n serve_stale\n}",
    want: { serveStale: { forMs: 3_600_000, mode: "immediate", verifyMs: 0, ttlSeconds: 0, recheckMs: 0 } },
  },
  {
    line: "cache {\n serve_stale 2h verify 100ms 30s 10s\n}",
    want: { serveStale: { forMs: 7_200_000, mode: "verify", verifyMs: 100, ttlSeconds: 30, recheckMs: 10_000 } },
  },
  {
    line: "cache {\n serve_stale 2h immediate 30s\n}",
    want: { serveStale: { forMs: 7_200_000, mode: "immediate", verifyMs: 0, ttlSeconds: 30, recheckMs: 0 } },
  },
];

for (const { line, want } of caches) {
  test(`corefile: ${line.replaceAll(/\s+/g, " ")}`, () => {
    const { cache } = inBlock(line);
    assert.deepEqual({ ...cache, ...want }, cache);
  });
}

test("corefile: hosts has its lines, and what comes with them", () => {
  const { hosts } = inBlock(
    "hosts {\n 10.0.0.1 a.example A2.example # one\n fd00::1 a.example\n ttl 60\n fallthrough\n}",
  );
  assert.deepEqual(hosts, {
    zones: ["example"],
    addresses: new Map([
      ["a.example", ["10.0.0.1", "fd00::1"]],
      ["a2.example", ["10.0.0.1"]],
    ]),
    reverse: new Map([
      ["1.0.0.10.in-addr.arpa", ["a.example", "a2.example"]],
      [`1.${"0.".repeat(27)}0.0.d.f.ip6.arpa`, ["a.example"]],
    ]),
    ttlSeconds: 60,
    fallthrough: ["example"],
  });
});

test("corefile: log takes names, a format and classes", () => {
  const { logs } = inBlock('log a.example b.example "{remote} {name}" {\n class denial error\n}\nlog . {combined}');
  assert.deepEqual(
    logs.map(({ zone, classes }) => `${zone}: ${classes}`),
    ["a.example: denial,error", "b.example: denial,error", ": "],
  );
  assert.equal(logs[0]?.format, "{remote} {name}");
  assert.match(logs[2]?.format ?? "", /^\{remote\}:\{port\} - \{>id\} .*\{duration\} "\{>opcode\}"$/);
});

const inExample: { lines: string; want: string }[] = [
  { lines: "autopath @kubernetes", want: '2: plugin "autopath" is not supported: remove it; supported are' },
  {
    lines: "forward . 10.0.0.1 {\n doh_method GET\n}",
    want: '3: option "doh_method" of forward is not supported: remove it: DNS over HTTPS',
  },
  { lines: "forward . 10.0.0.1 {\n nonsense\n}", want: '3: option "nonsense" of forward is not supported: remove it' },
  { lines: "forward . https://9.9.9.9", want: '2: upstream "https://9.9.9.9" is not supported: use dns:// or tls://' },
  { lines: "forward . dns.example", want: '2: cannot forward to "dns.example": write the address of a DNS server' },
  { lines: "forward . /etc/other.conf", want: '2: cannot forward to "/etc/other.conf": only /etc/resolv.conf is read' },
  { lines: "forward .", want: '2: "forward" takes at least 2 arguments, not 1' },
  {
    lines: "forward . 10.0.0.1 {\n policy fastest\n}",
    want: '3: "fastest" is no policy: write random, round_robin, sequential',
  },
  {
    lines: "forward . 10.0.0.1 {\n expire soon\n}",
    want: '3: "soon" is no duration: write it like 5s, 300ms or 1h30m',
  },
  { lines: "forward . 10.0.0.1:99999", want: '2: "99999" is no whole number from 1 to 65535' },
  { lines: "cache 0", want: '2: "0" is no whole number from 1 to 2147483647' },
  { lines: "cache {\n serve_stale 1h sometimes\n}", want: '3: "sometimes" is neither immediate nor verify' },
  { lines: "cache {\n servfail 6m\n}", want: "3: servfail is at most 5m" },
  { lines: "cache\ncache", want: "3: cache is there twice in this server block" },
  {
    lines: "hosts custom.hosts",
    want: '2: file "custom.hosts" of hosts is not supported: write its lines into the block of hosts',
  },
  { lines: "hosts {\n 10.0.0.1\n}", want: '3: "10.0.0.1" takes at least 1 arguments, not 0' },
  { lines: "hosts {\n reverse\n}", want: '3: option "reverse" of hosts is not supported' },
  { lines: "rewrite type ANY HINFO", want: '2: rewrite of "type" is not supported' },
  { lines: "rewrite name regex (a {1}", want: '2: "(a" is no regular expression of RE2' },
  { lines: "rewrite name regex (a) {2}", want: '2: "{2}" has no group in the regular expression' },
  { lines: "rewrite name regex (a) {1} answer value (b) {1}", want: '2: rewrite with "answer value" is not supported' },
  {
    lines: "kubernetes",
    want: '2: zone "example." of kubernetes is not supported: this cluster\'s zones are cluster.local',
  },
  { lines: "kubernetes cluster.local {\n pods verified\n}", want: '3: "pods verified" of kubernetes is not supported' },
  {
    lines: "kubernetes cluster.local {\n namespaces shop\n}",
    want: '3: option "namespaces" of kubernetes is not supported',
  },
  { lines: "prometheus :9253", want: '2: "prometheus :9253" is not supported: write prometheus :9153' },
  { lines: "errors {\n consolidate 5m .*\n}", want: '3: option "consolidate" of "errors" is not supported' },
  { lines: "loadbalance weighted w.txt", want: '2: "loadbalance weighted w.txt" is not supported' },
  { lines: 'log . "{/metadata}"', want: '2: placeholder "{/metadata}" of log is not supported' },
  {
    lines: "import custom/*.override",
    want: '2: cannot import "custom/*.override": only snippets of this Corefile are imported, no files',
  },
  { lines: "errors {$NOTHING}", want: '2: the variable "NOTHING" is not set: set are NODE_NAME, UPSTREAM' },
  { lines: 'log "open', want: "2: a quotation has no end" },
];

for (const { lines, want } of inExample) {
  test(`corefile: refused by line: ${want}`, () => {
    const [problem = ""] = problemsOf(`example {\n${lines}\n}\n${CLUSTER}`);
    assert.ok(problem.startsWith(want), problem);
  });
}

const whole: { text: string; want: string }[] = [
  { text: "example {\n errors\n", want: '1: a block has no end: "}" is missing' },
  { text: "example\nerrors\n", want: '1: "{" is missing after "example"' },
  { text: "{\n}", want: "1: a server block needs a zone before its brace" },
  { text: "(x) {\n import x\n}\nexample {\n import x\n}", want: '2: the snippet "x" imports itself' },
  { text: "tls://example {\n}", want: '1: "tls://" before a zone is not supported' },
  { text: "example:5353 {\n}", want: "1: port 5353 is not supported: this server listens on port 53 alone" },
  { text: `example {\n}\nexample {\n}\n${CLUSTER}`, want: '3: the zone "example." is in the block of line 1, too' },
  { text: ". {\n forward . 10.0.0.1\n}", want: "1: no server block answers the cluster's names: add" },
  {
    text: `. {\n kubernetes cluster.local\n}\ncluster.local {\n}`,
    want: "1: no server block answers the cluster's names: add",
  },
  { text: "", want: "1: no server block answers the cluster's names: add" },
];

for (const { text, want } of whole) {
  test(`corefile: refused: ${JSON.stringify(text)}`, () => {
    const [problem = ""] = problemsOf(text);
    assert.ok(problem.startsWith(want), problem);
  });
}

test("corefile: all problems of its plugins are reported at once", () => {
  assert.equal(problemsOf(`. {\n acl\n forward . x\n cache 0\n}\n${CLUSTER}`).length, 3);
});
