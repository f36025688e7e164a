import assert from "node:assert/strict";
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { temporaryFolder } from "@fairlead/lib/temporary-folder.testing";
import type { ImageInfo } from "../runtime/pod-runtime.ts";
import { imageAccesses } from "./image-accesses.ts";
import type { PullSecret } from "./pull-secrets.ts";

const APP = { name: "docker.io/library/app:1", repository: "docker.io/library/app" };
const SECRET: PullSecret = { uid: "1", namespace: "default", name: "pull", credentialHash: "x" };
const image: ImageInfo = { id: "sha256:1", tags: [APP.name], digests: [], sizeBytes: 5, uid: 0, username: "" };

async function folderOf(t: TestContext): Promise<string> {
  const folder = await temporaryFolder(t);
  return folder;
}

/** A kubelet that starts, with these images on its node. */
function start(folder: string | undefined, images: readonly ImageInfo[] = [image]) {
  return imageAccesses(folder, { listImages: async () => images });
}

test("an image that nobody pulled is everybody's", async () => {
  assert.equal(await start(undefined).mustAsk(APP, image.id, []), false);
});

test("an image that is being pulled is used by no other pod unchecked; afterwards the pod that pulled it may", async () => {
  const accesses = start(undefined);
  await accesses.begin(APP);
  await accesses.begin(APP);
  await accesses.failed(APP);
  assert.equal(await accesses.mustAsk(APP, image.id, []), true);
  await accesses.pulled(APP, image.id, SECRET);
  assert.equal(await accesses.mustAsk(APP, image.id, []), true);
  assert.equal(await accesses.mustAsk(APP, image.id, [SECRET]), false);
});

test("a pull that failed leaves nothing behind", async (t) => {
  const folder = await folderOf(t);
  const accesses = start(folder);
  await accesses.begin(APP);
  await accesses.failed(APP);
  assert.deepEqual(await readdir(path.join(folder, "pulling")), []);
  assert.equal(await start(folder).mustAsk(APP, image.id, []), false);
});

test("it outlives the kubelet, in a file with upstream's fields", async (t) => {
  const folder = await folderOf(t);
  const first = start(folder);
  await first.begin(APP);
  await first.pulled(APP, image.id, SECRET);
  const second = start(folder);
  assert.equal(await second.mustAsk(APP, image.id, []), true);
  assert.equal(await second.mustAsk(APP, image.id, [SECRET]), false);
  const [name = ""] = await readdir(path.join(folder, "pulled"));
  const { lastUpdatedTime, ...record } = JSON.parse(await readFile(path.join(folder, "pulled", name), "utf8"));
  assert.match(name, /^sha256-[0-9a-f]{64}$/);
  assert.ok(Date.parse(lastUpdatedTime) > 0);
  assert.deepEqual(record, {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "ImagePulledRecord",
    imageRef: image.id,
    credentialMapping: { [APP.repository]: { kubernetesSecrets: [SECRET] } },
  });
});

test("after a kubelet ended during a pull, the next one asks the registry before a pod uses the image", async (t) => {
  const folder = await folderOf(t);
  await start(folder).begin(APP);
  const second = start(folder);
  assert.equal(await second.mustAsk(APP, image.id, [SECRET]), true);
  assert.deepEqual(await readdir(path.join(folder, "pulling")), [], "now there is a record without a secret");
});

test("what is known of images that are gone goes", async (t) => {
  const folder = await folderOf(t);
  const first = start(folder);
  await first.begin(APP);
  await first.pulled(APP, image.id, SECRET);
  assert.equal(await start(folder, []).mustAsk(APP, image.id, []), false);
  assert.deepEqual(await readdir(path.join(folder, "pulled")), []);
});

test("a broken record is named, and nobody gets in by it", async (t) => {
  const folder = await folderOf(t);
  const first = start(folder);
  await first.begin(APP);
  await first.pulled(APP, image.id, SECRET);
  const [name = ""] = await readdir(path.join(folder, "pulled"));
  await writeFile(path.join(folder, "pulled", name), "{");
  await assert.rejects(
    start(folder).mustAsk(APP, image.id, []),
    /^Error: Cannot read .*sha256-.*remove it and the image/,
  );
});
