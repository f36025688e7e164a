/** What is wrong in a request is refused as upstream refuses it: code, reason, message and field path. */
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { createCertificateAuthority, loadCertificateAuthority } from "../../src/cluster/pki/certificate-authority.ts";
import { type KeyPair, pkiFiles, readKeyPair } from "../../src/cluster/pki/pki-files.ts";
import { upOrShowLogs } from "./cluster.testing.ts";
import { insideLab, type Lab, startLab } from "./lab.testing.ts";

const SERVICES = "/api/v1/namespaces/default/services";
const PODS = "/api/v1/namespaces/default/pods";
const IMAGE = "registry.fairlead.local/tools:1";
const YEAR_MS = 365 * 86_400_000;
/** Every request is one of a few programs in a row; a machine under load takes its time. */
const LIMIT = { timeout: 240_000 };

interface Answer {
  readonly code: number;
  readonly body: string;
}

interface Refusal {
  readonly name: string;
  readonly path: string;
  /** An object, or the literal text. */
  readonly body: object | string;
  readonly contentType?: string;
  readonly code: number;
  readonly reason: string;
  readonly message: string | RegExp;
  /** The field paths of the causes. Default: none. */
  readonly fields?: readonly string[];
}

const service = (spec: object, metadata: object = {}) => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "wrong", ...metadata },
  spec: { ports: [{ port: 80 }], ...spec },
});
const pod = (spec: object) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "wrong" },
  spec: { containers: [{ name: "main", image: IMAGE }], ...spec },
});
const nodePort = (port: number) => service({ type: "NodePort", ports: [{ port: 80, nodePort: port }] });

const PORT_RANGE = "must be between 1 and 65535, inclusive";
const LABEL_FORMAT =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

const INVALID = { code: 422, reason: "Invalid" } as const;
const BAD = { code: 400, reason: "BadRequest" } as const;

const refusals: Refusal[] = [
  {
    name: "YAML that is none",
    path: PODS,
    body: "a: [",
    contentType: "application/yaml",
    ...BAD,
    message: /^the object provided is unrecognized \(must be of type Pod\): .+ \(613a205b\)$/,
  },
  {
    name: "JSON that is none",
    path: PODS,
    body: "{",
    ...BAD,
    message:
      /^the object provided is unrecognized \(must be of type Pod\): couldn't get version\/kind; json parse error: .+ \({\)$/,
  },
  {
    name: "an unknown field, when fields are checked",
    path: `${PODS}?fieldValidation=Strict`,
    body: pod({ replicas: 3 }),
    ...BAD,
    message: 'Pod in version "v1" cannot be handled as a Pod: strict decoding error: unknown field "spec.replicas"',
  },
  {
    name: "a wrong type",
    path: SERVICES,
    body: service({ ports: [{ port: "eighty" }] }),
    ...BAD,
    message:
      'Service in version "v1" cannot be handled as a Service: json: cannot unmarshal string into Go struct field ServicePort.spec.ports.port of type int32',
  },
  {
    name: "port 0",
    path: SERVICES,
    body: service({ ports: [{ port: 0 }] }),
    ...INVALID,
    // The target port defaults to the port.
    message: `Service "wrong" is invalid: [spec.ports[0].port: Invalid value: 0: ${PORT_RANGE}, spec.ports[0].targetPort: Invalid value: 0: ${PORT_RANGE}]`,
    fields: ["spec.ports[0].port", "spec.ports[0].targetPort"],
  },
  {
    name: "port 70000",
    path: SERVICES,
    body: service({ ports: [{ port: 70_000, targetPort: 80 }] }),
    ...INVALID,
    message: `Service "wrong" is invalid: spec.ports[0].port: Invalid value: 70000: ${PORT_RANGE}`,
    fields: ["spec.ports[0].port"],
  },
  {
    name: "nodePort 29999",
    path: SERVICES,
    body: nodePort(29_999),
    ...INVALID,
    message:
      'Service "wrong" is invalid: spec.ports[0].nodePort: Invalid value: 29999: provided port is not in the valid range. The range of valid ports is 30000-32767',
    fields: ["spec.ports[0].nodePort"],
  },
  {
    name: "a nodePort that another Service has",
    path: SERVICES,
    body: nodePort(30_080),
    ...INVALID,
    message:
      'Service "wrong" is invalid: spec.ports[0].nodePort: Invalid value: 30080: provided port is already allocated',
    fields: ["spec.ports[0].nodePort"],
  },
  {
    name: "a clusterIP outside the range",
    path: SERVICES,
    body: service({ clusterIP: "10.200.0.1" }),
    ...INVALID,
    message:
      'Service "wrong" is invalid: spec.clusterIPs: Invalid value: ["10.200.0.1"]: failed to allocate IP 10.200.0.1: the provided network does not match the current range',
    fields: ["spec.clusterIPs"],
  },
  {
    name: "a bad label",
    path: SERVICES,
    body: service({}, { labels: { app: "my app" } }),
    ...INVALID,
    message: `Service "wrong" is invalid: metadata.labels: Invalid value: "my app": ${LABEL_FORMAT}`,
    fields: ["metadata.labels"],
  },
  {
    name: "two ports without names",
    path: SERVICES,
    body: service({ ports: [{ port: 80 }, { port: 81 }] }),
    ...INVALID,
    message: 'Service "wrong" is invalid: [spec.ports[0].name: Required value, spec.ports[1].name: Required value]',
    fields: ["spec.ports[0].name", "spec.ports[1].name"],
  },
  {
    name: "a container without an image",
    path: PODS,
    body: pod({ containers: [{ name: "main" }] }),
    ...INVALID,
    message: 'Pod "wrong" is invalid: spec.containers[0].image: Required value',
    fields: ["spec.containers[0].image"],
  },
  {
    name: "a body of 4 MiB",
    path: "/api/v1/namespaces/default/configmaps",
    body: {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "wrong" },
      data: { x: "x".repeat(4 * 1024 * 1024) },
    },
    code: 413,
    reason: "RequestEntityTooLarge",
    message: "Request entity too large: limit is 3145728",
  },
];

if (insideLab(import.meta.filename)) {
  let lab: Lab;
  let credentials: (name: string) => string[];
  let ca: KeyPair;

  before(async () => {
    lab = await startLab();
    await upOrShowLogs(lab, []);
    await lab.kubectl("create", "service", "nodeport", "first", "--tcp=80", "--node-port=30080");
    const files = pkiFiles(path.join(lab.env.FAIRLEAD_HOME ?? "", "state/clusters/fairlead/pki"));
    const [authority, admin] = await Promise.all([readKeyPair(files.ca), readKeyPair(files.admin)]);
    assert.ok(authority !== undefined && admin !== undefined);
    ca = authority;
    await writePair(lab, "admin", admin);
    await writeFile(path.join(lab.home, "ca.crt"), ca.certificate);
    credentials = (name) => ["--cert", `${name}.crt`, "--key", `${name}.key`];
  });
  after(() => lab?.[Symbol.asyncDispose]());

  for (const refusal of refusals) {
    test(`refused: ${refusal.name}`, LIMIT, async () => {
      const { body, contentType = "application/json" } = refusal;
      const text = typeof body === "string" ? body : JSON.stringify(body);
      const post = ["-H", `content-type: ${contentType}`, "--data-binary", "@-"];
      const answer = await curl(lab, [...credentials("admin"), ...post], refusal.path, text);
      const status = JSON.parse(answer.body);
      const { message } = refusal;
      if (typeof message === "string") assert.equal(status.message, message);
      else assert.match(status.message, message);
      assert.deepEqual(
        { kind: status.kind, status: status.status, reason: status.reason, code: status.code, http: answer.code },
        { kind: "Status", status: "Failure", reason: refusal.reason, code: refusal.code, http: refusal.code },
      );
      const causes: readonly { readonly field?: string }[] = status.details?.causes ?? [];
      assert.deepEqual(
        causes.map((cause) => cause.field),
        refusal.fields ?? [],
      );
    });
  }

  test("nothing that was refused is there", LIMIT, async () => {
    const kinds = "services,pods,configmaps";
    assert.doesNotMatch(await lab.kubectl("get", kinds, "-o", "name"), /wrong/);
  });

  const typed: { name: string; manifest: string; says: RegExp }[] = [
    { name: "YAML that is none", manifest: "a: [", says: /error converting YAML to JSON/ },
    {
      name: "an unknown field",
      manifest: JSON.stringify(pod({ replicas: 3 })),
      says: /^Error from server \(BadRequest\): error when creating "STDIN": Pod in version "v1" cannot be handled as a Pod: strict decoding error: unknown field "spec\.replicas"$/m,
    },
    {
      name: "a port that is none",
      manifest: JSON.stringify(service({ ports: [{ port: 70_000, targetPort: 80 }] })),
      says: /^The Service "wrong" is invalid: spec\.ports\[0\]\.port: Invalid value: 70000: must be between 1 and 65535, inclusive$/m,
    },
    {
      name: "two ports without names",
      manifest: JSON.stringify(service({ ports: [{ port: 80 }, { port: 81 }] })),
      says: /^The Service "wrong" is invalid: \n\* spec\.ports\[0\]\.name: Required value\n\* spec\.ports\[1\]\.name: Required value$/m,
    },
  ];
  for (const { name, manifest, says } of typed) {
    test(`kubectl apply reports ${name}`, LIMIT, async () => {
      const { exitCode, stderr } = await lab.run("kubectl", ["apply", "-f", "-"], { input: manifest });
      assert.match(stderr, says);
      assert.equal(exitCode, 1);
    });
  }

  const strangers: { name: string; make: () => Promise<KeyPair> }[] = [
    {
      name: "an expired certificate",
      make: async () =>
        (await loadCertificateAuthority(ca)).issue(
          { commonName: "kubernetes-admin", organizations: ["system:masters"], usage: "client" },
          new Date(Date.now() - 2 * YEAR_MS),
        ),
    },
    {
      name: "a certificate of another authority of the same name",
      make: async () =>
        (await createCertificateAuthority("kubernetes", new Date())).issue(
          { commonName: "kubernetes-admin", organizations: ["system:masters"], usage: "client" },
          new Date(),
        ),
    },
    {
      name: "a server's certificate",
      make: async () =>
        (await loadCertificateAuthority(ca)).issue(
          { commonName: "kubernetes-admin", organizations: ["system:masters"], usage: "server" },
          new Date(),
        ),
    },
  ];
  for (const { name, make } of strangers) {
    test(`${name} gives no access`, LIMIT, async () => {
      await writePair(lab, "stranger", await make());
      for (const asked of ["/api", PODS, "/version"]) {
        unauthorized(await curl(lab, credentials("stranger"), asked));
      }
    });
  }

  test("a token that is none gives no access", LIMIT, async () => {
    unauthorized(await curl(lab, ["-H", "authorization: Bearer nonsense"], PODS));
  });

  test("who shows nothing sees health and version", LIMIT, async () => {
    for (const asked of ["/healthz", "/livez", "/readyz"]) {
      assert.deepEqual(await curl(lab, [], asked), { code: 200, body: "ok" });
    }
    const version = await curl(lab, [], "/version");
    assert.equal(version.code, 200);
    assert.match(JSON.parse(version.body).gitVersion, /^v1\.35\./);
  });

  const RESOURCE = 'User "system:anonymous" cannot';
  const hidden: { path: string; message: string }[] = [
    ...["/", "/api", "/apis", "/api/v1", "/openapi/v2", "/openapi/v3", "/metrics", "/logs", "/healthz/etcd"].map(
      (asked) => ({ path: asked, message: `forbidden: ${RESOURCE} get path "${asked}"` }),
    ),
    {
      path: PODS,
      message: `pods is forbidden: ${RESOURCE} list resource "pods" in API group "" in the namespace "default"`,
    },
    {
      path: "/api/v1/nodes",
      message: `nodes is forbidden: ${RESOURCE} list resource "nodes" in API group "" at the cluster scope`,
    },
    {
      path: "/api/v1/namespaces/kube-system/secrets/x",
      message: `secrets "x" is forbidden: ${RESOURCE} get resource "secrets" in API group "" in the namespace "kube-system"`,
    },
    {
      path: "/apis/rbac.authorization.k8s.io/v1/clusterroles",
      message: `clusterroles.rbac.authorization.k8s.io is forbidden: ${RESOURCE} list resource "clusterroles" in API group "rbac.authorization.k8s.io" at the cluster scope`,
    },
  ];
  for (const { path: asked, message } of hidden) {
    test(`who shows nothing does not see ${asked}`, LIMIT, async () => {
      const { code, body } = await curl(lab, [], asked);
      const status = JSON.parse(body);
      assert.equal(status.message, message);
      assert.deepEqual([code, status.code, status.reason], [403, 403, "Forbidden"]);
    });
  }
}

/** Upstream's answer to credentials that are shown and are no good. */
function unauthorized({ code, body }: Answer): void {
  assert.equal(code, 401);
  const { kind, status, message, reason } = JSON.parse(body);
  assert.deepEqual([kind, status, message, reason], ["Status", "Failure", "Unauthorized", "Unauthorized"]);
}

async function writePair(lab: Lab, name: string, pair: KeyPair): Promise<void> {
  await writeFile(path.join(lab.home, `${name}.crt`), pair.certificate);
  await writeFile(path.join(lab.home, `${name}.key`), pair.key, { mode: 0o600 });
}

/** One request over the host's loopback. */
async function curl(lab: Lab, args: readonly string[], asked: string, input?: string): Promise<Answer> {
  const server = `https://127.0.0.1:6443${asked}`;
  const all = ["-sS", "-m", "20", "--cacert", "ca.crt", "-o", "answer", "-w", "%{http_code}", ...args, server];
  const { stdout, stderr } = await lab.run("curl", all, input === undefined ? {} : { input });
  assert.equal(stderr, "");
  return { code: Number(stdout), body: await readFile(path.join(lab.home, "answer"), "utf8") };
}
