import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { createCertificateAuthority } from "@fairlead/cluster/pki/certificate-authority";
import { systemClock } from "@fairlead/lib/clock";
import { silentLogger } from "@fairlead/lib/log";
import { clientCertificateAuthenticator } from "./authn/client-certificate-authenticator.ts";
import type { Listening } from "./http/listen.ts";
import { listen } from "./http/listen.ts";
import type { TestApiServer } from "./testing/start-test-server.testing.ts";
import { startTestApiServer } from "./testing/start-test-server.testing.ts";

/** What people type, with the `kubectl` of this machine. */
const MANIFEST = `
apiVersion: v1
kind: Service
metadata: { name: quote }
spec: { selector: { app: quote }, ports: [{ name: http, port: 80 }] }
---
apiVersion: v1
kind: Pod
metadata: { name: quote-001, labels: { app: quote } }
spec: { containers: [{ name: main, image: tool }] }
`;

/** Kinds that are stored without a controller. */
const UNMANAGED = `
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: agent }
spec:
  selector: { matchLabels: { app: agent } }
  template: { metadata: { labels: { app: agent } }, spec: { containers: [{ name: main, image: tool }] } }
---
apiVersion: v1
kind: ReplicationController
metadata: { name: old }
spec: { replicas: 2, template: { metadata: { labels: { app: old } }, spec: { containers: [{ name: main, image: tool }] } } }
`;

/** Numbers that people write for "never", and one that a double does not hold. */
const LARGE = `
apiVersion: v1
kind: Pod
metadata: { name: lasting }
spec:
  terminationGracePeriodSeconds: 9223372036854775807
  tolerations:
    - { key: a, operator: Exists, effect: NoExecute, tolerationSeconds: 9223372036854775807 }
    - { key: b, operator: Exists, effect: NoExecute, tolerationSeconds: -9007199254740993 }
  containers: [{ name: main, image: tool }]
`;

let home: string;
let api: TestApiServer;
let listening: Listening;

before(async () => {
  const now = new Date();
  home = await mkdtemp(path.join(tmpdir(), "kubectl-"));
  const ca = await createCertificateAuthority("test-ca", now);
  const serving = await ca.issue({ commonName: "server", usage: "server", addresses: ["127.0.0.1"] }, now);
  const admin = await ca.issue({ commonName: "kubernetes-admin", usage: "client" }, now);
  api = await startTestApiServer({ authenticators: [clientCertificateAuthenticator(systemClock)] });
  listening = await listen({
    server: api.server,
    tls: { cert: serving.certificate, key: serving.key, clientCa: ca.certificate },
    address: { host: "127.0.0.1" },
    log: silentLogger,
  });
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  await writeFile(
    path.join(home, "config"),
    JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [
        {
          name: "test",
          cluster: {
            server: `https://127.0.0.1:${listening.port}`,
            "certificate-authority-data": base64(ca.certificate),
          },
        },
      ],
      users: [
        {
          name: "test",
          user: { "client-certificate-data": base64(admin.certificate), "client-key-data": base64(admin.key) },
        },
      ],
      contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
      "current-context": "test",
    }),
    { mode: 0o600 },
  );
  await writeFile(path.join(home, "quote.yaml"), MANIFEST);
  await writeFile(path.join(home, "unmanaged.yaml"), UNMANAGED);
  await writeFile(path.join(home, "large.yaml"), LARGE);
  await writeFile(path.join(home, "too-large.yaml"), LARGE.replace("-9007199254740993", "9223372036854775808"));
  await writeFile(path.join(home, "typo.yaml"), MANIFEST.replace("selector:", "selectr:"));
});

after(async () => {
  await api.stop();
  await listening.stop();
  await rm(home, { recursive: true });
});

/** What kubectl prints, errors included; a failure is shown by its code. */
async function kubectl(command: string): Promise<string> {
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    KUBECONFIG: path.join(home, "config"),
    EDITOR: "sed -i s/tool/tool2/",
  };
  try {
    const { stdout, stderr } = await promisify(execFile)("kubectl", command.split(" "), { env, cwd: home });
    return (stdout + stderr).trim();
  } catch (error) {
    if (!(error instanceof Error) || !("stderr" in error)) throw error;
    return String(error.stderr).trim();
  }
}

const steps: readonly { readonly command: string; readonly want: RegExp }[] = [
  { command: "apply -f quote.yaml", want: /^service\/quote created\npod\/quote-001 created$/ },
  { command: "apply -f quote.yaml", want: /^service\/quote unchanged\npod\/quote-001 unchanged$/ },
  { command: "get pods", want: /^NAME +READY +STATUS +RESTARTS +AGE\nquote-001 +0\/1 +Pending +0 +\d+s$/ },
  { command: "get svc quote -o wide", want: /ClusterIP +10\.\d+\.\d+\.\d+ +<none> +80\/TCP +\d+s +app=quote$/ },
  { command: "get pods -l app!=quote", want: /^No resources found in default namespace\.$/ },
  { command: "describe svc quote", want: /Port: +http +80\/TCP/ },
  { command: "explain service.spec.ports.port", want: /FIELD: port <integer>/ },
  { command: "label pod quote-001 tier=web", want: /^pod\/quote-001 labeled$/ },
  { command: "annotate pod quote-001 note=hello", want: /^pod\/quote-001 annotated$/ },
  { command: "edit pod quote-001", want: /^pod\/quote-001 edited$/ },
  { command: "get pod quote-001 -o jsonpath={.spec.containers[0].image}{.metadata.labels.tier}", want: /^tool2web$/ },
  { command: 'patch svc quote -p {"spec":{"ports":[{"port":80,"name":"web"}]}}', want: /^service\/quote patched$/ },
  { command: "get svc quote -o jsonpath={.spec.ports[*].name}", want: /^web$/ },
  { command: "create configmap settings --from-literal=a=b", want: /^configmap\/settings created$/ },
  { command: "create configmap settings --from-literal=a=b", want: /configmaps "settings" already exists$/ },
  {
    command: "apply -f typo.yaml --dry-run=server",
    want: /strict decoding error: unknown field "spec\.selectr"/,
  },
  { command: "get configmap nothing", want: /^Error from server \(NotFound\): configmaps "nothing" not found$/ },
  { command: "get nothing", want: /the server doesn't have a resource type "nothing"$/ },
  { command: "delete -f quote.yaml", want: /^service "quote" deleted.*\npod "quote-001" deleted/ },
  { command: "get all", want: /^No resources found in default namespace\.$/ },
  {
    command: "apply -f unmanaged.yaml",
    want: /^daemonset\.apps\/agent created\nreplicationcontroller\/old created\nWarning: this server has no controller for DaemonSet objects yet: .*$/,
  },
  {
    command: "apply -f unmanaged.yaml",
    want: /^daemonset\.apps\/agent unchanged\nreplicationcontroller\/old unchanged$/,
  },
  {
    command: "get ds agent -o wide",
    want: /^NAME +DESIRED +CURRENT +READY +UP-TO-DATE +AVAILABLE +NODE SELECTOR +AGE +CONTAINERS +IMAGES +SELECTOR\nagent +0 +0 +0 +0 +0 +<none> +\d+s +main +tool +app=agent$/,
  },
  { command: "scale rc old --replicas=3", want: /^replicationcontroller\/old scaled$/ },
  { command: "get rc old -o wide", want: /\nold +3 +0 +0 +\d+s +main +tool +app=old$/ },
  { command: "set image ds/agent main=tool2", want: /^daemonset\.apps\/agent image updated$/ },
  {
    command:
      "get ds agent -o jsonpath={.metadata.generation}{.metadata.annotations.deprecated\\.daemonset\\.template\\.generation}",
    want: /^22$/,
  },
  { command: "get all -o name", want: /^replicationcontroller\/old\ndaemonset\.apps\/agent$/ },
  {
    command: "cluster-info dump",
    want: /"kind": "ReplicationControllerList".*"name": "old".*"kind": "DaemonSetList".*"name": "agent".*"kind": "PodList"/s,
  },
  { command: "apply -f large.yaml", want: /^pod\/lasting created$/ },
  { command: "apply -f large.yaml", want: /^pod\/lasting unchanged$/ },
  {
    command:
      "get pod lasting -o jsonpath={.spec.terminationGracePeriodSeconds}{.spec.tolerations[?(@.key=='b')].tolerationSeconds}",
    want: /^9223372036854775807-9007199254740993$/,
  },
  {
    command: "get pod lasting -o yaml",
    want: /\n {2}terminationGracePeriodSeconds: 9223372036854775807\n.*\n {4}tolerationSeconds: -9007199254740993\n/s,
  },
  {
    command: "apply --server-side --force-conflicts -f large.yaml",
    want: /^pod\/lasting serverside-applied$/,
  },
  { command: "diff -f large.yaml", want: /^$/ },
  { command: "edit pod lasting", want: /^pod\/lasting edited$/ },
  {
    command:
      'patch pod lasting --type=json -p [{"op":"replace","path":"/spec/tolerations/1/tolerationSeconds","value":9007199254740995}]',
    want: /^pod\/lasting patched$/,
  },
  {
    command: "get pod lasting -o jsonpath={.spec.tolerations[*].tolerationSeconds}",
    want: /^9223372036854775807 9007199254740995/,
  },
  {
    // kubectl has made a double of 9223372036854775808.
    command: "apply -f too-large.yaml",
    want: /json: cannot unmarshal number 9223372036854776000 into .* of type int64/,
  },
  { command: "delete pod lasting", want: /^pod "lasting" deleted/ },
  { command: "delete rc,ds --all", want: /^replicationcontroller "old" deleted.*\ndaemonset\.apps "agent" deleted/ },
];

for (const { command, want } of steps) {
  test(`kubectl ${command}`, async () => {
    assert.match(await kubectl(command), want);
  });
}
