/** Images from registries: the test's own, in the lab. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import path from "node:path";
import { after, before, test } from "node:test";
import { createCertificateAuthority } from "../../src/cluster/pki/certificate-authority.ts";
import { newestPid, upOrShowLogs } from "./cluster.testing.ts";
import { insideLab, type Lab, startLab, until } from "./lab.testing.ts";
import { fetchRegistry, startRegistry, type TestRegistry } from "./registry/registry.testing.ts";
import type { TestImage } from "./registry/test-images.testing.ts";

const fairlead = path.resolve(import.meta.dirname, "../../fairlead");
const LIMIT = { timeout: 240_000 };
const HOST = "172.30.0.2";
const USER = { name: "me", password: "not-for-everybody" };
/** Ports of the lab where a registry would be if it was asked, and nothing but a count of connections is. */
const CLOSED_PORT = 5011;
const OPEN_PORT = 5012;
/** Where connections are taken and nothing is said. */
const SILENT_PORT = 5013;

/** Prints its version, and ends on SIGTERM. */
function versionImage(version: string): TestImage {
  return {
    packages: "busybox",
    files: [{ type: "text", path: "/version", text: `version ${version}\n` }],
    config: { cmd: ["sh", "-c", "cat /version; trap exit TERM; sleep 3600 & wait"] },
  };
}

if (insideLab(import.meta.filename, fetchRegistry)) {
  let lab: Lab;
  let open: TestRegistry;
  let secured: TestRegistry;
  let encrypted: TestRegistry;

  before(async () => {
    lab = await startLab();
    const authority = await createCertificateAuthority("lab", new Date());
    const { certificate, key } = await authority.issue(
      { commonName: "registry", usage: "server", addresses: [HOST, "127.0.0.1"] },
      new Date(),
    );
    [open, secured, encrypted] = await Promise.all([
      startRegistry(lab, { port: 5000 }),
      startRegistry(lab, { port: 5001, user: USER }),
      startRegistry(lab, { port: 443, user: USER, tls: { certificate, key, ca: authority.certificate } }),
    ]);
    await writeFile(path.join(lab.home, "ca.pem"), authority.certificate);
    const file = path.join(lab.home, "registries.yaml");
    await writeFile(
      file,
      `mirrors:
  "private.example": { endpoint: ["${secured.url}"], only: true }
  "mirrored.example": { endpoint: ["${encrypted.url}"], only: true }
  "${HOST}:${OPEN_PORT}": { endpoint: ["${open.url}"] }
  "${HOST}:${SILENT_PORT}": { endpoint: ["http://${HOST}:${SILENT_PORT}"], only: true }
configs:
  "${encrypted.host}":
    auth: { username: ${USER.name}, password: ${USER.password} }
    tls: { ca_file: ca.pem }
`,
    );
    await upOrShowLogs(lab, [
      ...["--registry-config", file],
      ...["docker.io", "ghcr.io", `${HOST}:${CLOSED_PORT}`].flatMap((r) => [
        "--registry-mirror",
        `${r}=${open.url},only`,
      ]),
    ]);
  });
  after(() => lab?.[Symbol.asyncDispose]());

  test("the images of the tests start as the well-known ones of their names do", LIMIT, async () => {
    for (const name of ["busybox", "redis", "nginx", "base"] as const) await open.push(`library/${name}`, name);
    for (const name of ["redis", "nginx"]) await lab.kubectl("run", name, `--image=${name}`);
    for (const name of ["busybox", "base"]) {
      await lab.kubectl("run", name, `--image=${name}`, "--", "sh", "-c", "trap exit TERM; sleep 3600 & wait");
    }
    await lab.kubectl("wait", "pod", "--all", "--for=condition=Ready", "--timeout=120s");
    const [nginx, redis] = await Promise.all(["nginx", "redis"].map((pod) => field(lab, pod, ".status.podIP")));
    assert.match(await lab.kubectl("exec", "busybox", "--", "wget", "-qO-", nginx ?? ""), /Welcome to nginx!/);
    assert.match(await lab.kubectl("exec", "base", "--", "curl", "-sS", nginx ?? ""), /Welcome to nginx!/);
    assert.match(await lab.kubectl("exec", "base", "--", "nslookup", "kubernetes.default"), /^Address: 10\.96\.0\.1$/m);
    assert.equal(
      (await lab.kubectl("exec", "redis", "--", "redis-cli", "-h", redis ?? "", "incr", "visits")).trim(),
      "1",
    );
    await until("the requests in its log", async () =>
      /"GET \/ HTTP\/1.1" 200/.test(await lab.kubectl("logs", "nginx")) ? true : undefined,
    );
  });

  test("an image is pulled by its tag and by its digest, which the status names", LIMIT, async () => {
    const digest = await open.push("shop/app:1", versionImage("1"));
    await open.push("shop/app:1", versionImage("2"));
    await run(lab, "by-tag", { image: "shop/app:1" });
    await run(lab, "by-digest", { image: `ghcr.io/shop/app@${digest}` });
    assert.equal(await logsOf(lab, "by-tag"), "version 2\n");
    assert.equal(await logsOf(lab, "by-digest"), "version 1\n");
    assert.equal(await field(lab, "by-digest", ".status.containerStatuses[0].imageID"), `ghcr.io/shop/app@${digest}`);
    assert.deepEqual((await eventsOf(lab, "by-tag")).slice(1, 3), [
      'Normal Pulling Pulling image "shop/app:1"',
      'Normal Pulled Successfully pulled image "shop/app:1" in T (T including waiting). Image size: N bytes.',
    ]);
    await until("the Node to list both images", async () => {
      const names = JSON.stringify(
        JSON.parse(await lab.kubectl("get", "node", "fairlead-1", "-o", "json")).status.images,
      );
      return (names.includes('"docker.io/shop/app:1"') && names.includes(`"ghcr.io/shop/app@${digest}"`)) || undefined;
    });
  });

  test("Always pulls a tag that has moved, IfNotPresent uses the image of the node", LIMIT, async () => {
    await open.push("shop/moving:1", versionImage("1"));
    await run(lab, "before", { image: "shop/moving:1", imagePullPolicy: "Always" });
    await open.push("shop/moving:1", versionImage("2"));
    await run(lab, "kept", { image: "shop/moving:1", imagePullPolicy: "IfNotPresent" });
    await run(lab, "moved", { image: "shop/moving:1", imagePullPolicy: "Always" });
    const versions = await Promise.all(["before", "kept", "moved"].map((pod) => logsOf(lab, pod)));
    assert.deepEqual(versions, ["version 1\n", "version 1\n", "version 2\n"]);
    assert.ok(
      (await eventsOf(lab, "kept")).includes(
        'Normal Pulled Container image "shop/moving:1" already present on machine and can be accessed by the pod',
      ),
    );
  });

  test("a private repository: no pod gets in without a secret, even if the image is present", LIMIT, async () => {
    await secured.push("shop/secret:1", versionImage("1"));
    const image = "private.example/shop/secret:1";
    await create(lab, "nobody", { image });
    await waiting(lab, "nobody", "ErrImagePull", /401 Unauthorized$/);

    const credentials = [`--docker-username=${USER.name}`, `--docker-password=${USER.password}`];
    const server = "--docker-server=private.example";
    await lab.kubectl("create", "secret", "docker-registry", "good", server, ...credentials);
    await lab.kubectl(
      "create",
      "secret",
      "docker-registry",
      "bad",
      server,
      "--docker-username=x",
      "--docker-password=y",
    );
    await create(lab, "wrong", { image }, { imagePullSecrets: [{ name: "bad" }] });
    await waiting(lab, "wrong", "ErrImagePull", /401 Unauthorized$/);
    await run(lab, "somebody", { image }, { imagePullSecrets: [{ name: "bad" }, { name: "good" }] });

    await create(lab, "later", { image });
    await waiting(lab, "later", "ErrImagePull", /401 Unauthorized$/);
    await create(lab, "never", { image, imagePullPolicy: "Never" });
    await waiting(lab, "never", "ErrImageNeverPull", /is not present with pull policy of Never$/);
    await run(lab, "same-secret", { image, imagePullPolicy: "Never" }, { imagePullSecrets: [{ name: "good" }] });
  });

  test("a service account's secrets are those of its pods; one that is missing is reported", LIMIT, async () => {
    const secrets = JSON.stringify({ imagePullSecrets: [{ name: "good" }] });
    await lab.kubectl("create", "serviceaccount", "puller");
    await lab.kubectl("patch", "serviceaccount", "puller", "-p", secrets);
    await run(lab, "by-account", { image: "private.example/shop/secret:1" }, { serviceAccountName: "puller" });
    await create(lab, "no-secret", { image: "shop/app:1" }, { imagePullSecrets: [{ name: "none" }] });
    await running(lab, "no-secret");
    const missing = "Unable to retrieve some image pull secrets (none); attempting to pull the image may not succeed.";
    assert.ok((await eventsOf(lab, "no-secret")).includes(`Warning FailedToRetrieveImagePullSecret ${missing}`));
  });

  test("a registry with a certificate of its own, and credentials that the nodes have", LIMIT, async () => {
    await encrypted.push("shop/app:1", versionImage("tls"));
    const registries = { "with-port": encrypted.host, "without-port": HOST, mirrored: "mirrored.example" };
    for (const [name, registry] of Object.entries(registries)) {
      await run(lab, name, { image: `${registry}/shop/app:1` });
      assert.equal(await logsOf(lab, name), "version tls\n");
    }
  });

  test("an image that is missing: why, then back-off, and it starts when it is there", LIMIT, async () => {
    await create(lab, "missing", { image: "shop/missing:1" });
    const why =
      /^rpc error: code = NotFound desc = failed to pull and unpack image ".*\/shop\/missing:1".*: not found$/;
    await waiting(lab, "missing", "ErrImagePull", why);
    const backing = /^Back-off pulling image "shop\/missing:1": ErrImagePull: rpc error: .*: not found$/;
    await waiting(lab, "missing", "ImagePullBackOff", backing);
    assert.match(await lab.kubectl("get", "pod", "missing"), /^missing +0\/1 +ImagePullBackOff +0 /m);
    await until("the events", async () => {
      const events = (await eventsOf(lab, "missing")).join("\n");
      const all = [
        /^Warning Failed Failed to pull image "shop\/missing:1": rpc error: code = NotFound /m,
        /^Warning Failed Error: ErrImagePull$/m,
        /^Normal BackOff Back-off pulling image "shop\/missing:1"$/m,
        /^Warning Failed Error: ImagePullBackOff$/m,
      ];
      return all.every((one) => one.test(events)) || undefined;
    });
    await open.push("shop/missing:1", versionImage("late"));
    await running(lab, "missing");
    assert.equal(await logsOf(lab, "missing"), "version late\n");
  });

  test("with only, the registry itself is not asked for what the mirror has not", LIMIT, async () => {
    await using closed = await countConnections(CLOSED_PORT);
    await using other = await countConnections(OPEN_PORT);
    for (const [pod, port] of [
      ["from-closed", CLOSED_PORT],
      ["from-open", OPEN_PORT],
    ] as const) {
      await create(lab, pod, { image: `${HOST}:${port}/shop/nowhere:1` });
      await waiting(lab, pod, "ErrImagePull", /shop\/nowhere:1/);
    }
    assert.ok(other.count() > 0, "a mirror that is not the only one leaves the registry to be asked");
    assert.equal(closed.count(), 0);
    await open.push("shop/somewhere:1", versionImage("1"));
    await run(lab, "somewhere", { image: `${HOST}:${CLOSED_PORT}/shop/somewhere:1` });
    await create(lab, "hub", { image: "shop/nowhere:1" });
    await waiting(lab, "hub", "ErrImagePull", /shop\/nowhere:1/);
    assert.doesNotMatch(await field(lab, "hub", ".status.containerStatuses[0].state.waiting.message"), /registry-1/);
  });

  test(
    "what is loaded needs no registry, unless it is always pulled; a registry that is gone is named",
    LIMIT,
    async () => {
      await lab.fairlead("image", "build", "-t", "shop/loaded:1", "--program", "/bin/busybox");
      await open.stop();
      const command = ["/bin/busybox", "sleep", "3600"];
      await run(lab, "loaded", { image: "shop/loaded:1", command });
      await run(lab, "pulled-before", { image: "shop/app:1", imagePullPolicy: "IfNotPresent" });
      await create(lab, "always", { image: "shop/loaded:1", command, imagePullPolicy: "Always" });
      await waiting(lab, "always", "ErrImagePull", /connect: connection refused$/);
      await create(lab, "waits", { image: "shop/moving:2" });
      await waiting(lab, "waits", "ErrImagePull", /connect: connection refused$/);
      await open.start();
      await open.push("shop/moving:2", versionImage("2"));
      await running(lab, "waits");
    },
  );

  test("one image at a time: a pull that hangs ends with its pod, and the next begins", LIMIT, async () => {
    await using silent = await countConnections(SILENT_PORT, { silent: true });
    await create(lab, "hangs", { image: `${HOST}:${SILENT_PORT}/shop/app:1` });
    await until("the pull", async () => silent.count() > 0 || undefined);
    await create(lab, "behind", { image: "shop/app:1", imagePullPolicy: "Always" });
    await until("it to be asked for", async () => (await eventsOf(lab, "behind"))[1]?.includes("Pulling") || undefined);
    assert.equal(await field(lab, "behind", ".status.containerStatuses[0].state.waiting.reason"), "ContainerCreating");
    await lab.kubectl("delete", "pod", "hangs");
    await running(lab, "behind");
  });

  test("a node that is added has the same mirrors", LIMIT, async () => {
    await lab.fairlead("node", "add");
    await run(lab, "elsewhere", { image: "shop/app:1" }, { nodeName: "fairlead-2" });
    await run(lab, "elsewhere-too", { image: `${encrypted.host}/shop/app:1` }, { nodeName: "fairlead-2" });
  });

  test("a cluster that is started again has the same mirrors, or those that it is given then", LIMIT, async () => {
    const endSupervisor = async () => {
      process.kill(await newestPid(lab, (entry) => entry.role === "supervisor"), "SIGKILL");
      await until("it to be gone", async () => (await lab.run(fairlead, ["status"])).exitCode === 1 || undefined);
    };
    const always = { image: "shop/app:1", imagePullPolicy: "Always" };
    await endSupervisor();
    await upOrShowLogs(lab, []);
    await run(lab, "same-mirrors", always);
    const status = await lab.fairlead("status", "-o", "json");
    assert.match(status, /"docker\.io"/);
    assert.doesNotMatch(status, new RegExp(USER.password));
    await endSupervisor();
    await upOrShowLogs(lab, ["--registry-mirror", `other.example=${open.url},only`]);
    await run(lab, "other-mirrors", { ...always, image: "other.example/shop/app:1" });
    await create(lab, "no-mirror", always);
    await waiting(lab, "no-mirror", "ErrImagePull", /registry-1\.docker\.io/);
  });
}

type Fields = Readonly<Record<string, unknown>>;

async function create(lab: Lab, name: string, container: Fields, spec: Fields = {}): Promise<void> {
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name },
    spec: { ...spec, terminationGracePeriodSeconds: 1, containers: [{ name: "main", ...container }] },
  };
  const { exitCode, stderr } = await lab.run("kubectl", ["create", "-f", "-"], { input: JSON.stringify(pod) });
  assert.equal(exitCode, 0, stderr);
}

async function running(lab: Lab, pod: string): Promise<void> {
  try {
    await lab.kubectl("wait", "pod", pod, "--for=condition=Ready", "--timeout=120s");
  } catch (error) {
    throw new Error(`${pod} does not run:\n${(await eventsOf(lab, pod)).join("\n")}`, { cause: error });
  }
}

async function run(lab: Lab, name: string, container: Fields, spec: Fields = {}): Promise<void> {
  await create(lab, name, container, spec);
  await running(lab, name);
}

/** Waits until the pod's container says this about itself. */
async function waiting(lab: Lab, pod: string, reason: string, message: RegExp): Promise<void> {
  const seen = new Set<string>();
  try {
    const said = await until(`${pod} to wait: ${reason}`, async () => {
      const text = await field(lab, pod, ".status.containerStatuses[0].state.waiting");
      const state: { reason?: string; message?: string } = text === "" ? {} : JSON.parse(text);
      seen.add(text);
      return state.reason === reason ? (state.message ?? "") : undefined;
    });
    assert.match(said, message);
  } catch (error) {
    throw new Error(`${(error as Error).message}; it said ${[...seen].join(", ")}`, { cause: error });
  }
}

async function field(lab: Lab, pod: string, at: string): Promise<string> {
  return await lab.kubectl("get", "pod", pod, "-o", `jsonpath={${at}}`);
}

/** A container that runs has not written yet: waits for its first line. */
async function logsOf(lab: Lab, pod: string): Promise<string> {
  return await until(`${pod} to write`, async () => (await lab.kubectl("logs", pod)) || undefined);
}

/** `Normal Pulled …` of each event about a pod, the oldest first; durations and sizes are `T` and `N`. */
async function eventsOf(lab: Lab, pod: string): Promise<string[]> {
  const lines = await lab.kubectl(
    ...["get", "events", "--field-selector", `involvedObject.name=${pod}`, "--sort-by=.metadata.resourceVersion"],
    ...["-o", 'jsonpath={range .items[*]}{.type} {.reason} {.message}{"\\n"}{end}'],
  );
  return lines
    .trim()
    .split("\n")
    .map((line) => line.replaceAll(/\b[\d.]+m?s\b/g, "T").replace(/\d+ bytes/, "N bytes"));
}

interface Connections extends AsyncDisposable {
  /** So far. */
  count(): number;
}

/** Takes connections on a port of the lab and ends them, or says nothing. */
async function countConnections(port: number, { silent = false } = {}): Promise<Connections> {
  const open = new Set<Socket>();
  let count = 0;
  const server = createServer((socket) => {
    count += 1;
    open.add(socket);
    socket.on("error", () => {}).once("close", () => open.delete(socket));
    if (!silent) socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(port, "0.0.0.0", resolve));
  return {
    count: () => count,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
