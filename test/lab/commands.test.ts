/** Every command as a new user tries it: kubeconfig files, clear refusals, and nodes that come and go under load. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { chmod, chown, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";
import { after, before, test } from "node:test";
import { startLoop } from "./client-loop.testing.ts";
import { remains, upOrShowLogs } from "./cluster.testing.ts";
import { insideLab, type Lab, type Outcome, startLab, until } from "./lab.testing.ts";
import { pidOf } from "./network/machines.testing.ts";

const root = path.resolve(import.meta.dirname, "../..");
const fairlead = path.join(root, "fairlead");
const example = path.join(root, "examples/quote");
const ANSWER = /^This is the quote service running in pod \S+ on node \S+$/;

const COMMANDS = ["up", "down", "status", "kubeconfig", "node ls", "node add", "node remove", "ip"].concat([
  "image load",
  "image build",
  "image ls",
  "logs",
  "version",
  "test",
]);

/** A user's existing file in its own formatting. */
const OWN_KUBECONFIG = `# work
apiVersion: v1
kind: Config
clusters:
- name: work # the real one
  cluster:
    server: https://work.example
users:
- name: me
  user:
    token: secret
contexts:
- name: work
  context:
    cluster: work
    user: me
- name: play
  context:
    cluster: work
    user: me
current-context: work
`;
const USER = { uid: 4711, gid: 4712 };

const LIMIT = { timeout: 480_000 };

if (insideLab(import.meta.filename)) {
  let lab: Lab;
  let kubeconfig: string;

  before(async () => {
    lab = await startLab();
    kubeconfig = path.join(lab.home, ".kube/config");
  });
  after(() => lab?.[Symbol.asyncDispose]());

  test("help lists every command, and each command has its own help", LIMIT, async () => {
    const overview = await lab.fairlead("--help");
    for (const command of COMMANDS) {
      assert.match(overview, new RegExp(`^  ${command} +\\S`, "m"));
      const help = await lab.fairlead(...command.split(" "), "--help");
      assert.match(help, new RegExp(`^Usage: fairlead ${command}`, "m"));
    }
  });

  test("version names this program, Kubernetes and Node", LIMIT, async () => {
    assert.match(await lab.fairlead("version"), /^fairlead \d+\.\d+\.\d+, Kubernetes v1\.35\.\d+\S*, Node\.js v24\./);
    assert.match(JSON.parse(await lab.fairlead("version", "-o", "json")).kubernetes, /^v1\.35\./);
  });

  const usageErrors: { name: string; args: string[]; says: RegExp }[] = [
    { name: "an unknown command", args: ["upp"], says: /"upp" is not a command/ },
    {
      name: "half a command",
      args: ["image"],
      says: /"image" is not a command: use image load, image build, image ls/,
    },
    { name: "an unknown flag", args: ["up", "--nods", "3"], says: /has no flag --nods: / },
    { name: "too many words", args: ["up", "three"], says: /"fairlead up" does not take "three"/ },
    { name: "a missing word", args: ["node", "remove"], says: /"fairlead node remove" needs NODE/ },
    { name: "a bad wait", args: ["up", "--wait", "soon"], says: /--wait "soon" is not a duration/ },
    { name: "a bad number of nodes", args: ["up", "--nodes", "many"], says: /--nodes "many" must be a whole number/ },
    { name: "no nodes", args: ["up", "--nodes", "0"], says: /--nodes "0" must be a whole number from 1 to 189/ },
    { name: "too many nodes", args: ["up", "--nodes", "190"], says: /--nodes "190" must be a whole number from 1 to/ },
    { name: "a bad port", args: ["up", "--api-port", "70000"], says: /--api-port "70000" must be between 1 and 65535/ },
    { name: "a bad format", args: ["status", "-o", "yaml"], says: /--output "yaml" must be json/ },
  ];
  for (const { name, args, says } of usageErrors) {
    test(`used wrongly, with ${name}: exit code 2, and how it is used`, LIMIT, async () => {
      refused(await lab.run(fairlead, args), 2, says);
    });
  }

  const refusals: { name: string; args: string[]; says: RegExp }[] = [
    { name: "a bad name", args: ["up", "--name", "My_Cluster"], says: /Cannot name a cluster "My_Cluster": must be/ },
    { name: "no manifest there", args: ["up", "-f", "no/such"], says: /Cannot read "no\/such": there is no such file/ },
    { name: "a bad range", args: ["up", "--pod-cidr", "10.1.2.3/16"], says: /Cannot use range "10\.1\.2\.3\/16"/ },
    { name: "a range in use", args: ["up", "--pod-cidr", "10.5.0.0/16"], says: /has a route for 10\.5\.6\.0\/24/ },
    { name: "a port in use", args: ["up", "--api-port", "16443"], says: /Cannot use port 16443 .*--api-port/ },
    { name: "no cluster", args: ["ip"], says: /Cannot find the cluster "fairlead": there is none; "fairlead up"/ },
    { name: "no cluster of the name", args: ["status", "--name", "x"], says: /Cannot find the cluster "x"/ },
  ];
  test("refused: exit code 1, one line that says why, and nothing made", LIMIT, async (t) => {
    const server = createServer().listen(16_443, "127.0.0.1");
    await once(server, "listening");
    t.after(() => server.close());
    const route = "ip link add busy type veth peer name peer; ip link set busy up; ip route add 10.5.6.0/24 dev busy";
    assert.equal((await lab.run("sh", ["-euc", route])).stderr, "");
    for (const { name, args, says } of refusals) {
      await t.test(name, async () => refused(await lab.run(fairlead, args), 1, says));
    }
    await lab.run("ip", ["link", "delete", "busy"]);
    assert.deepEqual(await remains(lab), []);
  });

  test("a manifest that cannot be applied is refused before anything is made", LIMIT, async () => {
    await writeFile(path.join(lab.home, "bad.yaml"), "a: [");
    refused(await lab.run(fairlead, ["up", "-f", "bad.yaml"]), 1, /Cannot read "bad\.yaml"/);
    await writeFile(path.join(lab.home, "odd.yaml"), "apiVersion: example.com/v1\nkind: Odd\n");
    refused(await lab.run(fairlead, ["up", "-f", "odd.yaml"]), 1, /kind Odd of example\.com\/v1 is not supported/);
    await writeFile(path.join(lab.home, "typo.yaml"), "{apiVersion: v1, kind: Secret, metadata: {name: a}, dta: {}}");
    refused(
      await lab.run(fairlead, ["up", "-f", "typo.yaml"]),
      1,
      /the Secret a in "typo\.yaml": .*unknown field "dta"/,
    );
    assert.deepEqual(await remains(lab), []);
  });

  test("the error for an ordinary user says how to become root", LIMIT, async () => {
    const asNobody = ["--reuid=65534", "--regid=65534", "--clear-groups", fairlead];
    for (const command of ["up", "down"]) {
      refused(
        await lab.run("setpriv", [...asNobody, command]),
        1,
        new RegExp(`Cannot run "${command}" as an ordinary user: .*sudo fairlead ${command}`),
      );
    }
    for (const command of ["status", "kubeconfig", "node ls", "ip", "logs"]) {
      const outcome = await lab.run("setpriv", [...asNobody, ...command.split(" ")]);
      refused(outcome, 1, /^fairlead: Cannot read the files of clusters as an ordinary user: .* sudo in front$/m);
    }
  });

  test("a missing program is named with its package", LIMIT, async () => {
    const hide = 'mount --bind /dev/null "$(readlink -f "$(command -v nft)")" && exec "$@"';
    const outcome = await lab.run("unshare", ["--mount", "sh", "-euc", hide, "sh", fairlead, "up", "--no-install"]);
    refused(outcome, 1, /Missing on this machine: nft \(package nftables: /);
  });

  test("a wait that is too short ends with what is not ready, and the next up goes on", LIMIT, async () => {
    refused(await lab.run(fairlead, ["up", "--uplink", "none", "--wait", "1ms"]), 1, /Timed out waiting for .+: .+/);
    await upOrShowLogs(lab, []);
    await lab.fairlead("down");
    assert.deepEqual(await remains(lab), []);
  });

  test("what fails once the API server answers can be looked into with kubectl", LIMIT, async () => {
    const maps = ["good", "Bad"].map((name) => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name } }));
    await writeFile(path.join(lab.home, "maps.json"), JSON.stringify({ apiVersion: "v1", kind: "List", items: maps }));
    const outcome = await lab.run(fairlead, ["up", "--uplink", "none", "-f", "maps.json"]);
    refused(outcome, 1, /^fairlead: Cannot apply the ConfigMap Bad in "maps\.json": ConfigMap "Bad" is invalid: /m);
    assert.equal(await lab.kubectl("get", "configmap", "good", "-o", "name"), "configmap/good\n");
    await lab.fairlead("down");
    assert.deepEqual(await remains(lab), []);
  });

  test("a kubeconfig that another program holds is named, and the next up goes on", LIMIT, async () => {
    await mkdir(path.dirname(kubeconfig), { recursive: true });
    await writeFile(kubeconfig, OWN_KUBECONFIG, { mode: 0o644 });
    await chown(kubeconfig, USER.uid, USER.gid);
    await writeFile(`${kubeconfig}.lock`, "");
    const outcome = await lab.run(fairlead, ["up", "--uplink", "none", "--nodes", "2", "-f", example]);
    refused(outcome, 1, /config\.lock is there/);
    await rm(`${kubeconfig}.lock`);
    await upOrShowLogs(lab, ["-f", example]);
  });

  test("up adds its context to a kubeconfig and closes it to others; all else in it stays", LIMIT, async () => {
    const text = await readFile(kubeconfig, "utf8");
    assert.match(text, /^# work$/m);
    assert.match(text, /name: work # the real one/);
    assert.equal((await lab.kubectl("config", "current-context")).trim(), "fairlead");
    assert.equal((await lab.kubectl("config", "get-contexts", "-o", "name")).trim(), "fairlead\nplay\nwork");
    assert.deepEqual(await ownerAndMode(kubeconfig), { ...USER, mode: 0o600 });
  });

  test("up again: a cluster that is as asked for goes on unchanged, and manifests are applied", LIMIT, async () => {
    const before = await lab.kubectl("get", "pods", "-o", "jsonpath={.items[*].metadata.uid}");
    const named = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "more" }, data: { a: "b" } };
    await writeFile(path.join(lab.home, "more.json"), JSON.stringify(named));
    const up = ["up", "--nodes", "2", "--uplink", "none", "-f", example, "-f", "more.json"];
    const { exitCode, stderr } = await lab.run(fairlead, up);
    assert.equal(exitCode, 0, stderr);
    assert.match(stderr, /^The cluster "fairlead" is up, and 1 object was created or changed: context "fairlead" is/m);
    const again = await lab.run(fairlead, up);
    assert.match(again.stderr, /^The cluster "fairlead" is up and unchanged: context "fairlead" is selected/m);
    assert.equal(await lab.kubectl("get", "configmap", "more", "-o", "jsonpath={.data.a}"), "b");
    assert.equal(await lab.kubectl("get", "pods", "-o", "jsonpath={.items[*].metadata.uid}"), before);
  });

  test("up again with other wishes: each is named with what to do, and nothing changes", LIMIT, async () => {
    await writeFile(
      path.join(lab.home, "never.json"),
      '{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"x"}}',
    );
    const wishes = ["--nodes", "3", "--uplink", "slirp4netns", "--no-host-routes", "-f", "never.json"];
    const outcome = await lab.run(fairlead, ["up", ...wishes]);
    refused(outcome, 1, /The cluster "fairlead" is not as asked for, and stays unchanged:$/m);
    assert.match(outcome.stderr, /^ {2}--nodes 3: it has 2; "fairlead node add" adds one/m);
    assert.match(outcome.stderr, /^ {2}--no-host-routes: it has routes .*"fairlead down" first/m);
    assert.match(outcome.stderr, /^ {2}--uplink slirp4netns: it has none; "fairlead down" first/m);
    assert.match((await lab.run("kubectl", ["get", "namespace", "x"])).stderr, /NotFound/);
  });

  test("--kubeconfig FILE gets a file that is its user's, and down takes it away", LIMIT, async () => {
    const file = path.join(lab.home, "elsewhere/second");
    const env = { SUDO_UID: String(USER.uid), SUDO_GID: String(USER.gid) };
    const up = ["up", "--uplink", "none", "--name", "second", "--kubeconfig", file];
    assert.equal((await lab.run(fairlead, up, { env })).exitCode, 0);
    assert.deepEqual(await ownerAndMode(file), { ...USER, mode: 0o600 });
    assert.equal((await stat(path.dirname(file))).uid, USER.uid);
    const { stdout } = await lab.run("kubectl", ["get", "nodes", "-o", "name"], { env: { KUBECONFIG: file } });
    assert.equal(stdout, "node/second-1\n");
    assert.equal((await lab.kubectl("config", "current-context")).trim(), "fairlead");
    await lab.fairlead("down", "--name", "second");
    await assert.rejects(stat(file), { code: "ENOENT" });
  });

  test("a wait for a node says what is so with it", LIMIT, async () => {
    const kubelet = await pidOf(lab, "fairlead-2/node");
    process.kill(kubelet, "SIGSTOP");
    try {
      const conditions = [{ type: "Ready", status: "False", reason: "KubeletNotReady", message: "no network" }];
      const patch = ["patch", "node", "fairlead-2", "--subresource=status", "-p"];
      await lab.kubectl(...patch, JSON.stringify({ status: { conditions } }));
      const outcome = await lab.run(fairlead, ["up", "--wait", "5s"]);
      refused(
        outcome,
        1,
        /Timed out waiting for nodes to become Ready: fairlead-2 not Ready: KubeletNotReady: no network$/m,
      );
    } finally {
      // The kubelet that is started next reports the state of the network again.
      process.kill(kubelet, "SIGKILL");
    }
    await upOrShowLogs(lab, []);
  });

  test("up says why the pods of a Deployment do not become Ready", LIMIT, async () => {
    const labels = { app: "broken" };
    const container = {
      name: "main",
      image: "registry.fairlead.local/tools:1",
      command: ["sh", "-c", "echo no table > /dev/termination-log; exit 3"],
    };
    const broken = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "broken" },
      spec: {
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [container] } },
      },
    };
    await writeFile(path.join(lab.home, "broken.json"), JSON.stringify(broken));
    const why =
      /: deployment\/broken has 0 of 1 pods available: broken-\S+: main: .*ended with exit code 3 \(Error\): no table/;
    await until("the reason in what up says", async () => {
      const { exitCode, stderr } = await lab.run(fairlead, ["up", "-f", "broken.json", "--wait", "5s"]);
      assert.equal(exitCode, 1);
      assert.match(stderr, why);
      return true;
    });
    await lab.kubectl("delete", "deployment", "broken");
  });

  test("status lists every program, for people and for programs", LIMIT, async () => {
    const text = await lab.fairlead("status");
    assert.match(text, /^Cluster fairlead: API server on https:\/\/127\.0\.0\.1:6443, running$/m);
    for (const program of ["fairlead-1/server", "fairlead-1/node", "fairlead-2/node", "fairlead-2/containerd"]) {
      assert.match(text, new RegExp(`^${program} +running +\\d+`, "m"));
    }
    const status = JSON.parse(await lab.fairlead("status", "-o", "json"));
    assert.equal(status.state, "running");
    assert.deepEqual(
      status.nodes.map((node: { name: string }) => node.name),
      ["fairlead-1", "fairlead-2"],
    );
  });

  test("node ls, ip, image ls, logs and kubeconfig print what they say", LIMIT, async () => {
    assert.match(await lab.fairlead("node", "ls"), /^fairlead-2 +172\.30\.0\.12 +worker +running$/m);
    assert.equal(await lab.fairlead("ip"), "172.30.0.11\n");
    assert.equal(await lab.fairlead("ip", "fairlead-2"), "172.30.0.12\n");
    refused(await lab.run(fairlead, ["ip", "x"]), 1, /Cannot find node "x": the nodes are fairlead-1, fairlead-2/);
    assert.match(await lab.fairlead("image", "ls"), /^registry\.fairlead\.local\/tools:1 +fairlead-1,fairlead-2$/m);
    assert.match(await lab.fairlead("logs"), /^fairlead-1\/server$/m);
    assert.equal((await lab.fairlead("logs", "fairlead-1/server", "--tail", "1")).trim().split("\n").length, 1);
    refused(await lab.run(fairlead, ["logs", "x"]), 1, /Cannot find the program "x": there is .*fairlead-1\/server/);
    await writeFile(path.join(lab.home, "printed"), await lab.fairlead("kubeconfig"), { mode: 0o600 });
    assert.match(await lab.kubectl("--kubeconfig", "printed", "get", "nodes", "-o", "name"), /node\/fairlead-1/);
  });

  test("an image made and loaded runs on a node", LIMIT, async () => {
    await lab.fairlead("image", "build", "-t", "shop/box:1", "--program", "/bin/busybox", "-o", "box.tar");
    await lab.run("gzip", ["box.tar"]);
    const loaded = await lab.run(fairlead, ["image", "load", "box.tar.gz"]);
    assert.equal(loaded.stderr, "Loaded docker.io/shop/box:1 into 2 nodes\n");
    refused(await lab.run(fairlead, ["image", "load", "shop/box:1"]), 1, /Cannot load "shop\/box:1": .*docker save/);
    assert.match(await lab.fairlead("image", "ls"), /^docker\.io\/shop\/box:1 +fairlead-1,fairlead-2$/m);
    const run = ["run", "box", "--image=shop/box:1", "--restart=Never", "--image-pull-policy=Never", "--command", "--"];
    await lab.kubectl(...run, "/bin/busybox", "echo", "in a box");
    await lab.kubectl("wait", "--for=jsonpath={.status.phase}=Succeeded", "pod/box", "--timeout=120s");
    assert.equal(await lab.kubectl("logs", "box"), "in a box\n");
  });

  test("a node added and removed while a client asks: only a removed pod's own requests may fail", LIMIT, async () => {
    const address = await lab.kubectl("get", "service", "quote", "-o", "jsonpath={.spec.clusterIP}");
    const loop = startLoop(lab, `http://${address}`);
    const bad = () => loop.answers().filter((answer) => !ANSWER.test(answer));
    await until("an answer", async () => (loop.answers().length > 0 ? true : undefined));

    assert.equal(await lab.fairlead("node", "add"), "fairlead-3\n");
    await addQuotePod(lab, "fairlead-3");
    await until("the new pod to answer", async () =>
      loop.answers().some((answer) => answer.includes("pod quote-new on node fairlead-3")) ? true : undefined,
    );
    assert.deepEqual(bad(), []);

    await lab.kubectl("patch", "pod", "quote-new", "-p", '{"metadata":{"finalizers":["example.com/hold"]}}');
    const removal = lab.start(fairlead, ["node", "remove", "fairlead-3"]);
    let printed = "";
    removal.stderr?.on("data", (bytes: Buffer) => {
      printed += bytes.toString();
    });
    const removed = once(removal, "close");
    await until("what is waited for", async () => printed.includes("\n") || undefined);
    await lab.kubectl(
      "patch",
      "pod",
      "quote-new",
      "--type=json",
      "-p",
      '[{"op":"remove","path":"/metadata/finalizers"}]',
    );
    assert.deepEqual(await removed, [0, null]);
    assert.equal(printed, "Waiting for the pods of fairlead-3 to end: quote-new\nThe node fairlead-3 is gone\n");
    assert.equal(await lab.kubectl("get", "nodes", "-o", "name"), "node/fairlead-1\nnode/fairlead-2\n");
    const answered = loop.answers().length;
    await until("answers without the node", async () => (loop.answers().length > answered + 20 ? true : undefined));
    const answers = await loop.stop();
    assert.ok(bad().length <= 1, bad().join("\n"));
    assert.deepEqual(
      answers.slice(answered).filter((answer) => !ANSWER.test(answer)),
      [],
    );
    assert.doesNotMatch((await lab.run("sh", ["-c", "ls /run/netns; ip -brief link"])).stdout, /fairlead-3\b/);
    const left = await lab.run("find", [lab.env.FAIRLEAD_HOME ?? "", "-name", "fairlead-3"]);
    assert.deepEqual(left, { exitCode: 0, stdout: "", stderr: "" }, "only its logs stay");
  });

  test("nodes that cannot be removed are refused", LIMIT, async () => {
    refused(await lab.run(fairlead, ["node", "remove", "x"]), 1, /Cannot remove node "x": the nodes are/);
    refused(await lab.run(fairlead, ["node", "remove", "fairlead-1"]), 1, /it is the control plane/);
  });

  test("down selects the context from before, and the file is as it was", LIMIT, async () => {
    await lab.fairlead("down");
    assert.equal(await readFile(kubeconfig, "utf8"), OWN_KUBECONFIG);
    assert.deepEqual(await ownerAndMode(kubeconfig), { ...USER, mode: 0o600 });
    assert.deepEqual(await remains(lab), []);
  });

  test("down leaves the context selected that was selected meanwhile", LIMIT, async () => {
    await upOrShowLogs(lab, []);
    const selected = (await readFile(kubeconfig, "utf8")).replace("current-context: fairlead", "current-context: play");
    await writeFile(kubeconfig, selected);
    await lab.fairlead("down");
    assert.equal(
      await readFile(kubeconfig, "utf8"),
      OWN_KUBECONFIG.replace("current-context: work", "current-context: play"),
    );
  });

  for (const { name, args, mentions } of [
    { name: "with manifests says that they are applied", args: ["-f", example], mentions: true },
    { name: "without manifests does not mention any", args: [], mentions: false },
  ]) {
    test(`up ${name}`, LIMIT, async () => {
      const { exitCode, stderr } = await lab.run(fairlead, ["up", "--uplink", "none", ...args]);
      assert.equal(exitCode, 0, stderr);
      assert.match(stderr, /Nodes Ready/);
      assert.equal(stderr.includes("Manifests applied"), mentions);
      await lab.fairlead("down");
    });
  }

  test("a kubeconfig that is not one is refused before anything is made", LIMIT, async () => {
    await writeFile(kubeconfig, "a: [");
    await chmod(kubeconfig, 0o600);
    refused(
      await lab.run(fairlead, ["up", "--uplink", "none"]),
      1,
      /Cannot use the kubeconfig .*: The kubeconfig is not YAML/,
    );
    assert.equal(await readFile(kubeconfig, "utf8"), "a: [");
    assert.deepEqual(await remains(lab), []);
  });
}

/** A refusal for people: the exit code, what it says, and no stack. */
function refused({ exitCode, stderr }: Outcome, code: number, says: RegExp): void {
  assert.match(stderr, says);
  assert.match(stderr, /^fairlead: /m);
  assert.doesNotMatch(stderr, /^ +at /m);
  assert.equal(exitCode, code);
}

async function ownerAndMode(file: string): Promise<{ uid: number; gid: number; mode: number }> {
  const { uid, gid, mode } = await stat(file);
  return { uid, gid, mode: mode & 0o777 };
}

/** One more pod of the quote Service, on this node. */
async function addQuotePod(lab: Lab, node: string): Promise<void> {
  const manifest = (await readFile(path.join(example, "quote-001.yaml"), "utf8"))
    .replace("name: quote-001", "name: quote-new")
    .replace(/^spec:$/m, `spec:\n  nodeName: ${node}`);
  await writeFile(path.join(lab.home, "new.yaml"), manifest);
  await lab.kubectl("apply", "-f", "new.yaml");
}
