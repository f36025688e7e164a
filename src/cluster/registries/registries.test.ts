import assert from "node:assert/strict";
import { test } from "node:test";
import { isLoopback, withoutSecrets } from "./registries.ts";

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
