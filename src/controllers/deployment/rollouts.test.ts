import assert from "node:assert/strict";
import { test } from "node:test";
import type { Deployment } from "@fairlead/api/apps/v1/deployment/deployment";
import type { ReplicaSet } from "@fairlead/api/apps/v1/replicaset/replicaset";
import { nextInt64 } from "@fairlead/api/int64";
import { deployment, planned, START_MS } from "./objects.testing.ts";
import { rollingLimits } from "./replicasets/limits.ts";

/** How many rollouts are tried, of how many templates each. */
const ROLLOUTS = 300;
const TEMPLATES = 4;
/** Far more than any of them needs. */
const STEPS_MAX = 20_000;

interface Pod {
  readonly uid: string;
  isReady: boolean;
  readonly canBeReady: boolean;
}

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/** A Deployment, ReplicaSets whose controller is slow and whose statuses are late, and pods that take their time. */
class World {
  deployment: Deployment;
  sets: ReplicaSet[] = [];
  pods: Pod[] = [];
  steps = 0;
  readonly #random: () => number;

  constructor(given: Deployment, random: () => number) {
    this.deployment = given;
    this.#random = random;
  }

  pick(count: number): number {
    return Math.floor(this.#random() * count);
  }

  /** Something happens: the Deployment is looked at, or a ReplicaSet, or a pod becomes ready. */
  step(): void {
    this.steps++;
    const what = this.pick(3);
    if (what === 0) this.#deploy();
    else if (what === 1) this.#syncSet(this.pick(this.sets.length));
    else this.#readyOne();
  }

  #deploy(): void {
    const plan = planned(this.deployment, this.sets, START_MS + this.steps * 1000);
    for (const change of plan.changes) {
      const { uid } = change.replicaSet.metadata ?? {};
      if (change.verb === "create") this.sets.push(this.#created(change.replicaSet as ReplicaSet));
      else if (change.verb === "delete") this.sets = this.sets.filter(({ metadata }) => metadata.uid !== uid);
      else this.sets = this.sets.map((set) => (set.metadata.uid === uid ? written(change.replicaSet, set) : set));
    }
    this.deployment = plan.deployment ?? this.deployment;
  }

  #created(draft: ReplicaSet): ReplicaSet {
    assert(!this.sets.some(({ metadata }) => metadata.name === draft.metadata.name), "two of one name");
    const creationTimestamp = new Date(START_MS + this.steps * 1000).toISOString();
    const metadata = { ...draft.metadata, uid: draft.metadata.name, generation: 1, creationTimestamp };
    return { ...draft, metadata, status: { replicas: 0 } };
  }

  /** As the ReplicaSet controller: adds or removes pods, unready ones first; its status counts what was there before. */
  #syncSet(index: number): void {
    const set = this.sets[index];
    if (set === undefined) return;
    const { uid, generation } = set.metadata;
    const own = this.pods.filter((pod) => pod.uid === uid).sort((a, b) => Number(a.isReady) - Number(b.isReady));
    const missing = set.spec.replicas - own.length;
    const canBeReady = set.spec.template.spec.containers[0]?.image?.startsWith("good") === true;
    for (let i = 0; i < missing; i++) this.pods.push({ uid, isReady: false, canBeReady });
    const excess = new Set(own.slice(0, Math.max(0, -missing)));
    this.pods = this.pods.filter((pod) => !excess.has(pod));
    const ready = own.filter(({ isReady }) => isReady).length;
    const status = {
      ...{ replicas: own.length, readyReplicas: ready, availableReplicas: ready },
      observedGeneration: generation,
    };
    this.sets[index] = { ...set, status };
  }

  #readyOne(): void {
    const waiting = this.pods.filter(({ isReady, canBeReady }) => canBeReady && !isReady);
    const pod = waiting[this.pick(waiting.length)];
    if (pod !== undefined) pod.isReady = true;
  }

  get available(): number {
    return this.pods.filter(({ isReady }) => isReady).length;
  }

  get wanted(): number {
    return this.sets.reduce((sum, { spec }) => sum + spec.replicas, 0);
  }

  isComplete(): boolean {
    const { status, spec, metadata } = this.deployment;
    const counts = [status.updatedReplicas ?? 0, status.replicas ?? 0, status.availableReplicas ?? 0];
    return status.observedGeneration === metadata.generation && counts.every((count) => count === spec.replicas);
  }

  change(spec: Partial<Deployment["spec"]>): void {
    const { metadata } = this.deployment;
    const generation = nextInt64(metadata.generation ?? 0);
    this.deployment = {
      ...this.deployment,
      metadata: { ...metadata, generation },
      spec: { ...this.deployment.spec, ...spec },
    };
  }
}

/** As the API server writes an update: the generation goes up with the spec, the status stays. */
function written(wanted: ReplicaSet, stored: ReplicaSet): ReplicaSet {
  const isScaled = wanted.spec.replicas !== stored.spec.replicas;
  const before = stored.metadata.generation ?? 0;
  const generation = isScaled ? nextInt64(before) : before;
  return { ...wanted, metadata: { ...wanted.metadata, generation }, status: stored.status };
}

const templateOf = (image: string) => deployment({ image }).spec.template;

function randomWorld(seed: number): World {
  const random = randomFrom(seed);
  const upTo = (count: number) => Math.floor(random() * (count + 1));
  const replicas = upTo(10);
  const limit = () => (random() < 0.5 ? upTo(4) : `${upTo(100)}%`);
  return new World(deployment({ image: "good-0", replicas, maxSurge: limit(), maxUnavailable: limit() }), random);
}

function goOn(world: World, isOver: () => boolean, check = () => {}): void {
  const endStep = world.steps + STEPS_MAX;
  while (!isOver()) {
    world.step();
    check();
    assert(world.steps < endStep, "it stands still");
  }
}

test("rolling updates keep their limits at every step, whatever comes when", () => {
  for (let seed = 1; seed <= ROLLOUTS; seed++) {
    const world = randomWorld(seed);
    const { replicas } = world.deployment.spec;
    const { maxSurge, maxUnavailable } = rollingLimits(world.deployment);
    goOn(world, () => world.isComplete());
    const check = () => {
      const where = `seed ${seed}, step ${world.steps}`;
      assert(world.available >= replicas - maxUnavailable, `${world.available} available: ${where}`);
      assert(world.wanted <= replicas + maxSurge, `${world.wanted} wanted: ${where}`);
    };
    for (let i = 1; i <= TEMPLATES; i++) {
      // Broken ones, new ones, and back to one of before; the next comes before the last is through.
      const image = i === TEMPLATES ? "good-end" : `${world.pick(2) === 0 ? "good" : "bad"}-${world.pick(3)}`;
      world.change({ template: templateOf(image) });
      const endStep = world.steps + world.pick(200);
      goOn(world, () => world.steps >= endStep, check);
    }
    goOn(world, () => world.isComplete(), check);
    assert.equal(world.pods.length, replicas, `seed ${seed}`);
  }
});

test("scaling during rolling updates ends with what was wanted last", () => {
  for (let seed = 1; seed <= ROLLOUTS; seed++) {
    const world = randomWorld(seed);
    goOn(world, () => world.isComplete());
    let most = world.wanted;
    const check = () => assert(world.wanted <= most, `${world.wanted} wanted: seed ${seed}, step ${world.steps}`);
    for (let i = 1; i <= TEMPLATES; i++) {
      const replicas = world.pick(12);
      world.change({ replicas, ...(world.pick(2) === 0 && { template: templateOf(`good-${world.pick(3)}`) }) });
      most = Math.max(world.wanted, replicas + rollingLimits(world.deployment).maxSurge);
      const endStep = world.steps + world.pick(100);
      goOn(world, () => world.steps >= endStep, check);
    }
    goOn(world, () => world.isComplete(), check);
    assert.equal(world.pods.length, world.deployment.spec.replicas, `seed ${seed}`);
  }
});
