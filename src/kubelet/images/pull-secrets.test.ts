import assert from "node:assert/strict";
import { test } from "node:test";
import type { Secret } from "../../api/core/v1/secret.ts";
import { credentialsFor } from "./pull-secrets.ts";

const secret = (auths: Record<string, unknown>) =>
  ({
    type: "kubernetes.io/dockerconfigjson",
    data: { ".dockerconfigjson": btoa(JSON.stringify({ auths })) },
  }) as unknown as Secret;
const user = (username: string) => ({ username, password: "p" });

const cases: { name: string; image: string; secrets: Secret[]; want: string[] }[] = [
  {
    name: "the registry's",
    image: "registry.example/app:1",
    secrets: [secret({ "registry.example": user("a") })],
    want: ["a"],
  },
  {
    name: "another registry's is not",
    image: "registry.example/app:1",
    secrets: [secret({ example: user("a") })],
    want: [],
  },
  {
    name: "a longer name is another host",
    image: "registry.example.org/app:1",
    secrets: [secret({ "registry.example": user("a") })],
    want: [],
  },
  {
    name: "the longest path first",
    image: "registry.example/team/app:1",
    secrets: [
      secret({
        "registry.example": user("a"),
        "registry.example/team": user("b"),
        "registry.example/other": user("c"),
      }),
    ],
    want: ["b", "a"],
  },
  {
    name: "Docker's old address",
    image: "docker.io/library/nginx:1",
    secrets: [secret({ "https://index.docker.io/v1/": user("a") })],
    want: ["a"],
  },
  {
    name: "wildcards",
    image: "eu.registry.example/app:1",
    secrets: [secret({ "*.registry.example": user("a") })],
    want: ["a"],
  },
  {
    name: "in one field",
    image: "registry.example/app:1",
    secrets: [secret({ "registry.example": { auth: btoa("a:p:q") } })],
    want: ["a"],
  },
  {
    name: "a broken one counts as absent",
    image: "registry.example/app:1",
    secrets: [{ type: "kubernetes.io/dockerconfigjson", data: { ".dockerconfigjson": "!" } } as unknown as Secret],
    want: [],
  },
];

for (const { name, image, secrets, want } of cases) {
  test(`credentialsFor: ${name}`, () => {
    assert.deepEqual(
      credentialsFor(image, secrets).map((auth) => auth.username),
      want,
    );
  });
}
