import assert from "node:assert/strict";
import { test } from "node:test";
import { imageName } from "./image-name.ts";

const digest = `sha256:${"0".repeat(64)}`;
const cases = [
  ["nginx", "docker.io/library/nginx:latest"],
  ["nginx:1.22", "docker.io/library/nginx:1.22"],
  ["team/app", "docker.io/team/app:latest"],
  ["docker.io/nginx", "docker.io/library/nginx:latest"],
  ["registry.example/app:1", "registry.example/app:1"],
  [`registry.example/${"a".repeat(255)}:1`, `registry.example/${"a".repeat(255)}:1`],
  ["registry.example:5000/app", "registry.example:5000/app:latest"],
  ["index.docker.io/nginx", "docker.io/library/nginx:latest"],
  ["localhost/app", "localhost/app:latest"],
  ["127.0.0.1:5000/a/b/c:1", "127.0.0.1:5000/a/b/c:1"],
  [`nginx@${digest}`, `docker.io/library/nginx@${digest}`],
  [`nginx:1@${digest}`, `docker.io/library/nginx@${digest}`],
] as const;

for (const [reference, want] of cases) {
  test(`imageName: ${reference.slice(0, 40)}`, () => {
    const repository = want.replace(/@.*|:[^/]*$/g, "");
    assert.deepEqual(imageName(reference), { name: want, repository });
  });
}

for (const reference of [
  "",
  "Nginx",
  "a b",
  "nginx:",
  "nginx:-1",
  "a//b",
  "nginx@sha256:short",
  "registry.example/",
  "0".repeat(64),
  `registry.example/${"a".repeat(256)}`,
]) {
  test(`imageName refuses ${JSON.stringify(reference)}`, () => assert.ok("error" in imageName(reference)));
}

test("what is wrong is said in upstream's words", () => {
  assert.deepEqual(imageName("Nginx"), {
    error: `Failed to apply default image tag "Nginx": couldn't parse image name "Nginx": invalid reference format: repository name (library/Nginx) must be lowercase`,
  });
});
