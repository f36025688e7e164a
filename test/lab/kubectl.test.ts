/** What people type at a cluster beyond the main job, with the `kubectl` of this machine and with Kubernetes 1.20's. */
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { logs, upOrShowLogs } from "./cluster.testing.ts";
import { insideLab, type Lab, startLab, until } from "./lab.testing.ts";

const IMAGE = "registry.fairlead.local/tools:1";
const example = path.resolve(import.meta.dirname, "../../examples/quote");
/** A command that runs for ever, and ends on SIGTERM. */
const ENDS_AT_ONCE = `sh -c 'trap "exit 0" TERM; sleep 1d & wait'`;
const LIMIT = { timeout: 240_000 };

/** A command line, and what it must answer. Words are parted by spaces; `'…'` keeps some together. */
interface Row {
  readonly type: string;
  /** On standard output. */
  readonly says?: RegExp;
  /** On standard error; nothing else may be there. */
  readonly warns?: RegExp;
  /** Default 0. */
  readonly exitCode?: number;
}

if (insideLab(import.meta.filename)) {
  let lab: Lab;

  const kubectl = (line: string, input?: string) =>
    lab.run("kubectl", words(line), input === undefined ? {} : { input });

  const check = async ({ type, says = /^/, warns, exitCode = 0 }: Row) => {
    const outcome = await kubectl(type);
    assert.equal(outcome.exitCode, exitCode, `${type}: ${outcome.stderr}`);
    assert.match(outcome.stdout, says, type);
    if (warns === undefined) assert.equal(outcome.stderr, "", type);
    else assert.match(outcome.stderr, warns, type);
  };

  const table = (name: string, rows: readonly Row[]) =>
    test(name, LIMIT, async () => {
      for (const row of rows) await check(row);
    });

  before(async () => {
    lab = await startLab();
    await upOrShowLogs(lab, ["--nodes", "2", "-f", example]);
  });
  after(() => lab?.[Symbol.asyncDispose]());

  test("a cluster that starts as it should logs no warning", LIMIT, async () => {
    const lines = (await logs(lab)).split("\n");
    assert.deepEqual(
      lines.filter((line) => /^\S+Z (warn|error) /.test(line)),
      [],
    );
  });

  test("nodes report their conditions", LIMIT, async () => {
    for (const node of ["fairlead-1", "fairlead-2"]) {
      const description = await until(`${node}'s events`, async () => {
        const text = await lab.kubectl("describe", "node", node);
        return /NodeReady/.test(text) ? text : undefined;
      });
      for (const reason of ["Starting", "NodeHasSufficientMemory", "NodeHasNoDiskPressure", "NodeHasSufficientPID"]) {
        assert.match(description, new RegExp(`^ +Normal +${reason} `, "m"), reason);
      }
      assert.match(description, /^Allocated resources:$/m);
      assert.match(description, /^PodCIDR: +10\.244\.\d\.0\/24$/m);
    }
  });

  table("what there is can be listed and described", [
    { type: "get all -A", says: /^default +pod\/quote-001 +2\/2 +Running +0 /m },
    { type: "get pods -o name --field-selector=spec.nodeName=fairlead-1", says: /^pod\/quote-/ },
    { type: "get pods -l 'app in (quote),rel!=stable' --no-headers", says: /^quote-canary .*\n$/ },
    { type: "get pods -o name --chunk-size=1", says: /^(pod\/quote-.*\n){4}$/ },
    { type: "get pods -o custom-columns=N:.metadata.name --sort-by=.metadata.name", says: /^N\nquote-001\n/ },
    { type: "describe pod quote-001", says: /already present on machine and can be accessed by the pod/ },
    {
      type: "get endpoints quote --no-headers",
      says: /^quote +10\.244\.\S+:80,.* \+ 1 more\.\.\. /,
      warns: /^Warning: v1 Endpoints is deprecated in v1\.33\+; use discovery\.k8s\.io\/v1 EndpointSlice\n$/,
    },
    { type: "describe endpointslices", says: /^AddressType: +IPv4$/m },
    { type: "describe clusterrole edit", says: /^ +pods\/exec +/m },
    { type: "describe -n kube-node-lease lease fairlead-2", says: /Holder Identity: +fairlead-2$/m },
    { type: "events --for pod/quote-001", says: / Scheduled +Pod\/quote-001 / },
    { type: "explain pod --recursive", says: /^ +topologySpreadConstraints\s/m },
    { type: "auth can-i --list --as=joe", says: /^selfsubjectreviews\.authentication\.k8s\.io /m },
    { type: "auth whoami --as=joe --as-group=team", says: /^Groups +\[team system:authenticated\]$/m },
    { type: "__complete get pods quote-c", says: /^quote-canary\n:4\n$/, warns: /NoFileComp/ },
  ]);

  table("what there is not is refused by name", [
    { type: "get nosuch", exitCode: 1, warns: /^error: the server doesn't have a resource type "nosuch"\n$/ },
    { type: "get pod nosuch", exitCode: 1, warns: /^Error from server \(NotFound\): pods "nosuch" not found\n$/ },
    { type: "get pods --field-selector=spec.foo=1", exitCode: 1, warns: /field label not supported: spec\.foo\n$/ },
    { type: "top nodes", exitCode: 1, warns: /^error: Metrics API not available\n$/ },
    { type: "scale deployment/x --replicas=2", exitCode: 1, warns: /deployments\.apps "x" not found\n$/ },
    { type: "autoscale deployment/x --max=2", exitCode: 1, warns: /deployments\.apps "x" not found\n$/ },
    { type: "logs quote-001 -c nginx --previous", exitCode: 1, warns: /previous terminated container "nginx" in pod/ },
    { type: "delete namespace default", exitCode: 1, warns: /this namespace may not be deleted\n$/ },
    {
      type: "create token default --duration=10s",
      exitCode: 1,
      warns: /may not specify a duration less than 10 minutes/,
    },
  ]);

  test("a manifest of a kind that is nowhere is refused by kubectl in its usual words", LIMIT, async () => {
    const manifest = "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: x}\n";
    for (const verb of ["apply", "create", "apply --server-side"]) {
      const { exitCode, stderr } = await kubectl(`${verb} -f -`, manifest);
      assert.equal(exitCode, 1);
      assert.match(
        stderr,
        /no matches for kind "Widget" in version "example\.com\/v1"\nensure CRDs are installed first\n$/,
      );
    }
  });

  table("objects are made, changed and taken away in a namespace of their own", [
    { type: "create namespace walk", says: /created/ },
    { type: "config set-context --current --namespace=walk", says: /modified/ },
    { type: "create configmap c --from-literal=a=1", says: /^configmap\/c created\n$/ },
    { type: "label configmap c tier=front", says: /labeled/ },
    { type: "label configmap c tier=back", exitCode: 1, warns: /--overwrite is false/ },
    { type: "annotate configmap c note=x", says: /annotated/ },
    { type: `patch configmap c -p '{"data":{"b":"2"}}'`, says: /patched\n$/ },
    { type: `patch configmap c --type=merge -p '{"data":{"b":null}}'`, says: /patched\n$/ },
    { type: `patch configmap c --type=json -p '[{"op":"add","path":"/data/d","value":"4"}]'`, says: /patched\n$/ },
    { type: "get configmap c -o jsonpath={.data}", says: /^\{"a":"1","d":"4"\}$/ },
    { type: "create serviceaccount robot", says: /created/ },
    { type: "create role reader --verb=get,list --resource=pods", says: /created/ },
    { type: "create rolebinding reads --role=reader --serviceaccount=walk:robot", says: /created/ },
    { type: "get pods --as=system:serviceaccount:walk:robot", warns: /^No resources found in walk namespace\.\n$/ },
    { type: "get secrets --as=system:serviceaccount:walk:robot", exitCode: 1, warns: /cannot list resource "secrets"/ },
    { type: "create service nodeport s --tcp=80:8080", says: /created/ },
    { type: "set selector service/s app=web", says: /updated/ },
    { type: "get service s -o wide", says: /^s +NodePort +10\.\S+ +<none> +80:3\d+\/TCP +\S+ +app=web$/m },
    { type: "delete service s", says: /deleted/ },
    { type: "config set-context --current --namespace=default", says: /modified/ },
    { type: "delete namespace walk", says: /deleted/ },
    { type: "get all,configmaps -n walk", warns: /^No resources found in walk namespace\.\n$/ },
  ]);

  table("a workload is made, looked into, scaled and taken away", [
    {
      type: `create deployment web --image=${IMAGE} --replicas=2 -- ${ENDS_AT_ONCE}`,
      says: /^deployment.apps\/web created/,
    },
    { type: "rollout status deployment/web --timeout=120s", says: /successfully rolled out\n$/ },
    { type: "get deployment web -o wide", says: /^web +2\/2 +2 +2 +\d+s +tools +registry\.\S+ +app=web$/m },
    {
      type: "get all -l app=web -o name",
      says: /^(pod\/web-\w+-\w+\n){2}deployment\.apps\/web\nreplicaset\.apps\/web-\w+\n$/,
    },
    { type: "describe replicaset -l app=web", says: /^ +Normal +SuccessfulCreate +.* Created pod: web-\w+-\w{5}$/m },
    { type: "describe deployment web", says: /^NewReplicaSet: +web-\w+ \(2\/2 replicas created\)$/m },
    { type: "exec deployment/web -- echo here", says: /^here\n$/ },
    { type: "logs deployment/web", warns: /^Found 2 pods, using pod\/web-/ },
    { type: "expose deployment web --port=80", says: /^service\/web exposed\n$/ },
    { type: "get service web -o jsonpath={.spec.selector}", says: /^\{"app":"web"\}$/ },
    { type: "scale deployment web --current-replicas=3 --replicas=1", exitCode: 1, warns: /to be 3, was 2\n$/ },
    { type: "scale deployment web --current-replicas=2 --replicas=3", says: /^deployment\.apps\/web scaled\n$/ },
    { type: "get deployment web --subresource=scale", says: /^NAME +DESIRED +AVAILABLE +AGE\nweb +3 / },
    { type: "wait --for=jsonpath={.status.readyReplicas}=3 deployment/web --timeout=120s", says: /condition met/ },
    { type: "scale deployment web --replicas=1", says: /scaled/ },
    { type: "wait --for=jsonpath={.status.replicas}=1 deployment/web --timeout=120s", says: /condition met/ },
    { type: `set image deployment/web tools=${IMAGE}-other --dry-run=server`, says: /image updated/ },
    { type: "delete deployment web --cascade=orphan", says: /deleted/ },
    { type: "get replicaset -l app=web -o name", says: /^replicaset\.apps\/web-/ },
    { type: "scale replicaset -l app=web --replicas=2", says: /^replicaset\.apps\/web-\w+ scaled\n$/ },
    { type: "delete replicaset -l app=web --cascade=foreground", says: /deleted/ },
    { type: "get pods -l app=web --field-selector=status.phase=Running", warns: /^No resources found/ },
    { type: "delete service web", says: /deleted/ },
  ]);

  test("what is only tried on the server has a uid and no resource version", LIMIT, async () => {
    const { metadata } = JSON.parse(await lab.kubectl(...words("create configmap t --dry-run=server -o json")));
    assert.match(metadata.uid, /^[0-9a-f-]{36}$/);
    assert.equal(metadata.resourceVersion, undefined);
  });

  test("edit, replace and diff see what was changed", LIMIT, async () => {
    await lab.kubectl(...words("create configmap e --from-literal=a=1"));
    const edited = await lab.run("kubectl", ["edit", "configmap", "e"], {
      env: { KUBE_EDITOR: "sed -i s/^..a:.*/\\ \\ a:\\ two/" },
    });
    assert.match(edited.stdout, /^configmap\/e edited\n$/);
    const file = path.join(lab.home, "e.yaml");
    await writeFile(file, (await lab.kubectl(...words("get configmap e -o yaml"))).replace("two", "three"));
    const diff = await kubectl(`diff -f ${file}`);
    assert.equal(diff.exitCode, 1, diff.stderr);
    assert.match(diff.stdout, /^- {2}a: two\n\+ {2}a: three$/m);
    await check({ type: `replace -f ${file}`, says: /replaced/ });
    await check({ type: `replace -f ${file}`, exitCode: 1, warns: /\(Conflict\).* the object has been modified/ });
    await check({ type: "delete configmap e", says: /deleted/ });
  });

  test("apply merges, prunes, and hands over to the server-side apply", LIMIT, async () => {
    const file = path.join(lab.home, "apply.yaml");
    const manifest = (value: string) =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: applied, labels: {set: a}}\ndata: {k: ${value}}\n`;
    const more = "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: more, labels: {set: a}}\n";
    await writeFile(file, manifest("one") + more);
    await check({ type: `apply -f ${file}`, says: /^configmap\/applied created\nconfigmap\/more created\n$/ });
    await writeFile(file, manifest("two"));
    const prune = `apply -f ${file} --prune -l set=a --prune-allowlist=core/v1/ConfigMap`;
    await check({ type: prune, says: /^configmap\/applied configured\nconfigmap\/more pruned\n$/ });
    await check({ type: `apply --server-side -f ${file}`, says: /serverside-applied/ });
    await writeFile(file, manifest("three"));
    await check({ type: `apply --server-side -f ${file}`, says: /serverside-applied/ });
    const other = `apply --server-side --field-manager=other -f ${file.replace("apply", "other")}`;
    await writeFile(file.replace("apply", "other"), manifest("four"));
    await check({
      type: other,
      exitCode: 1,
      warns: /conflict with "kubectl": \.data\.k|conflict with "kubectl" using v1: \.data\.k/,
    });
    await check({ type: `delete -f ${file}`, says: /deleted/ });
  });

  test("apply of a pod works with the third version of OpenAPI", LIMIT, async () => {
    for (let i = 0; i < 5; i++) {
      const { stderr } = await kubectl(`apply -v=5 --dry-run=server -f ${example}`);
      assert.doesNotMatch(stderr, /OpenAPI V3/);
    }
  });

  for (const client of ["kubectl", "kubectl120"] as const) {
    test(`${client}: run --rm -i gives what the pod says, and its exit code`, LIMIT, async () => {
      const binary = client === "kubectl" ? "kubectl" : (process.env.FAIRLEAD_TEST_KUBECTL_120 ?? "");
      const run = `run once --rm -i --restart=Never --image=${IMAGE} --`;
      const { exitCode, stdout } = await lab.run(binary, [...words(run), "sh", "-c", "cat; exit 4"], {
        input: "hello\n",
      });
      assert.match(stdout, /^hello$/m);
      assert.match(stdout, /^pod "once" deleted/m);
      assert.equal(exitCode, 4);
    });

    test(`${client}: a Deployment is made, scaled, described and taken away`, LIMIT, async () => {
      const type = (line: string) => lab[client](...words(line));
      await type(`create deployment twice --image=${IMAGE} -- ${ENDS_AT_ONCE}`);
      assert.match(await type("scale deployment/twice --current-replicas=1 --replicas=2"), /scaled\n$/);
      assert.match(await type("rollout status deployment/twice --timeout=120s"), /successfully rolled out\n$/);
      assert.match(await type("get deployment,replicaset -l app=twice"), /^replicaset\.apps\/twice-\w+ +2 +2 +2 /m);
      assert.match(
        await type("describe deployment twice"),
        /^Replicas: +2 desired \| 2 updated \| 2 total \| 2 avail/m,
      );
      assert.match(await type("delete deployment twice"), /deleted/);
    });

    test(`${client}: cp carries a large file there and back`, LIMIT, async () => {
      const there = path.join(lab.home, "there");
      const back = path.join(lab.home, `back-${client}`);
      const content = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7919) % 251));
      await writeFile(there, content);
      await lab[client]("cp", there, "quote-001:/tmp/there", "-c", "nginx");
      await lab[client]("cp", "quote-001:/tmp/there", back, "-c", "nginx");
      assert.equal(Buffer.compare(await readFile(back), content), 0);
    });
  }

  test("a node is cordoned, drained of one pod by eviction, and used again", LIMIT, async () => {
    const overrides = '{"spec":{"nodeName":"fairlead-2","terminationGracePeriodSeconds":1}}';
    await lab.kubectl("run", "solo", `--image=${IMAGE}`, `--overrides=${overrides}`, "--", "sleep", "1000");
    await lab.kubectl(...words("wait --for=condition=Ready pod/solo --timeout=120s"));
    await check({ type: "drain fairlead-2", says: /cordoned/, exitCode: 1, warns: /use --force to override/ });
    await check({ type: "get node fairlead-2", says: / Ready,SchedulingDisabled / });
    const drain = "drain fairlead-2 --pod-selector=run=solo --force";
    await check({
      type: drain,
      says: /^pod\/solo evicted\nnode\/fairlead-2 drained\n$/m,
      warns: /^Warning: deleting Pods/,
    });
    await check({ type: "uncordon fairlead-2", says: /uncordoned/ });
    await check({ type: "taint node fairlead-2 k=v:NoSchedule", says: /tainted/ });
    await check({ type: "taint node fairlead-2 k-", says: /untainted/ });
  });

  test(
    "pods of a Deployment leave a node that is drained, without force, and are made again elsewhere",
    LIMIT,
    async () => {
      await lab.kubectl(...words(`create deployment moving --image=${IMAGE} --replicas=4 -- ${ENDS_AT_ONCE}`));
      await lab.kubectl(...words("rollout status deployment/moving --timeout=120s"));
      const drained = /^(pod\/moving-\S+ evicted\n){2}node\/fairlead-2 drained\n$/m;
      await check({ type: "drain fairlead-2 --pod-selector=app=moving", says: drained });
      await lab.kubectl(...words("rollout status deployment/moving --timeout=120s"));
      const where =
        "get pods -l app=moving --field-selector=status.phase=Running -o jsonpath={.items[*].spec.nodeName}";
      await check({ type: where, says: /^fairlead-1( fairlead-1){3}$/ });
      await check({ type: "uncordon fairlead-2", says: /uncordoned/ });
      await check({ type: "delete deployment moving", says: /deleted/ });
    },
  );

  test("logs -f goes on when the log is rotated", LIMIT, async () => {
    const line = "x".repeat(88);
    const script = `i=0; while [ $i -lt 90000 ]; do echo $i ${line}; i=$((i+1)); done`;
    await lab.kubectl("run", "rotate", `--image=${IMAGE}`, "--restart=Never", "--", "sh", "-c", script);
    await lab.kubectl(...words("wait --for=jsonpath={.status.phase}=Running pod/rotate --timeout=120s"));
    const lines = (await lab.kubectl("logs", "-f", "rotate")).trimEnd().split("\n");
    assert.equal(
      lines.findIndex((text, i) => text !== `${i} ${line}`),
      -1,
    );
    assert.equal(lines.length, 90_000);
    await lab.kubectl("delete", "pod", "rotate");
  });
}

/** The words of a command line. */
function words(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
}
