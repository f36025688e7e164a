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
    name: "only a mirror: nobody else is named",
    registries: { mirrors: [{ registry: "ghcr.io", endpoints: [A], only: true }] },
    want: { "ghcr.io/hosts.toml": [`server = "${A}"`, "[host]"] },
  },
  {
    name: "two mirrors, one of them with a path, and nobody else",
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
    name: "credentials are not in these files",
    registries: { hosts: [{ host: "registry.example", auth: { username: "a", password: "b" } }] },
    want: {},
  },
];
for (const { name, registries, want } of cases) {
  test(`hostsFiles: ${name}`, () => assert.deepEqual(filesOf(registries), want));
}

test("credentials of Docker Hub are under both of its names", () => {
  const text = registryAuthToml({ mirrors: [], hosts: [{ host: "docker.io", auth: { auth: "YTpi" } }] });
  const heads = text.match(/configs\."[^"]+"/g);
  assert.deepEqual(heads, ['configs."docker.io"', 'configs."registry-1.docker.io"']);
});

test("those of either name are under it, and none twice", () => {
  const hosts = [
    { host: "docker.io", auth: { auth: "YTpi" } },
    { host: "registry-1.docker.io", auth: { auth: "Yzpk" } },
  ];
  const text = registryAuthToml({ mirrors: [], hosts });
  const heads = [...text.matchAll(/configs\."([^"]+)".*\n.*"(.+)"/g)].map(([, host, auth]) => `${host} ${auth}`);
  assert.deepEqual(heads, ["docker.io YTpi", "registry-1.docker.io Yzpk"]);
});
