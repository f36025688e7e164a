import assert from "node:assert/strict";
import { test } from "node:test";
import type { Secret } from "@fairlead/api/core/v1/secret/secret";
import { credentialsFor } from "./pull-secrets.ts";

const secret = (auths: Record<string, unknown>) =>
  ({
    metadata: { uid: "1", namespace: "default", name: "pull" },
    type: "kubernetes.io/dockerconfigjson",
    data: { ".dockerconfigjson": btoa(JSON.stringify({ auths })) },
  }) as unknown as Secret;
const user = (username: string) => ({ username, password: "p" });

const cases: { name: string; image: string; secrets: Secret[]; want: string[] }[] = [
  {
    name: "the registry's",
    image: "registry.example/app",
    secrets: [secret({ "registry.example": user("a") })],
    want: ["a"],
  },
  {
    name: "another registry's is not",
    image: "registry.example/app",
    secrets: [secret({ example: user("a") })],
    want: [],
  },
  {
    name: "a longer name is another host",
    image: "registry.example.org/app",
    secrets: [secret({ "registry.example": user("a") })],
    want: [],
  },
  {
    name: "the longest path first",
    image: "registry.example/team/app",
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
    image: "docker.io/library/nginx",
    secrets: [secret({ "https://index.docker.io/v1/": user("a") })],
    want: ["a"],
  },
  {
    name: "wildcards",
    image: "eu.registry.example/app",
    secrets: [secret({ "*.registry.example": user("a") })],
    want: ["a"],
  },
  {
    name: "in one field",
    image: "registry.example/app",
    secrets: [secret({ "registry.example": { auth: btoa("a:p:q") } })],
    want: ["a"],
  },
  {
    name: "a broken one counts as absent",
    image: "registry.example/app",
    secrets: [{ type: "kubernetes.io/dockerconfigjson", data: { ".dockerconfigjson": "!" } } as unknown as Secret],
    want: [],
  },
  {
    name: "an entry of another shape counts as absent, and others of its secret do not",
    image: "registry.example/app",
    secrets: [secret({ "registry.example": null, "*.example": user("a"), "registry.*": "text" })],
    want: ["a"],
  },
  {
    name: "files that are no maps count as absent",
    image: "registry.example/app",
    secrets: [
      { type: "kubernetes.io/dockerconfigjson", data: { ".dockerconfigjson": btoa("null") } } as unknown as Secret,
      {
        type: "kubernetes.io/dockerconfigjson",
        data: { ".dockerconfigjson": btoa('{"auths":[1]}') },
      } as unknown as Secret,
      { type: "kubernetes.io/dockercfg", data: { ".dockercfg": btoa("null") } } as unknown as Secret,
      secret({ "registry.example": user("a") }),
    ],
    want: ["a"],
  },
  {
    name: "a pattern that is none fits nothing",
    image: "registry.example/app",
    secrets: [
      secret({ "[z-a].example": user("a"), "[registry.example": user("b"), "registr[w-z].example": user("c") }),
    ],
    want: ["c"],
  },
  {
    name: "the one field before the two",
    image: "registry.example/app",
    secrets: [secret({ "registry.example": { ...user("two"), auth: btoa("one:p") } })],
    want: ["one"],
  },
  {
    name: "one field without padding",
    image: "registry.example/app",
    secrets: [secret({ "registry.example": { auth: btoa("ab:p").replace(/=+$/, "") } })],
    want: ["ab"],
  },
  {
    name: "of another port are not",
    image: "registry.example:5000/app",
    secrets: [secret({ "registry.example": user("a"), "registry.example:5000": user("b") })],
    want: ["b"],
  },
  {
    name: "a wildcard is one name of the host",
    image: "a.b.registry.example/app",
    secrets: [secret({ "*.registry.example": user("a"), "*.*.registry.example": user("b"), "?.[a-c].*.*": user("c") })],
    want: ["c", "b"],
  },
  {
    name: "of one registry in two secrets, in their order",
    image: "registry.example/app",
    secrets: [secret({ "registry.example": user("z") }), secret({ "https://registry.example/v2/": user("a") })],
    want: ["z", "a"],
  },
  {
    name: "Docker Hub's under its own name before those under the old one",
    image: "docker.io/library/nginx",
    secrets: [secret({ "https://index.docker.io/v1/": user("a"), "docker.io": user("b") })],
    want: ["b"],
  },
  {
    name: "a file in the oldest shape",
    image: "registry.example/app",
    secrets: [
      {
        metadata: { uid: "1", namespace: "default", name: "pull" },
        type: "kubernetes.io/dockercfg",
        data: { ".dockercfg": btoa(JSON.stringify({ "registry.example": user("old") })) },
      } as unknown as Secret,
    ],
    want: ["old"],
  },
];

for (const { name, image, secrets, want } of cases) {
  test(`credentialsFor: ${name}`, () => {
    assert.deepEqual(
      credentialsFor(image, secrets).map(({ auth }) => auth.username),
      want,
    );
  });
}
