import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { nodeKind } from "@fairlead/api/core/v1/node/node";
import { serviceKind } from "@fairlead/api/core/v1/service/service";
import { LABEL } from "@fairlead/api/well-known";
import type { Client } from "@fairlead/client/client";
import { ExpectedError } from "@fairlead/lib/expected-error";
import { runCommand } from "@fairlead/lib/run-command";
import type { ClusterConfig } from "./description/cluster-config.ts";
import { dnsServiceAddress } from "./description/cluster-config.ts";
import type { StateFolder } from "./description/state-folder.ts";
import { prepareImages, watchSeeding } from "./image-template/prepare-images.ts";
import { localAdminClient } from "./kubeconfig/local-admin-client.ts";
import { applyManifests } from "./manifests/apply-manifests.ts";
import type { ManifestObject } from "./manifests/read-manifests.ts";
import { type GiveImagesOptions, giveImages } from "./node-images.ts";
import { waitForNodes } from "./node-readiness.ts";
import { prepareCredentials } from "./prepare-credentials.ts";
import type { Program } from "./program.ts";
import { type StageReporter, stage } from "./stages.ts";
import { askSupervisor, reloadSupervisor } from "./supervisor/control-server.ts";
import { openLog } from "./supervisor/log-file.ts";
import { waitFor } from "./wait-for.ts";
import { waitForObjects } from "./wait-for-objects.ts";

export interface UpOptions {
  readonly folder: StateFolder;
  readonly config: ClusterConfig;
  readonly program: Program;
  /** What is applied, in order. */
  readonly manifests: readonly ManifestObject[];
  /** The cluster was up before: its images are there. */
  readonly isUp: boolean;
  /** Called once the API server answers: whatever fails from then on can be looked into. */
  answers(): Promise<unknown>;
  /** Aborted when the wait is over, or the user gave up. */
  readonly signal: AbortSignal;
  readonly reporter: StageReporter;
}

/** What was done to a cluster that works now. */
export interface BroughtUp {
  /** How many objects of the manifests were created or changed. */
  readonly changed: number;
}

/** Starts a cluster that is described, or goes on with one that is up or half up. Resolves when the whole works. */
export async function bringUp(options: UpOptions): Promise<BroughtUp> {
  const { folder, config, reporter, signal, manifests } = options;
  const prepared = options.isUp ? undefined : prepareNodeImages(options);
  const supervisor = Promise.resolve(prepared).then(() => ensureSupervisor(options));
  const images = supervisor.then(() => prepared).then((given) => given && loadImages(options, given));
  images.catch(() => {}); // Reported where it is waited for.
  await stage(reporter, "Machines", () => startMachines(options, supervisor));
  const client = await stage(reporter, "API server", () => apiServerAnswers(options));
  await options.answers();
  await stage(reporter, "kubernetes Service", () =>
    waitFor(
      "kubernetes Service",
      () => problemOf(client.get(serviceKind, { namespace: "default", name: "kubernetes" })),
      signal,
    ),
  );
  await stage(reporter, "Nodes Ready", async () => {
    await images;
    const names = config.nodes.map((node) => node.name);
    await waitForNodes(client, "nodes to become Ready", names, signal);
    await labelControlPlane(client, config);
  });
  const applied =
    manifests.length === 0
      ? undefined
      : await stage(reporter, "Manifests applied", () => applyManifests(client, manifests, signal));
  await stage(reporter, "Cluster DNS", () => waitFor("cluster DNS", () => dnsProblem(client, folder, config), signal));
  if (applied !== undefined && applied.awaited.length > 0) {
    await stage(reporter, "Pods Ready", () =>
      waitForObjects({
        client,
        what: "pods to become Ready",
        scopes: applied.awaited,
        problem: applied.notReady,
        explain: () => applied.whyNotReady(client),
        signal,
      }),
    );
  }
  return { changed: applied?.changed ?? 0 };
}

/** Notes that a cluster was up as a whole, its context in a kubeconfig included: until then, another `up` goes on with it. */
export async function noteComplete(folder: StateFolder): Promise<void> {
  await writeFile(completionFile(folder), `${new Date().toISOString()}\n`);
}

/** The cluster is to be changed: should that be cut off, `up` goes on with it. */
export async function noteIncomplete(folder: StateFolder): Promise<void> {
  await rm(completionFile(folder), { force: true });
}

/** Whether the cluster was up as a whole, and nothing was begun since. */
export function isComplete(folder: StateFolder): boolean {
  return existsSync(completionFile(folder));
}

/** Written by {@link noteComplete}. */
function completionFile(folder: StateFolder): string {
  return path.join(folder.root, "complete");
}

/** One that runs may have read another description: `node add` was killed before it sent it, or `up` was given other registries. */
async function ensureSupervisor({ folder, program }: UpOptions): Promise<void> {
  if ((await reloadSupervisor(folder.supervisorSocket)) === undefined) await startSupervisorProcess(folder, program);
}

async function startMachines({ folder, config, signal }: UpOptions, supervisor: Promise<void>): Promise<void> {
  await supervisor;
  // Meanwhile the supervisor and the machines start.
  await prepareCredentials(folder, config);
  await waitFor(
    "machines",
    async () => {
      const status = await askSupervisor(folder.supervisorSocket);
      if (status === undefined) return supervisorProblem(folder);
      const failed = status.machines.find((machine) => machine.state === "failed");
      if (failed !== undefined) throw new ExpectedError(`Cannot start machine ${failed.name}: ${failed.problem}`);
      const starting = status.machines.filter((machine) => machine.state !== "running");
      return starting.length === 0 ? undefined : `${starting.map((m) => m.name).join(", ")} starting`;
    },
    signal,
  );
}

async function startSupervisorProcess(folder: StateFolder, program: Program): Promise<void> {
  await mkdir(folder.logs, { recursive: true });
  await mkdir(folder.runRoot, { recursive: true, mode: 0o700 });
  await using log = await openLog(path.join(folder.logs, "supervisor.log"));
  const child = spawn(program.node, [...program.args, "supervise", "--name", folder.name], {
    stdio: ["ignore", log.fd, log.fd],
    detached: true,
  });
  child.unref();
  await once(child, "spawn");
}

function supervisorProblem(folder: StateFolder): string {
  return `the supervisor does not answer; its log is ${path.join(folder.logs, "supervisor.log")}`;
}

/** Prepares images and remembers which machines are new. Must resolve before the supervisor starts machines. */
async function prepareNodeImages({ folder, config }: UpOptions): Promise<Pick<GiveImagesOptions, "archives" | "has">> {
  const images = await prepareImages();
  return { archives: images.archives, has: watchSeeding(folder, config.nodes, images) };
}

async function loadImages(
  { folder, config, signal }: UpOptions,
  images: Pick<GiveImagesOptions, "archives" | "has">,
): Promise<void> {
  // One that answers has ended the runtimes that another one has left.
  await waitFor(
    "the supervisor",
    async () => ((await askSupervisor(folder.supervisorSocket)) === undefined ? supervisorProblem(folder) : undefined),
    signal,
  );
  await giveImages({ folder, nodes: config.nodes, ...images, signal });
}

/** What went wrong, in words; undefined when nothing did. */
function problemOf(attempt: Promise<unknown>): Promise<string | undefined> {
  return attempt.then(
    () => undefined,
    (error: Error) => error.message,
  );
}

async function apiServerAnswers({ folder, config, signal }: UpOptions): Promise<Client> {
  let client: Client | undefined;
  await waitFor(
    "API server",
    async () => {
      client ??= await localAdminClient(folder, config).catch(() => undefined);
      if (client === undefined) return "its certificates are being made";
      return await problemOf(client.raw("GET", "/version"));
    },
    signal,
  );
  if (client === undefined) throw new Error("Cannot reach the API server");
  return client;
}

/** Only an administrator may give a node its role: a node that could would choose which pods it gets. */
async function labelControlPlane(client: Client, config: ClusterConfig): Promise<void> {
  const [first] = config.nodes;
  if (first === undefined) return;
  const labels = { [LABEL.controlPlane]: "" };
  await client.patch(nodeKind, { name: first.name }, "merge", { metadata: { labels } });
}

/** Asks the DNS Service for the API server's name from the first machine, as a program there would. */
async function dnsProblem(client: Client, folder: StateFolder, config: ClusterConfig): Promise<string | undefined> {
  const missing = await problemOf(client.get(serviceKind, { namespace: "kube-system", name: "kube-dns" }));
  if (missing !== undefined) return missing;
  const status = await askSupervisor(folder.supervisorSocket);
  const pid = status?.machines[0]?.pid;
  if (pid === undefined) return "the first machine is starting";
  const name = `kubernetes.default.svc.${config.clusterDomain}`;
  const ask = ["busybox", "nslookup", "-type=a", name, dnsServiceAddress(config)];
  return await problemOf(runCommand("nsenter", ["--net", "--target", String(pid), ...ask]));
}
