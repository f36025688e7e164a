import assert from "node:assert/strict";
import { test } from "node:test";
import { mirrorsOfFlags } from "./mirror-flags.ts";
import type { RegistryMirror } from "./registries.ts";

const HERE = "http://172.30.0.2:5000";

const cases: { name: string; flags: string[]; want: RegistryMirror[] }[] = [
  { name: "nothing", flags: [], want: [] },
  {
    name: "a mirror",
    flags: [`docker.io=${HERE}`],
    want: [{ registry: "docker.io", endpoints: [HERE], only: false }],
  },
  {
    name: "one that is the only one to be asked",
    flags: [`docker.io=${HERE},only`],
    want: [{ registry: "docker.io", endpoints: [HERE], only: true }],
  },
  {
    name: "two for one registry, in their order; only counts for both",
    flags: ["quay.io=https://a.example/v2/quay,only", `*=${HERE}`, "quay.io=https://b.example"],
    want: [
      { registry: "quay.io", endpoints: ["https://a.example/v2/quay", "https://b.example"], only: true },
      { registry: "*", endpoints: [HERE], only: false },
    ],
  },
  {
    name: "a registry with a port",
    flags: [`registry.example:5000=${HERE}`],
    want: [{ registry: "registry.example:5000", endpoints: [HERE], only: false }],
  },
];
for (const { name, flags, want } of cases) {
  test(`mirrorsOfFlags: ${name}`, () => assert.deepEqual(mirrorsOfFlags(flags), want));
}

const refused: { flag: string; want: RegExp }[] = [
  { flag: "docker.io", want: /: must be REGISTRY=URL, for example docker\.io=http:\/\/172\.30\.0\.2:5000$/ },
  { flag: `=${HERE}`, want: /must be REGISTRY=URL/ },
  { flag: "docker.io=", want: /must be REGISTRY=URL/ },
  { flag: `https://docker.io=${HERE}`, want: /"https:\/\/docker\.io" must be a host such as docker\.io/ },
  { flag: `docker.io/library=${HERE}`, want: /"docker\.io\/library" must be a host/ },
  { flag: `../etc=${HERE}`, want: /"\.\.\/etc" must be a host/ },
  { flag: "docker.io=172.30.0.2:5000", want: /must be a URL such as http/ },
  { flag: "docker.io=ftp://a.example", want: /must be a URL such as http/ },
  { flag: "docker.io=http://u:p@a.example", want: /without name and password: put them under configs/ },
  { flag: `docker.io=${HERE}?a=b`, want: /must end before/ },
  { flag: `docker.io=${HERE},always`, want: /"always" must be "only"/ },
];
for (const { flag, want } of refused) {
  test(`mirrorsOfFlags refuses ${flag}`, () => {
    assert.throws(() => mirrorsOfFlags([flag]), { name: "ExpectedError", message: want });
  });
}
