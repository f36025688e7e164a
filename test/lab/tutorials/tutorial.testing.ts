import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { logs } from "../cluster.testing.ts";
import { insideLab, type Lab, startLab } from "../lab.testing.ts";
import { fetchRegistry, startRegistry } from "../registry/registry.testing.ts";
import type { TEST_IMAGES, TestImage } from "../registry/test-images.testing.ts";
import { type Player, readTutorial, startPlaying } from "./play.testing.ts";
import { type OutsideHost, startWorld } from "./world.testing.ts";

/** Of one section of a page. */
const LIMIT = { timeout: 240_000 };
/** Whose images the lab's own registry serves. */
const REGISTRIES = ["docker.io", "ghcr.io"];

export interface TutorialTest {
  /** Of the page, without `.md`. */
  readonly name: string;
  /** What the registries of the world would serve, by repository and tag: `library/redis` is `redis` of a manifest. */
  readonly images: Readonly<Record<string, keyof typeof TEST_IMAGES | TestImage>>;
  /** Default: the cluster has no uplink. */
  readonly world?: readonly OutsideHost[];
  /** What is checked beyond the page once a section has been typed, by its heading. */
  readonly beyond?: Readonly<Record<string, (lab: Lab) => Promise<void>>>;
}

/** Types the whole page of a tutorial in a lab: a test for each section. */
export function testTutorial(testFile: string, { name, images, world, beyond = {} }: TutorialTest): void {
  if (!insideLab(testFile, fetchRegistry)) return;
  const page = readTutorial(name);
  let lab: Lab;
  let player: Player;
  let endWorld = () => {};

  before(async () => {
    lab = await startLab();
    const registry = await startRegistry(lab);
    for (const [image, content] of Object.entries(images)) await registry.push(image, content);
    if (world !== undefined) endWorld = await startWorld(lab, world);
    const mirrors = REGISTRIES.map((host) => `--registry-mirror ${host}=${registry.url},only`);
    const uplink = world === undefined ? ["--uplink none"] : [];
    player = await startPlaying(lab, { name, page, upFlags: ["--wait 60s", ...uplink, ...mirrors] });
  });
  after(async () => {
    player?.close();
    await lab?.[Symbol.asyncDispose]();
    endWorld();
  });

  test("what is checked beyond the page belongs to its sections", () => {
    const headings = page.sections.map(({ heading }) => heading);
    assert.deepEqual(
      Object.keys(beyond).filter((heading) => !headings.includes(heading)),
      [],
    );
  });
  for (const section of page.sections) {
    test(section.heading, LIMIT, async () => {
      try {
        await player.play(section);
      } catch (error) {
        if (section !== page.sections[0]) throw error;
        throw new Error(`${(error as Error).message}\n${await logs(lab)}`, { cause: error });
      }
    });
    const more = beyond[section.heading];
    if (more !== undefined) test(`${section.heading}: beyond the page`, LIMIT, () => more(lab));
  }
}
