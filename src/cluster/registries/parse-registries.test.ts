import assert from "node:assert/strict";
import { test } from "node:test";
import { parseRegistries } from "./parse-registries.ts";

test("a file of K3s is read as K3s reads it", () => {
  const text = `
mirrors:
  docker.io:
    endpoint:
      - "https://mirror.example:5000"
      - "http://172.30.0.2:5000"
  "*":
    endpoint: https://all.example
    only: true
configs:
  "mirror.example:5000":
    auth:
      username: me
      password: "1234"
    tls:
      ca_file: ca.pem
      cert_file: /etc/c.pem
      key_file: /etc/k.pem
  all.example:
    auth: { auth: bWU6c2VjcmV0 }
    tls: { insecure_skip_verify: true }
  token.example:
    auth: { identity_token: abc }
`;
  assert.deepEqual(parseRegistries(text), {
    mirrors: [
      { registry: "docker.io", endpoints: ["https://mirror.example:5000", "http://172.30.0.2:5000"], only: false },
      { registry: "*", endpoints: ["https://all.example"], only: true },
    ],
    hosts: [
      {
        host: "mirror.example:5000",
        auth: { username: "me", password: "1234" },
        tls: { caFile: "ca.pem", certFile: "/etc/c.pem", keyFile: "/etc/k.pem", skipVerify: false },
      },
      { host: "all.example", auth: { auth: "bWU6c2VjcmV0" }, tls: { skipVerify: true } },
      { host: "token.example", auth: { identityToken: "abc" } },
    ],
  });
});

for (const text of ["", "# nothing yet", "mirrors: {}", "configs:"]) {
  test(`nothing is said in ${JSON.stringify(text)}`, () => {
    assert.deepEqual(parseRegistries(text), { mirrors: [], hosts: [] });
  });
}

const refused: { name: string; text: string; want: string | RegExp }[] = [
  { name: "what is no YAML", text: "mirrors: [", want: /line 1/ },
  { name: "a list", text: "- mirrors", want: "must be a map with mirrors, configs" },
  { name: "a word", text: "mirrors", want: "must be a map with mirrors, configs" },
  { name: "another section", text: "mirror: {}", want: /^mirror: is not understood: .*known are mirrors, configs$/ },
  {
    name: "rewrites",
    text: "mirrors: {a.example: {endpoint: [http://b.example], rewrite: {a: b}}}",
    want: /^mirrors\.a\.example\.rewrite: is not understood/,
  },
  {
    name: "a registry with a path",
    text: "mirrors: {a.example/b: {endpoint: [http://b.example]}}",
    want: /^mirrors\.a\.example\/b: must be a host/,
  },
  {
    name: "no endpoint",
    text: "mirrors: {a.example: {only: true}}",
    want: "mirrors.a.example.endpoint: must name at least one URL",
  },
  {
    name: "an empty list of endpoints",
    text: "mirrors: {a.example: {endpoint: []}}",
    want: "mirrors.a.example.endpoint: must name at least one URL",
  },
  {
    name: "an endpoint without scheme",
    text: "mirrors: {a.example: {endpoint: [http://b.example, c.example]}}",
    want: /^mirrors\.a\.example\.endpoint\[1\]: must be a URL/,
  },
  {
    name: "only that is a text",
    text: 'mirrors: {a.example: {endpoint: [http://b.example], only: "yes"}}',
    want: "mirrors.a.example.only: must be true or false",
  },
  { name: "settings for all hosts", text: 'configs: {"*": {}}', want: /^configs\.\*: must be one host/ },
  {
    name: "a password that is a number",
    text: "configs: {a.example: {auth: {username: me, password: 1234}}}",
    want: "configs.a.example.auth.password: must be a text; a number must be in quotes",
  },
  {
    name: "a name without password",
    text: "configs: {a.example: {auth: {username: me}}}",
    want: "configs.a.example.auth: must have username and password, or auth, or identity_token",
  },
  {
    name: "credentials that are no base64",
    text: "configs: {a.example: {auth: {auth: me:secret}}}",
    want: /^configs\.a\.example\.auth\.auth: must be the base64/,
  },
  {
    name: "a certificate without its key",
    text: "configs: {a.example: {tls: {cert_file: c.pem}}}",
    want: "configs.a.example.tls: must have both cert_file and key_file",
  },
];
for (const { name, text, want } of refused) {
  test(`parseRegistries refuses ${name}`, () => {
    assert.throws(() => parseRegistries(text), { name: "RegistriesFileError", message: want });
  });
}
