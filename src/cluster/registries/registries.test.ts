import assert from "node:assert/strict";
import { test } from "node:test";
import { isHostOf, isLoopback, registryProblem, strayHosts, withoutSecrets } from "./registries.ts";

test("what is shown has neither passwords nor keys", () => {
  const mirrors = [{ registry: "docker.io", endpoints: ["https://a.example"], only: true }];
  const shown = withoutSecrets({
    mirrors,
    hosts: [
      { host: "a.example", auth: { username: "me", password: "p" } },
      { host: "b.example", auth: { auth: "bWU6cA==" }, tls: { ca: "CA", skipVerify: true } },
      { host: "c.example", tls: { client: { certificate: "C", key: "K" }, skipVerify: false } },
    ],
  });
  assert.deepEqual(shown, {
    mirrors,
    hosts: [
      { host: "a.example" },
      { host: "b.example", tls: { ca: "CA", skipVerify: true } },
      { host: "c.example", tls: { skipVerify: false } },
    ],
  });
});

for (const { endpoint, want } of [
  { endpoint: "http://localhost:5000", want: true },
  { endpoint: "http://127.0.0.1:5000/v2", want: true },
  { endpoint: "http://[::1]:5000", want: true },
  { endpoint: "http://172.30.0.2:5000", want: false },
  { endpoint: "https://localhost.example", want: false },
]) {
  test(`${endpoint} ${want ? "is" : "is not"} the node itself`, () => assert.equal(isLoopback(endpoint), want));
}

for (const { host, url, want } of [
  { host: "a.example", url: "https://a.example/v2/hub", want: true },
  { host: "A.example:443", url: "https://a.Example", want: true },
  { host: "a.example", url: "https://a.example:443", want: true },
  { host: "a.example:80", url: "http://a.example", want: true },
  { host: "a.example:443", url: "http://a.example", want: false },
  { host: "a.example", url: "https://a.example:5000", want: false },
  { host: "[fd00:0::1]:443", url: "https://[fd00::1]", want: true },
]) {
  test(`settings of ${host} ${want ? "are" : "are not"} for ${url}`, () => assert.equal(isHostOf(host, url), want));
}

for (const host of ["a.example:99999", "300.1.1.1", "[:::]"]) {
  test(`${host} names no registry`, () => assert.match(registryProblem(host) ?? "", /must be a host/));
}

test("settings that are for no endpoint may be those of a registry, or of a mirror with another port", () => {
  const mirrors = [
    { registry: "docker.io", endpoints: ["https://mirror:5000", "http://a.example"], only: false },
    { registry: "quay.io", endpoints: ["https://mirror:5000"], only: false },
  ];
  const hosts = ["mirror", "Mirror:5000", "a.example", "b.example", "other", "localhost", "c:5000", "a.example:81"];
  assert.deepEqual(strayHosts({ mirrors, hosts: hosts.map((host) => ({ host })) }), [
    { host: "mirror", near: ["https://mirror:5000"], isRegistry: false },
    { host: "b.example", near: [], isRegistry: true },
    { host: "other", near: [], isRegistry: false },
    { host: "localhost", near: [], isRegistry: true },
    { host: "c:5000", near: [], isRegistry: true },
    { host: "a.example:81", near: ["http://a.example"], isRegistry: true },
  ]);
});
