import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { DEFAULT_RANGES } from "../../../src/cluster/description/addresses.ts";
import { hostAddress } from "../../../src/cluster/description/cluster-config.ts";
import { type OciImage, ociImage } from "../../../src/images/oci-archive.ts";
import { upOrShowLogs } from "../cluster.testing.ts";
import { type Lab, until } from "../lab.testing.ts";
import { unpackedPackages } from "./debian-packages.testing.ts";
import { type PushTarget, pushImage } from "./push-image.testing.ts";
import { describeImage, fetchTestImages, TEST_IMAGES, type TestImage } from "./test-images.testing.ts";

/** Fetches the registry and everything that the images are made of. To be given to `insideLab`. */
export function fetchRegistry(): void {
  unpackedPackages("registry");
  fetchTestImages();
}

export interface RegistryOptions {
  /** Default 5000. Each registry of a lab needs one of its own. */
  readonly port?: number;
  /** The user who may pull and push. Default: any client, without credentials. */
  readonly user?: { readonly name: string; readonly password: string };
  /** PEM. Default: plain HTTP. */
  readonly tls?: { readonly certificate: string; readonly key: string; readonly ca: string };
}

/** A registry (Debian's `docker-registry`) in the lab: it ends with the lab, and so do its images. */
export interface TestRegistry {
  /**
   * `172.30.0.2:5000`: where the machines of the lab's first cluster find it, with and without an uplink. It listens on
   * the lab itself, which plays the part of the host.
   */
  readonly host: string;
  /** The same with `http://` or `https://`. */
  readonly url: string;
  /**
   * Puts an image in.
   *
   * @param name - Repository and tag: `library/redis:7`. What had the tag before stays, but only under its digest.
   * @param image - A name of `TEST_IMAGES`, or another description.
   * @returns the manifest's digest: `sha256:…`.
   */
  push(name: string, image: keyof typeof TEST_IMAGES | TestImage): Promise<string>;
  /** Ends it, as if its machine was gone. */
  stop(): Promise<void>;
  /** Starts it again, with the images that it had. */
  start(): Promise<void>;
  /** Of each request that it was sent, in order: `GET /v2/library/redis/manifests/7`. Those of `push` too. */
  requests(): Promise<readonly string[]>;
}

/** Starts an empty registry. */
export async function startRegistry(lab: Lab, options: RegistryOptions = {}): Promise<TestRegistry> {
  const port = options.port ?? 5000;
  const scheme = options.tls ? "https" : "http";
  const folder = path.join(lab.home, `registry-${port}`);
  const log = path.join(folder, "log");
  await writeConfiguration(lab, folder, port, options);
  const target: PushTarget = {
    url: `${scheme}://127.0.0.1:${port}`,
    ...(options.user && { user: options.user }),
    ...(options.tls && { ca: options.tls.ca }),
  };

  let running: ChildProcess | undefined;
  const start = async () => {
    const program = path.join(unpackedPackages("registry"), "usr/bin/docker-registry");
    const child = lab.start("sh", ["-c", `exec ${program} serve ${folder}/config.yml >> ${log} 2>&1`]);
    running = child;
    await until(`the registry to listen on port ${port}`, async () => {
      if (child.exitCode !== null) throw new Error(`It ended: ${await readFile(log, "utf8")}`);
      return (await listens(lab, port)) || undefined;
    });
  };
  const images = new Map<unknown, Promise<OciImage>>();
  const bytesOf = (image: TestImage) => {
    const known = images.get(image) ?? describeImage("", image).then(ociImage);
    images.set(image, known);
    return known;
  };
  await start();

  return {
    host: `${hostAddress(DEFAULT_RANGES)}:${port}`,
    url: `${scheme}://${hostAddress(DEFAULT_RANGES)}:${port}`,
    async push(name, image) {
      const bytes = await bytesOf(typeof image === "string" ? TEST_IMAGES[image] : image);
      const [repository = "", tag = "latest"] = name.split(":");
      await pushImage(target, repository, tag, bytes);
      return bytes.manifest.digest;
    },
    async stop() {
      if (running === undefined) return;
      const ended = once(running, "exit");
      running.kill("SIGKILL");
      await ended;
      running = undefined;
    },
    start,
    async requests() {
      const lines = (await readFile(log, "utf8")).split("\n");
      return lines.flatMap((line) => /"((?:GET|HEAD|POST|PUT) \S+) HTTP/.exec(line)?.[1] ?? []);
    },
  };
}

/** `fairlead up` of a cluster that asks only the test's registry for images of Docker Hub and GitHub. */
export async function upWithRegistry(lab: Lab, registry: TestRegistry, args: readonly string[]): Promise<void> {
  const mirrors = ["docker.io", "ghcr.io"].flatMap((name) => ["--registry-mirror", `${name}=${registry.url},only`]);
  await upOrShowLogs(lab, [...mirrors, ...args]);
}

async function listens(lab: Lab, port: number): Promise<boolean> {
  const { stdout } = await lab.run("ss", ["-Hltn", `sport = :${port}`]);
  return stdout.trim() !== "";
}

async function writeConfiguration(lab: Lab, folder: string, port: number, options: RegistryOptions): Promise<void> {
  const { tls, user } = options;
  const file = (name: string) => path.join(folder, name);
  await mkdir(file("storage"), { recursive: true });
  if (tls !== undefined) {
    await writeFile(file("tls.crt"), tls.certificate);
    await writeFile(file("tls.key"), tls.key);
  }
  if (user !== undefined) await writeFile(file("htpasswd"), `${user.name}:${await bcrypt(lab, user.password)}\n`);
  const configuration = {
    version: 0.1,
    log: { level: "warn" },
    storage: { filesystem: { rootdirectory: file("storage") } },
    http: { addr: `:${port}`, ...(tls && { tls: { certificate: file("tls.crt"), key: file("tls.key") } }) },
    ...(user && { auth: { htpasswd: { realm: "registry", path: file("htpasswd") } } }),
  };
  // JSON is YAML.
  await writeFile(file("config.yml"), JSON.stringify(configuration));
}

/** The only sort of password that the registry reads. Perl is on every Debian, and asks the C library. */
async function bcrypt(lab: Lab, password: string): Promise<string> {
  const { stdout } = await lab.run("perl", ["-e", "print crypt($ARGV[0], $ARGV[1])", password, `$2b$04$${SALT}`]);
  return stdout;
}

const SALT = "fairleadfairleadfairle";
