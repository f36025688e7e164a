import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { Secret } from "@fairlead/api/core/v1/secret/secret";
import type { Draft } from "@fairlead/api/schema";
import type { EventRecorder } from "@fairlead/client/events/event-recorder";
import type { ImageInfo, PodRuntime } from "../runtime/pod-runtime.ts";
import { ImagePullError, RuntimeError } from "../runtime/runtime-error.ts";
import type { PodPulls } from "../sync/record/pod-pulls.ts";
import {
  choosePull,
  NO_PULLS,
  withBegunPull,
  withFailedPull,
  withoutPull,
  withPulledImage,
} from "../sync/record/pod-pulls.ts";
import { testPod } from "../testing/pods.testing.ts";
import { imageAccesses } from "./image-accesses.ts";
import { createImagePuller, type ImageAnswer } from "./image-puller.ts";
import { createNodePulls } from "./node-pulls.ts";

type ContainerDraft = Draft<Pod["spec"]["containers"][number]>;
const FULL = "docker.io/library/app:1";

test("an image that is here is used", async () => {
  const world = worldOf({ here: true });
  assert.equal(await world.ensure(), "ready");
  assert.deepEqual(world.events, [
    'Pulled Container image "app:1" already present on machine and can be accessed by the pod',
  ]);
});

test("one that is missing is pulled once, and the pod is notified", async () => {
  const world = worldOf({});
  assert.equal(await world.ensure(), "pulling");
  assert.equal(await world.ensure(), "pulling", "looked at again while it is pulled");
  await world.finish();
  assert.deepEqual([await world.ensure(), world.told, world.pulls], ["ready", 1, 1]);
  assert.deepEqual(world.events, [
    'Pulling Pulling image "app:1"',
    'Pulled Successfully pulled image "app:1" in 0s (0s including waiting). Image size: 5 bytes.',
  ]);
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
  const why = 'Container image "app:1" is not present with pull policy of Never';
  assert.equal(await world.ensure(), `ErrImageNeverPull: ${why}`);
  assert.deepEqual(world.events, [`ErrImageNeverPull ${why}`, "Failed Error: ErrImageNeverPull"]);
});

test("a name that is none is refused", async () => {
  const world = worldOf({ container: { image: "No:1" } });
  assert.match(await world.ensure(), /^InvalidImageName: .*repository name \(library\/No\) must be lowercase$/);
  assert.match(world.events.join("\n"), /^InspectFailed .*\nFailed Error: InvalidImageName$/);
});

test("a runtime that cannot tell whether it is here", async () => {
  const world = worldOf({ broken: true });
  assert.equal(await world.ensure(), 'ImageInspectError: Failed to inspect image "app:1": disk is broken');
});

test("a pull that fails says why, backs off, says it again, and is tried again", async () => {
  const world = worldOf({ refusal: "no such image" });
  assert.equal(await world.ensure(), "pulling");
  await world.finish();
  assert.equal(await world.ensure(), "ErrImagePull: no such image");
  const backing = 'ImagePullBackOff: Back-off pulling image "app:1": ErrImagePull: no such image';
  assert.equal(await world.ensure(), backing);
  assert.deepEqual(world.events.slice(-2), [
    'BackOff Back-off pulling image "app:1"',
    "Failed Error: ImagePullBackOff",
  ]);
  world.pass(10_000);
  assert.equal(await world.ensure(), "pulling");
  await world.finish();
  assert.deepEqual([await world.ensure(), world.pulls], ["ErrImagePull: no such image", 2]);
  world.pass(19_999);
  assert.equal(await world.ensure(), backing, "now it waits twenty seconds");
  world.pass(1);
  assert.equal(await world.ensure(), "pulling");
});

test("an image that is removed as soon as it was pulled is not pulled again at once", async () => {
  const world = worldOf({ lost: true });
  assert.equal(await world.ensure(), "pulling");
  await world.finish();
  assert.equal(await world.ensure(), `ErrImagePull: the image ${FULL} is gone as soon as it was pulled`);
  assert.match(await world.ensure(), /^ImagePullBackOff: /);
  assert.equal(world.pulls, 1);
});

test("what the runtime says is wrong is the reason", async () => {
  const world = worldOf({ refusal: "SignatureValidationFailed: no signature" });
  await world.ensure();
  await world.finish();
  const why = "image pull failed for app:1 because the signature validation failed: no signature";
  assert.equal(await world.ensure(), `SignatureValidationFailed: ${why}`);
  assert.equal(world.events.at(-1), "Failed Error: SignatureValidationFailed");
});

test("every secret is tried, and every refusal reported", async () => {
  const world = worldOf({ password: "right" });
  await world.ensure("wrong", "right");
  await world.finish();
  assert.deepEqual([await world.ensure("wrong", "right"), world.pulls], ["ready", 2]);

  const refused = worldOf({ password: "right" });
  await refused.ensure("wrong", "older");
  await refused.finish();
  assert.equal(await refused.ensure("wrong", "older"), "ErrImagePull: [wrong is wrong, older is wrong]");
});

test("who cannot show a secret that was let in has to ask, though the image is here", async () => {
  const world = worldOf({ password: "right" });
  await world.ensure("right");
  await world.finish();
  assert.equal(await world.ensure("right"), "ready");
  assert.deepEqual([await world.ensure("right"), world.pulls], ["ready", 1], "the same secret again");
  assert.equal(await world.ensure(), "pulling", "no secret");
  await world.finish();
  assert.equal(await world.ensure(), "ErrImagePull: undefined is wrong");
});

test("a container that is given another image meanwhile gets that one", { timeout: 60_000 }, async () => {
  const world = worldOf({});
  assert.equal(await world.ensure(), "pulling");
  world.container.image = "app:2";
  assert.equal(await world.ensure(), "pulling");
  await world.finish(2);
  assert.deepEqual([await world.imageId(), world.pulls], ["id of docker.io/library/app:2", 2]);
});

test("an image that could not be pulled is not the fault of the one that a container is given then", async () => {
  const world = worldOf({ refusal: "no such image" });
  await world.ensure();
  await world.finish();
  world.container.image = "app:2";
  assert.equal(await world.ensure(), "pulling");
});

test("with pull policy Never, the message does not reveal that the image is present to pods that may not use it", async () => {
  const world = worldOf({ password: "right" });
  await world.ensure("right");
  await world.finish();
  await world.ensure("right");
  world.container.imagePullPolicy = "Never";
  assert.match(await world.ensure(), /^ErrImageNeverPull: /);
  assert.equal(await world.ensure("right"), "ready");
});

function worldOf({
  here = false,
  refusal,
  password,
  broken = false,
  lost = false,
  container = {},
}: {
  here?: boolean;
  refusal?: string;
  /** The registry's. Default: it lets everybody in. */
  password?: string;
  /** Whether the runtime cannot look at images. */
  broken?: boolean;
  /** Whether somebody removes what is pulled. */
  lost?: boolean;
  container?: { -readonly [K in keyof ContainerDraft]: ContainerDraft[K] };
}) {
  const imageOf = (name: string): ImageInfo => ({
    ...{ id: `id of ${name}`, tags: [name], digests: [], sizeBytes: 5 },
    ...{ uid: 0, username: "" },
  });
  const present = new Map(here ? [[FULL, imageOf(FULL)]] : []);
  const events: string[] = [];
  let now = 1_000;
  let pulls = 0;
  let told = 0;
  let go = Promise.withResolvers<void>();
  const runtime: Pick<PodRuntime, "imageStatus" | "pullImage" | "listImages"> = {
    listImages: async () => [...present.values()],
    async imageStatus(name) {
      if (broken) throw new RuntimeError("Failed", "disk is broken");
      return present.get(name);
    },
    async pullImage(name, auth) {
      pulls += 1;
      await go.promise;
      if (refusal !== undefined) throw new ImagePullError(refusal);
      if (password !== undefined && auth?.password !== password) throw new ImagePullError(`${auth?.password} is wrong`);
      if (!lost) present.set(name, imageOf(name));
      return imageOf(name).id;
    },
  };
  const recorder: EventRecorder = {
    record: (_, { reason, message }) => void events.push(`${reason} ${message}`),
  };
  const clock = { now: () => now, monotonicMs: () => now, sleep: async () => {} };
  const ending = new AbortController();
  const ended = { next: Promise.withResolvers<void>() };
  let known = NO_PULLS;
  const end = (next: PodPulls) => {
    known = next;
    told += 1;
    ended.next.resolve();
    ended.next = Promise.withResolvers();
  };
  const puller = createImagePuller({
    runtime,
    pulls: createNodePulls({ runtime, clock, accesses: imageAccesses(undefined, runtime) }),
    events: recorder,
    clock,
    signal: ending.signal,
    listener: {
      begun: (name, image) => {
        known = withBegunPull(known, name, image);
      },
      pulled: (name, image, pulled) => end(withPulledImage(known, name, image, pulled)),
      failed: (name, of, why) => end(withFailedPull(known, name, { of, why, nowMs: now })),
    },
  });
  /** Looks at the container as the kubelet does, and starts it where that is possible. */
  const ensure = async (...passwords: string[]): Promise<ImageAnswer> => {
    const pod = testPod({ containers: [{ name: "app", ...container }] });
    const [spec] = pod.spec.containers;
    assert.ok(spec !== undefined);
    const pull = choosePull(known, spec, now);
    if (pull.choice === "pulling") return { state: "pulling" };
    known = withoutPull(known, "app");
    if (pull.choice === "failed") return { state: "failed", ...pull };
    return puller.ensure(pod, spec, { secrets: passwords.map(secretOf), pull });
  };
  return {
    events,
    container,
    get pulls() {
      return pulls;
    },
    get told() {
      return told;
    },
    pass(ms: number) {
      now += ms;
    },
    ensure: async (...passwords: string[]) => format(await ensure(...passwords)),
    async imageId() {
      const answer = await ensure();
      return answer.state === "ready" ? answer.image.id : format(answer);
    },
    /** Lets the pull that is under way end, and as many after it. */
    async finish(count = 1) {
      const upTo = told + count;
      go.resolve();
      while (told < upTo) await ended.next.promise;
      go = Promise.withResolvers();
    },
  };
}

function secretOf(password: string): Secret {
  const auths = { "docker.io": { username: "me", password } };
  return {
    metadata: { uid: password, namespace: "default", name: password },
    type: "kubernetes.io/dockerconfigjson",
    data: { ".dockerconfigjson": btoa(JSON.stringify({ auths })) },
  } as unknown as Secret;
}

function format(answer: ImageAnswer): string {
  return answer.state === "failed" ? `${answer.why.reason}: ${answer.why.message}` : answer.state;
}
