import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pod } from "../../api/core/v1/pod/pod.ts";
import type { Draft } from "../../api/schema.ts";
import type { EventRecorder } from "../../client/events/event-recorder.ts";
import type { ImageInfo, PodRuntime } from "../runtime/pod-runtime.ts";
import { ImagePullError } from "../runtime/runtime-error.ts";
import { testPod } from "../testing/pods.testing.ts";
import type { ImageAnswer } from "./image-puller.ts";
import { createImagePuller } from "./image-puller.ts";

type ContainerDraft = Draft<Pod["spec"]["containers"][number]>;
const FULL = "docker.io/library/app:1";

test("an image that is here is used", async () => {
  const world = worldOf({ here: true });
  assert.equal(await world.ensure(), "ready");
  assert.deepEqual(world.events, [
    'Pulled Container image "app:1" already present on machine and can be accessed by the pod',
  ]);
});

test("one that is not is pulled once, and the pod is told", async () => {
  const world = worldOf({});
  assert.equal(await world.ensure(), "pulling");
  assert.equal(await world.ensure(), "pulling", "looked at again while it is pulled");
  await world.finish();
  assert.deepEqual([await world.ensure(), world.told, world.pulls], ["ready", 1, 1]);
  assert.match(world.events.join("\n"), /^Pulling Pulling image "app:1"\nPulled Successfully pulled image "app:1" in /);
});

test("with pull policy Always it is pulled for each start", async () => {
  const world = worldOf({ here: true, container: { imagePullPolicy: "Always" } });
  for (const pulls of [1, 2]) {
    assert.equal(await world.ensure(), "pulling");
    await world.finish();
    assert.deepEqual([await world.ensure(), world.pulls], ["ready", pulls]);
  }
});

test("with pull policy Never it is not pulled", async () => {
  const world = worldOf({ container: { imagePullPolicy: "Never" } });
  assert.equal(
    await world.ensure(),
    'ErrImageNeverPull: Container image "app:1" is not present with pull policy of Never',
  );
});

test("a name that is none is refused", async () => {
  const world = worldOf({ container: { image: "No:1" } });
  assert.match(await world.ensure(), /^InvalidImageName: .*repository name must be lowercase$/);
});

test("a pull that fails says why, backs off, and is tried again", async () => {
  const world = worldOf({ refusal: "no such image" });
  assert.equal(await world.ensure(), "pulling");
  await world.finish();
  assert.equal(await world.ensure(), "ErrImagePull: no such image");
  assert.equal(await world.ensure(), 'ImagePullBackOff: Back-off pulling image "app:1"');
  world.pass(10_000);
  assert.deepEqual([await world.ensure(), world.pulls], ["pulling", 2]);
  await world.finish();
  world.pass(10_000);
  assert.equal(await world.ensure(), "ErrImagePull: no such image", "now it waits twenty seconds");
});

function worldOf({
  here = false,
  refusal,
  container = {},
}: {
  here?: boolean;
  refusal?: string;
  container?: ContainerDraft;
}) {
  const image: ImageInfo = { id: "sha256:1", tags: [FULL], digests: [], sizeBytes: 5, uid: 0, username: "" };
  const present = new Map(here ? [[FULL, image]] : []);
  const events: string[] = [];
  let now = 1_000;
  let pulls = 0;
  let told = 0;
  let go = Promise.withResolvers<void>();
  const runtime: Pick<PodRuntime, "imageStatus" | "pullImage"> = {
    imageStatus: async (name) => present.get(name),
    async pullImage(name) {
      pulls += 1;
      await go.promise;
      if (refusal !== undefined) throw new ImagePullError(refusal);
      present.set(name, image);
      return image.id;
    },
  };
  const recorder: EventRecorder = {
    record: (_, { reason, message }) => void events.push(`${reason} ${message}`),
  };
  const ended = { next: Promise.withResolvers<void>() };
  const puller = createImagePuller({
    runtime,
    events: recorder,
    clock: { now: () => now, sleep: async () => {} },
    onEnd: () => {
      told += 1;
      ended.next.resolve();
    },
  });
  const pod = testPod({ containers: [{ name: "app", ...container }] });
  return {
    events,
    get pulls() {
      return pulls;
    },
    get told() {
      return told;
    },
    pass(ms: number) {
      now += ms;
    },
    async ensure() {
      const [spec] = pod.spec.containers;
      assert.ok(spec !== undefined);
      return format(await puller.ensure(pod, spec, []));
    },
    /** Lets the pull that is under way end. */
    async finish() {
      const { promise } = ended.next;
      go.resolve();
      await promise;
      go = Promise.withResolvers();
      ended.next = Promise.withResolvers();
    },
  };
}

function format(answer: ImageAnswer): string {
  return answer.state === "failed" ? `${answer.why.reason}: ${answer.why.message}` : answer.state;
}
