import assert from "node:assert/strict";
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "@fairlead/lib/temporary-folder.testing";
import { createCertificateAuthority } from "../pki/certificate-authority.ts";
import { readRegistries } from "./read-registries.ts";
import type { Registries } from "./registries.ts";
import { writeHostsFiles } from "./write-hosts-files.ts";

const HERE = "http://172.30.0.2:5000";

test("nothing given is nothing said", async () => {
  assert.equal(await readRegistries(undefined, []), undefined);
});

test("a flag takes the place of the same registry in the file; certificates come along", async (t) => {
  const folder = await temporaryFolder(t);
  const { certificate } = await createCertificateAuthority("test", new Date());
  await writeFile(path.join(folder, "ca.pem"), certificate);
  const file = path.join(folder, "registries.yaml");
  await writeFile(
    file,
    `mirrors: {docker.io: {endpoint: [https://a.example], only: true}, quay.io: {endpoint: [https://a.example]}}
configs: {a.example: {tls: {ca_file: ca.pem}}}`,
  );
  assert.deepEqual(await readRegistries(file, [`docker.io=${HERE}`]), {
    mirrors: [
      { registry: "quay.io", endpoints: ["https://a.example"], only: false },
      { registry: "docker.io", endpoints: [HERE], only: false },
    ],
    hosts: [{ host: "a.example", tls: { ca: certificate, skipVerify: false } }],
  });
});

test("settings of the file may be those of a mirror that is named by a flag", async (t) => {
  const file = path.join(await temporaryFolder(t), "registries.yaml");
  await writeFile(file, "configs: {mirror: {tls: {insecure_skip_verify: true}}}");
  const registries = await readRegistries(file, ["docker.io=https://mirror"]);
  assert.deepEqual(registries?.hosts, [{ host: "mirror", tls: { skipVerify: true } }]);
});

const refused: { name: string; text: string | undefined; want: RegExp }[] = [
  {
    name: "no file",
    text: undefined,
    want: /^Cannot read the registries file ".*\/registries\.yaml": there is no such file or folder$/,
  },
  { name: "a mistake in it", text: "mirrors: 3", want: /^Cannot use the registries file ".*": mirrors: must be a map/ },
  {
    name: "a certificate that is not there",
    text: "configs: {a.example: {tls: {ca_file: none.pem}}}",
    want: /Cannot read ".*\/none\.pem": there is no such file or folder$/,
  },
  {
    name: "a certificate that is none",
    text: "configs: {a.example: {tls: {ca_file: registries.yaml}}}",
    want: /Cannot read ".*\/registries\.yaml": it must be PEM, and without a passphrase$/,
  },
  {
    name: "a certificate that is a folder",
    text: "configs: {a.example: {tls: {ca_file: .}}}",
    want: /Cannot read ".*": it is a folder$/,
  },
  {
    name: "settings that nothing asks for",
    text: "configs: {mirror: {}}",
    want: /": configs\.mirror: must be host and port of an endpoint, or a registry as images name it, with a dot or a port$/,
  },
  {
    name: "settings without the port of their endpoint",
    text: "{mirrors: {docker.io: {endpoint: [https://mirror:5000]}}, configs: {mirror: {}}}",
    want: /": configs\.mirror: must be .*; https:\/\/mirror:5000 has another port$/,
  },
  { name: "an alias of nothing", text: "mirrors: *x", want: /^Cannot use the registries file ".*": .*alias.*x/i },
];
for (const { name, text, want } of refused) {
  test(`readRegistries refuses ${name}`, async (t) => {
    const file = path.join(await temporaryFolder(t), "registries.yaml");
    if (text !== undefined) await writeFile(file, text);
    await assert.rejects(readRegistries(file, []), { name: "ExpectedError", message: want });
  });
}

test("readRegistries refuses a key of another certificate", async (t) => {
  const folder = await temporaryFolder(t);
  const authority = await createCertificateAuthority("test", new Date());
  const issue = () => authority.issue({ commonName: "me", usage: "client" }, new Date());
  const [mine, other] = await Promise.all([issue(), issue()]);
  await writeFile(path.join(folder, "me.pem"), mine.certificate);
  await writeFile(path.join(folder, "me.key"), other.key);
  const file = path.join(folder, "registries.yaml");
  await writeFile(file, "configs: {a.example: {tls: {cert_file: me.pem, key_file: me.key}}}");
  const message = /^Cannot use the registries file ".*": The key "me\.key" is not that of the certificate "me\.pem"$/;
  await assert.rejects(readRegistries(file, []), { name: "ExpectedError", message });
  await writeFile(path.join(folder, "me.key"), mine.key);
  assert.deepEqual((await readRegistries(file, []))?.hosts[0]?.tls?.client, {
    certificate: mine.certificate,
    key: mine.key,
  });
});

test("what is written again is the same, and what is no longer wanted goes", async (t) => {
  const folder = path.join(await temporaryFolder(t), "certs.d");
  const mirror = { registry: "docker.io", endpoints: [HERE], only: true };
  const host = { host: "a.example:5000", tls: { ca: "CA", skipVerify: false } };
  const files = async () => (await readdir(folder, { recursive: true })).sort();
  const write = (registries: Registries) => writeHostsFiles(folder, registries);

  const all = ["a.example:5000", "a.example:5000/ca.crt", "a.example:5000/hosts.toml"];
  for (const _ of [1, 2]) {
    await write({ mirrors: [mirror], hosts: [host] });
    assert.deepEqual(await files(), [...all, "docker.io", "docker.io/hosts.toml"]);
  }
  assert.match(await readFile(path.join(folder, "docker.io/hosts.toml"), "utf8"), /^server = "http:/m);
  await write({ mirrors: [], hosts: [{ ...host, tls: { skipVerify: true } }] });
  assert.deepEqual(await files(), ["a.example:5000", "a.example:5000/hosts.toml"]);
  await write({ mirrors: [], hosts: [] });
  assert.deepEqual(await files(), []);
});
