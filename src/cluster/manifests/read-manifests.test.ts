import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { runStarved } from "@fairlead/lib/starved.testing";
import { temporaryFolder } from "@fairlead/lib/temporary-folder.testing";
import { parseManifests, readAllManifests, readManifests } from "./read-manifests.ts";

const MANIFEST = `
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ port: 80, targetPort: http }] }
---
# Nothing but a comment.
---
apiVersion: v1
kind: Pod
metadata: { name: web-1, labels: { app: web, "10": ten, "9": nine } }
spec:
  containers:
    - { name: main, image: web, args: ["<a> & <b>", "\\u2028 \u{1f600} é"] }
`;

const parsed: { name: string; text: string; want: string[] }[] = [
  { name: "an empty file", text: "", want: [] },
  { name: "documents, one of them a comment", text: MANIFEST, want: ["v1 Service web", "v1 Pod web-1"] },
  { name: "JSON", text: '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"}}', want: ["v1 Pod a"] },
  {
    name: "a List, and a List in it",
    text: "{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: Pod, metadata: {name: a}}, {apiVersion: v1, kind: List, items: []}]}",
    want: ["v1 Pod a"],
  },
];
for (const { name, text, want } of parsed) {
  test(`parseManifests reads ${name}`, () => {
    assert.deepEqual(
      parseManifests(text, "a.yaml").map(
        ({ object }) => `${object.apiVersion} ${object.kind} ${object.metadata?.name}`,
      ),
      want,
    );
  });
}

const refused: { name: string; text: string; want: RegExp }[] = [
  { name: "what is not YAML", text: "b: 1\na: [\n\n", want: /^Cannot read "a\.yaml": line 2, column 4: / },
  { name: "a key that is there twice", text: "{a: 1, a: 2}", want: /unique/ },
  { name: "an object without a kind", text: "apiVersion: v1", want: /no apiVersion or no kind/ },
  { name: "a scalar", text: "5", want: /no apiVersion or no kind/ },
  {
    name: "an item without a kind",
    text: "{apiVersion: v1, kind: List, items: [{}]}",
    want: /no apiVersion or no kind/,
  },
  { name: "an alias of nothing", text: "a: *b", want: /^Cannot read "a\.yaml": .*b/ },
];
for (const { name, text, want } of refused) {
  test(`parseManifests refuses ${name}`, () => {
    assert.throws(() => parseManifests(text, "a.yaml"), { name: "ExpectedError", message: want });
  });
}

const scalars: { text: string; want: unknown }[] = [
  { text: "0644", want: 420 },
  { text: "yes", want: true },
  { text: "off", want: false },
  { text: "2001-01-01", want: "2001-01-01" },
  { text: "12:30:45", want: "12:30:45" },
  { text: "1_000", want: 1000 },
  { text: '"0644"', want: "0644" },
  { text: "~", want: null },
];
for (const { text, want } of scalars) {
  test(`${text} is ${JSON.stringify(want)}, as kubectl reads it`, () => {
    const [found] = parseManifests(`{apiVersion: v1, kind: Pod, spec: {value: ${text}}}`, "a.yaml");
    assert.deepEqual((found?.object as { spec?: unknown } | undefined)?.spec, { value: want });
  });
}

test("of a folder the manifest files are read, by name", async (t) => {
  const folder = await temporaryFolder(t);
  for (const name of ["b.yaml", "a.yml", "c.json", "README.md"]) {
    await writeFile(
      path.join(folder, name),
      JSON.stringify({ apiVersion: "v1", kind: "Pod", metadata: { name: name[0] } }),
    );
  }
  const found = await readManifests(folder);
  assert.deepEqual(
    found.map(({ object, place }) => `${object.metadata?.name} ${path.basename(JSON.parse(place))}`),
    ["a a.yml", "b b.yaml", "c c.json"],
  );
});

test("a missing file and a folder without manifests are refused by name", async (t) => {
  const folder = await temporaryFolder(t);
  await mkdir(path.join(folder, "empty"));
  await assert.rejects(readManifests(path.join(folder, "none.yaml")), {
    name: "ExpectedError",
    message: /no such file/,
  });
  await assert.rejects(readManifests(path.join(folder, "empty")), { name: "ExpectedError", message: /no \.yaml/ });
});

test("an object without a name is refused", async (t) => {
  const file = path.join(await temporaryFolder(t), "a.yaml");
  await writeFile(file, "{apiVersion: v1, kind: Pod, metadata: {generateName: a-}}");
  await assert.rejects(readAllManifests([file]), {
    name: "ExpectedError",
    message: /a Pod in it has no name/,
  });
});

test("an unknown kind is refused by name", async (t) => {
  const file = path.join(await temporaryFolder(t), "a.yaml");
  await writeFile(file, "{apiVersion: example.com/v1, kind: Widget, metadata: {name: a}}");
  await assert.rejects(readAllManifests([file]), {
    name: "ExpectedError",
    message: /kind Widget of example.com\/v1 is not supported/,
  });
});

const pod = (spec: string) => `apiVersion: v1\nkind: Pod\nmetadata: { name: web }\nspec: ${spec}\n`;
const list = (item: string) => `{apiVersion: v1, kind: List, items: [${item}]}`;
const notStrict: { name: string; text: string; want: RegExp }[] = [
  {
    name: "a misspelt field of a container",
    text: pod("{ containers: [{ name: c, image: i, imagePulPolicy: Never }] }"),
    want: /^Cannot apply the Pod web in ".*a\.yaml": .*strict decoding error: unknown field "spec\.containers\[0\]\.imagePulPolicy"$/,
  },
  {
    name: "one in a later document",
    text: `${pod("{ containers: [{ name: c, image: i }] }")}---\n${pod("{ hostname: h, hostnam: h }")}`,
    want: /^Cannot apply the Pod web in document 2 of ".*a\.yaml": .* unknown field "spec\.hostnam"$/,
  },
  {
    name: "one in an item of a List",
    text: list("{apiVersion: v1, kind: ConfigMap, metadata: {name: c, labls: {}}}"),
    want: /^Cannot apply the ConfigMap c in ".*a\.yaml": .* unknown field "metadata\.labls"$/,
  },
  {
    name: "a field that other objects inherit",
    text: pod("{ containers: [{ name: c, image: i, toString: x }] }"),
    want: /unknown field "spec\.containers\[0\]\.toString"$/,
  },
  {
    name: "a value of the wrong type",
    text: pod("{ containers: [{ name: c, image: i, command: sh }] }"),
    want: /^Cannot apply the Pod web in ".*a\.yaml": .*spec\.containers\.command/,
  },
];
for (const { name, text, want } of notStrict) {
  test(`${name} is refused before anything is created`, async (t) => {
    const file = path.join(await temporaryFolder(t), "a.yaml");
    await writeFile(file, text);
    await assert.rejects(readAllManifests([file]), { name: "ExpectedError", message: want });
  });
}

test("parseManifests keeps the digits of integers of 64 bits, and reads others as kubectl does", () => {
  const text =
    "{apiVersion: v1, kind: Pod, spec: {a: 9223372036854775807, b: -9007199254740993, c: 0644, d: 1.0, e: 30}}";
  const [manifest] = parseManifests(text, "a.yaml");
  const want = { a: 9223372036854775807n, b: -9007199254740993n, c: 420, d: 1, e: 30 };
  assert.deepEqual(Reflect.get(manifest?.object ?? {}, "spec"), want);
});

test("a folder of more files than may be open at once is read", async (t) => {
  const folder = await temporaryFolder(t);
  const names = Array.from({ length: 200 }, (_, i) => `${i}.yaml`);
  await Promise.all(names.map((name) => writeFile(path.join(folder, name), "apiVersion: v1\nkind: Namespace\n")));
  const text = `
    import { readManifests } from ${JSON.stringify(new URL("./read-manifests.ts", import.meta.url).href)};
    console.log((await readManifests(${JSON.stringify(folder)})).length);`;
  assert.equal(await runStarved(text), "200\n");
});
