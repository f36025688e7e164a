import assert from "node:assert/strict";
import { test } from "node:test";
import { fullReference } from "./reference.ts";

const cases: { name: string; given: string; want: string }[] = [
  { name: "a bare name is an official image", given: "redis", want: "docker.io/library/redis:latest" },
  { name: "a tag stays", given: "redis:7", want: "docker.io/library/redis:7" },
  { name: "a user's image", given: "shop/web:1", want: "docker.io/shop/web:1" },
  { name: "a registry with a dot", given: "quay.io/a/b", want: "quay.io/a/b:latest" },
  { name: "a registry with a port", given: "localhost:5000/a", want: "localhost:5000/a:latest" },
  { name: "a registry called localhost", given: "localhost/a:2", want: "localhost/a:2" },
  { name: "a digest is enough", given: "a/b@sha256:00", want: "docker.io/a/b@sha256:00" },
];

for (const { name, given, want } of cases) {
  test(`fullReference: ${name}`, () => {
    assert.equal(fullReference(given), want);
  });
}
