import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { writeFileAtomically } from "@fairlead/lib/write-file-atomically";
import type { PodRuntime } from "../runtime/pod-runtime.ts";
import { type ImageAccess, mayUse, type PullRecord, withAccess } from "./pull-records.ts";
import type { PullSecret } from "./pull-secrets.ts";

/** An image about to be used or pulled. */
export interface WantedImage {
  /** In full: `docker.io/library/redis:7`. */
  readonly name: string;
  /** Without tag and digest. */
  readonly repository: string;
}

/** Who may use which image of a node. Kept in files, so that it outlives the kubelet. */
export interface ImageAccesses {
  /**
   * Whether a pod with these secrets has to ask the registry though the image is here. Never for an image that this
   * kubelet has not pulled: one that was loaded is everybody's.
   */
  mustAsk(image: WantedImage, imageRef: string, secrets: readonly PullSecret[]): Promise<boolean>;
  /** A pull begins. A kubelet that ends meanwhile does not know which pod's secrets pulled the image, and lets no pod use it unchecked. */
  begin(image: WantedImage): Promise<void>;
  /** The pull has ended well. @param secret - With which; undefined where none was needed. */
  pulled(image: WantedImage, imageRef: string, secret: PullSecret | undefined): Promise<void>;
  failed(image: WantedImage): Promise<void>;
}

/**
 * @param folder - Where the files are: `pulled` and `pulling` below it, with upstream's names and fields. Undefined: in
 *   memory only.
 */
export function imageAccesses(folder: string | undefined, runtime: Pick<PodRuntime, "listImages">): ImageAccesses {
  const records = new Map<string, PullRecord>();
  /** How many pulls of an image are under way; 0 for one that an earlier kubelet has left. */
  const intents = new Map<string, number>();
  const files = folder === undefined ? undefined : recordFiles(folder);
  let loading: Promise<void> | undefined;

  const load = async () => {
    if (files === undefined) return;
    for (const record of await files.records()) records.set(record.imageRef, record);
    for (const image of await files.intents()) intents.set(image, 0);
    const images = await runtime.listImages();
    for (const { id, tags, digests } of images) {
      for (const image of [...tags, ...digests].filter((name) => intents.get(name) === 0)) {
        if (!records.has(id)) await keep({ imageRef: id, credentialMapping: {} });
        await endIntent(image);
      }
    }
    const here = new Set(images.map(({ id }) => id));
    for (const gone of [...records.keys()].filter((imageRef) => !here.has(imageRef))) {
      records.delete(gone);
      await files.forget(gone);
    }
  };
  const loaded = () => {
    loading ??= load().catch((error) => {
      // The runtime does not answer: what was not looked at now is at the next use.
      loading = undefined;
      throw error;
    });
    return loading;
  };
  const keep = async (record: PullRecord) => {
    if (records.get(record.imageRef) === record) return;
    records.set(record.imageRef, record);
    await files?.keep(record);
  };
  const endIntent = async (image: string) => {
    const left = (intents.get(image) ?? 0) - 1;
    if (left > 0) return void intents.set(image, left);
    intents.delete(image);
    await files?.endIntent(image);
  };

  return {
    async mustAsk({ name, repository }, imageRef, secrets) {
      await loaded();
      const record = records.get(imageRef);
      if (record === undefined) return intents.has(name);
      const { allowed, learned } = mayUse(record, repository, secrets);
      if (learned !== undefined) await keep(withAccess(record, repository, learned));
      return !allowed;
    },
    async begin({ name }) {
      await loaded();
      intents.set(name, (intents.get(name) ?? 0) + 1);
      await files?.begin(name);
    },
    async pulled({ name, repository }, imageRef, secret) {
      const record = records.get(imageRef) ?? { imageRef, credentialMapping: {} };
      await keep(withAccess(record, repository, secret));
      await endIntent(name);
    },
    failed: ({ name }) => endIntent(name),
  };
}

const API_VERSION = "kubelet.config.k8s.io/v1beta1";

interface RecordFiles {
  records(): Promise<readonly PullRecord[]>;
  /** Names of images. */
  intents(): Promise<readonly string[]>;
  keep(record: PullRecord): Promise<void>;
  forget(imageRef: string): Promise<void>;
  begin(image: string): Promise<void>;
  endIntent(image: string): Promise<void>;
}

function recordFiles(folder: string): RecordFiles {
  const fileOf = (kind: "pulled" | "pulling", key: string) =>
    path.join(folder, kind, `sha256-${createHash("sha256").update(key).digest("hex")}`);
  const write = async (file: string, content: object) => {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await writeFileAtomically(file, JSON.stringify(content));
  };
  const readAll = async (kind: "pulled" | "pulling"): Promise<unknown[]> => {
    const names = await readdir(path.join(folder, kind)).catch(() => []);
    const texts = names.filter((name) => /^sha256-[0-9a-f]{64}$/.test(name));
    return Promise.all(texts.map((name) => readJson(path.join(folder, kind, name))));
  };
  return {
    // Written by `keep` and `begin` only.
    async records() {
      const found = (await readAll("pulled")) as (PullRecord & { credentialMapping?: Record<string, ImageAccess> })[];
      return found.map(({ imageRef, credentialMapping }) => ({ imageRef, credentialMapping: credentialMapping ?? {} }));
    },
    intents: async () => ((await readAll("pulling")) as { image: string }[]).map(({ image }) => image),
    keep: (record) =>
      write(fileOf("pulled", record.imageRef), {
        apiVersion: API_VERSION,
        kind: "ImagePulledRecord",
        lastUpdatedTime: new Date().toISOString(),
        ...record,
      }),
    forget: (imageRef) => rm(fileOf("pulled", imageRef), { force: true }),
    begin: (image) => write(fileOf("pulling", image), { apiVersion: API_VERSION, kind: "ImagePullIntent", image }),
    endIntent: (image) => rm(fileOf("pulling", image), { force: true }),
  };
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    throw new Error(`Cannot read ${file}, which says who may use an image: remove it and the image`, { cause: error });
  }
}
