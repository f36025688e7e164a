import assert from "node:assert/strict";
import { test } from "node:test";
import { hostsFiles, registryAuthToml } from "./hosts-files.ts";
import type { Registries } from "./registries.ts";

const A = "http://172.30.0.2:5000";
const B = "https://mirror.example/v2/hub";

/** Without the first line, which says who wrote the file. */
function filesOf(registries: Partial<Registries>): Record<string, string[]> {
  const files = hostsFiles({ mirrors: [], hosts: [], ...registries });
  return Object.fromEntries(
    files.map(({ path, text }) => [
      path,
      text
        .trimEnd()
        .split("\n")
        .slice(path.endsWith(".toml") ? 1 : 0),
    ]),
  );
}

const cases: { name: string; registries: Partial<Registries>; want: Record<string, string[]> }[] = [
  { name: "nothing", registries: {}, want: {} },
  {
    name: "a mirror, and then the registry itself",
    registries: { mirrors: [{ registry: "docker.io", endpoints: [A], only: false }] },
    want: {
      "docker.io/hosts.toml": [
        'server = "https://registry-1.docker.io"',
        "[host]",
        `[host."${A}"]`,
        '  capabilities = ["pull", "resolve"]',
      ],
    },
  },
  {
    name: "only a mirror: no other host is named",
    registries: { mirrors: [{ registry: "ghcr.io", endpoints: [A], only: true }] },
    want: { "ghcr.io/hosts.toml": [`server = "${A}"`, "[host]"] },
  },
  {
    name: "two mirrors, one of them with a path, and no other host",
    registries: { mirrors: [{ registry: "ghcr.io", endpoints: [B, A], only: true }] },
    want: {
      "ghcr.io/hosts.toml": [
        `server = "${A}"`,
        "[host]",
        `[host."${B}"]`,
        '  capabilities = ["pull", "resolve"]',
        "  override_path = true",
      ],
    },
  },
  {
    name: "mirrors for all registries, and then each of them",
    registries: { mirrors: [{ registry: "*", endpoints: [A], only: false }] },
    want: { "_default/hosts.toml": ["[host]", `[host."${A}"]`, '  capabilities = ["pull", "resolve"]'] },
  },
  {
    name: "a mirror that is named twice is asked once",
    registries: {
      mirrors: [{ registry: "quay.io", endpoints: ["http://a.example", "http://a.example"], only: false }],
    },
    want: {
      "quay.io/hosts.toml": [
        'server = "https://quay.io"',
        "[host]",
        '[host."http://a.example"]',
        '  capabilities = ["pull", "resolve"]',
      ],
    },
  },
  {
    name: "how to talk to a registry that has no mirror",
    registries: { hosts: [{ host: "registry.example:5000", tls: { ca: "CA\n", skipVerify: false } }] },
    want: {
      "registry.example:5000/hosts.toml": [
        'server = "https://registry.example:5000"',
        'ca = "../registry.example:5000/ca.crt"',
        "[host]",
      ],
      "registry.example:5000/ca.crt": ["CA"],
    },
  },
  {
    name: "how to talk to a mirror; the mirrors for all count for a registry with settings too",
    registries: {
      mirrors: [{ registry: "*", endpoints: ["https://mirror.example"], only: true }],
      hosts: [
        {
          host: "mirror.example",
          tls: { client: { certificate: "CERT\n", key: "KEY\n" }, skipVerify: true },
        },
      ],
    },
    want: {
      "_default/hosts.toml": [
        'server = "https://mirror.example"',
        'client = [["../mirror.example/client.crt", "../mirror.example/client.key"]]',
        "skip_verify = true",
        "[host]",
      ],
      "mirror.example/hosts.toml": [
        'server = "https://mirror.example"',
        'client = [["../mirror.example/client.crt", "../mirror.example/client.key"]]',
        "skip_verify = true",
        "[host]",
      ],
      "mirror.example/client.crt": ["CERT"],
      "mirror.example/client.key": ["KEY"],
    },
  },
  {
    name: "the port of the scheme and capital letters do not count",
    registries: {
      mirrors: [
        { registry: "quay.io", endpoints: ["https://Mirror.example:443/v2/Quay", "http://a.example"], only: true },
      ],
      hosts: [
        { host: "mirror.Example", tls: { skipVerify: true } },
        { host: "a.example:80", tls: { ca: "CA\n", skipVerify: false } },
      ],
    },
    want: {
      "quay.io/hosts.toml": [
        'server = "http://a.example"',
        'ca = "../a.example:80/ca.crt"',
        "[host]",
        '[host."https://mirror.example/v2/Quay"]',
        '  capabilities = ["pull", "resolve"]',
        "  skip_verify = true",
        "  override_path = true",
      ],
      "mirror.Example/hosts.toml": ['server = "https://mirror.example"', "skip_verify = true", "[host]"],
      "mirror.example/hosts.toml": ['server = "https://mirror.example"', "skip_verify = true", "[host]"],
      "a.example:80/hosts.toml": ['server = "https://a.example:80"', 'ca = "../a.example:80/ca.crt"', "[host]"],
      "a.example:80/ca.crt": ["CA"],
    },
  },
  {
    name: "a registry is the same with the port of HTTPS; what is said of either counts there",
    registries: {
      mirrors: [{ registry: "b.example:443", endpoints: [], only: false }],
      hosts: [
        { host: "a.example:443", tls: { skipVerify: true } },
        { host: "a.example", tls: { ca: "CA\n", skipVerify: false } },
        { host: "b.example", tls: { skipVerify: true } },
      ],
    },
    want: {
      "b.example:443/hosts.toml": ['server = "https://b.example"', "skip_verify = true", "[host]"],
      "a.example:443/hosts.toml": ['server = "https://a.example"', 'ca = "../a.example/ca.crt"', "[host]"],
      "a.example/hosts.toml": ['server = "https://a.example"', 'ca = "../a.example/ca.crt"', "[host]"],
      "b.example/hosts.toml": ['server = "https://b.example"', "skip_verify = true", "[host]"],
      "a.example/ca.crt": ["CA"],
    },
  },
  {
    name: "another port is another host",
    registries: {
      mirrors: [{ registry: "quay.io", endpoints: ["http://a.example"], only: true }],
      hosts: [{ host: "a.example:443", tls: { skipVerify: true } }],
    },
    want: {
      "quay.io/hosts.toml": ['server = "http://a.example"', "[host]"],
      "a.example:443/hosts.toml": ['server = "https://a.example"', "skip_verify = true", "[host]"],
      "a.example/hosts.toml": ['server = "https://a.example"', "skip_verify = true", "[host]"],
    },
  },
  {
    name: "credentials are not in these files",
    registries: { hosts: [{ host: "registry.example", auth: { username: "a", password: "b" } }] },
    want: {},
  },
];
for (const { name, registries, want } of cases) {
  test(`hostsFiles: ${name}`, () => assert.deepEqual(filesOf(registries), want));
}

const credentials: { name: string; endpoints?: string[]; hosts: Record<string, string>; want: string[] }[] = [
  {
    name: "those of Docker Hub are under both of its names",
    hosts: { "docker.io": "YTpi" },
    want: ["docker.io YTpi", "registry-1.docker.io YTpi"],
  },
  {
    name: "those of either name are under it, and none twice",
    hosts: { "docker.io": "YTpi", "registry-1.docker.io": "Yzpk" },
    want: ["docker.io YTpi", "registry-1.docker.io Yzpk"],
  },
  {
    name: "the port of HTTPS and capital letters do not count",
    hosts: { "A.example:443": "YTpi" },
    want: ["A.example:443 YTpi", "a.example YTpi"],
  },
  {
    name: "nor does the port of HTTP, where a mirror is asked without TLS",
    endpoints: ["http://a.example/v2/hub", "http://b.example"],
    hosts: { "a.example:80": "YTpi" },
    want: ["a.example:80 YTpi", "a.example YTpi"],
  },
];
for (const { name, endpoints = [], hosts, want } of credentials) {
  test(`registryAuthToml: ${name}`, () => {
    const text = registryAuthToml({
      mirrors: [{ registry: "quay.io", endpoints, only: false }],
      hosts: Object.entries(hosts).map(([host, auth]) => ({ host, auth: { auth } })),
    });
    const tables = [...text.matchAll(/configs\."([^"]+)".*\n.*"(.+)"/g)].map(([, host, auth]) => `${host} ${auth}`);
    assert.deepEqual(tables, want);
  });
}
