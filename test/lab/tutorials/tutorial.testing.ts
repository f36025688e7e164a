import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, before, describe, test } from "node:test";
import type { Page } from "../../tutorials/page.testing.ts";
import { logs } from "../cluster.testing.ts";
import { insideLab, type Lab, startLab } from "../lab.testing.ts";
import { fetchRegistry, startRegistry } from "../registry/registry.testing.ts";
import type { TEST_IMAGES, TestImage } from "../registry/test-images.testing.ts";
import { type Player, readTutorial, startPlaying } from "./play.testing.ts";
import { type OutsideHost, startWorld } from "./world.testing.ts";

/** Of one section of a page. */
const LIMIT = { timeout: 960_000 };
/** Set by the lab. */
const OLD_KUBECTL = process.env.FAIRLEAD_TEST_KUBECTL_120 ?? "";
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

/**
 * Types the whole page of a tutorial in a lab: a test for each section, with the kubectl of this machine and with that of
 * Kubernetes 1.20.
 */
export function testTutorial(testFile: string, tutorial: TutorialTest): void {
  if (!insideLab(testFile, fetchRegistry)) return;
  const { name, beyond = {} } = tutorial;
  const page = readTutorial(name);
  test("what is checked beyond the page belongs to its sections", () => {
    const headings = page.sections.map(({ heading }) => heading);
    assert.deepEqual(
      Object.keys(beyond).filter((heading) => !headings.includes(heading)),
      [],
    );
  });
  describe("kubectl", () => testPage(page, tutorial, whichKubectl()));
  describe("kubectl 1.20", () => testPage(page, { ...tutorial, beyond: {} }, OLD_KUBECTL));
}

function testPage(page: Page, { name, images, world, beyond = {} }: TutorialTest, kubectl: string): void {
  const started = new AsyncDisposableStack();
  let lab: Lab;
  let player: Player;

  before(async () => {
    lab = started.use(await startLab());
    const registry = await startRegistry(lab);
    for (const [image, content] of Object.entries(images)) await registry.push(image, content);
    if (world !== undefined) started.use(await startWorld(lab, world));
    const mirrors = REGISTRIES.map((host) => `--registry-mirror ${host}=${registry.url},only`);
    const uplink = world === undefined ? ["--uplink none"] : [];
    player = await startPlaying(lab, { name, page, kubectl, upFlags: ["--wait 60s", ...uplink, ...mirrors] });
    started.defer(() => player.close());
  });
  after(() => started.disposeAsync());

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

function whichKubectl(): string {
  return execFileSync("sh", ["-c", "command -v kubectl"], { encoding: "utf8" }).trim();
}
