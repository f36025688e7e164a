/** Storage that outlives pods: volumes of the nodes, claims, and what happens to both. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { upOrShowLogs } from "./cluster.testing.ts";
import { insideLab, type Lab, startLab, until } from "./lab.testing.ts";

const IMAGE = "registry.fairlead.local/tools:1";
const LIMIT = { timeout: 240_000 };

const VOLUME = {
  apiVersion: "v1",
  kind: "PersistentVolume",
  metadata: { name: "quotes-pv" },
  spec: {
    capacity: { storage: "20Gi" },
    accessModes: ["ReadWriteOnce", "ReadOnlyMany"],
    storageClassName: "",
    hostPath: { path: "/srv/quotes", type: "DirectoryOrCreate" },
  },
};

function claim(name: string, spec: object = {}) {
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name },
    spec: {
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage: "5Gi" } },
      storageClassName: "",
      ...spec,
    },
  };
}

/** A pod that fills a scratch volume first, adds its turn to a file of the claim, and only reads it, and a part of the scratch volume, in a second container. */
function quotePod(turn: string) {
  const quotes = { name: "quotes", mountPath: "/quotes" };
  const scratch = { name: "scratch", mountPath: "/scratch" };
  const sh = (script: string) => ["sh", "-c", script];
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "quote" },
    spec: {
      // What hostPath names is another folder on every node.
      nodeSelector: { "kubernetes.io/hostname": "fairlead-1" },
      terminationGracePeriodSeconds: 0,
      volumes: [
        { name: "scratch", emptyDir: {} },
        { name: "quotes", persistentVolumeClaim: { claimName: "quotes" } },
      ],
      initContainers: [
        { name: "fill", image: IMAGE, command: sh(`echo ${turn} > /scratch/turn`), volumeMounts: [scratch] },
      ],
      containers: [
        {
          name: "writer",
          image: IMAGE,
          command: sh("cat /scratch/turn >> /quotes/turns && sleep 1000"),
          volumeMounts: [scratch, quotes],
        },
        {
          name: "reader",
          image: IMAGE,
          command: ["sleep", "1000"],
          volumeMounts: [
            { ...quotes, readOnly: true },
            { name: "scratch", mountPath: "/turn", subPath: "turn" },
          ],
        },
      ],
    },
  };
}

/** A pod that sleeps with a claim mounted at `/v`. */
function sleeper(name: string, claimName: string, more: object = {}) {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name },
    spec: {
      terminationGracePeriodSeconds: 0,
      volumes: [{ name: "v", persistentVolumeClaim: { claimName } }],
      containers: [
        { name: "c", image: IMAGE, command: ["sleep", "1000"], volumeMounts: [{ name: "v", mountPath: "/v" }] },
      ],
      ...more,
    },
  };
}

if (insideLab(import.meta.filename)) {
  let lab: Lab;

  async function apply(...objects: readonly object[]): Promise<void> {
    const input = JSON.stringify({ apiVersion: "v1", kind: "List", items: objects });
    const { exitCode, stderr } = await lab.run("kubectl", ["apply", "-f", "-"], { input });
    assert.equal(exitCode, 0, stderr);
  }

  /** Waits until one line of what kubectl prints matches. */
  const untilSays = (wanted: RegExp, ...args: readonly string[]) =>
    until(`${args.join(" ")} to say ${wanted}`, async () => {
      const { stdout } = await lab.run("kubectl", args);
      return wanted.test(stdout) ? stdout : undefined;
    });

  const ready = (pod: string) => lab.kubectl("wait", "--for=condition=Ready", `pod/${pod}`, "--timeout=120s");

  before(async () => {
    lab = await startLab();
    await upOrShowLogs(lab, ["--nodes", "2"]);
  });
  after(() => lab?.[Symbol.asyncDispose]());

  test(
    "a claim gets the volume that it names, and a pod its files, in one container only to be read",
    LIMIT,
    async () => {
      await apply(VOLUME, claim("quotes", { volumeName: "quotes-pv" }), quotePod("first"));
      await ready("quote");
      assert.match(
        await lab.kubectl("get", "pv", "quotes-pv", "--no-headers"),
        /^quotes-pv +20Gi +RWO,ROX +Retain +Bound +default\/quotes +<unset> +\d+s$/m,
      );
      assert.match(
        await lab.kubectl("get", "pvc", "quotes"),
        /^NAME +STATUS +VOLUME +CAPACITY +ACCESS MODES +STORAGECLASS +VOLUMEATTRIBUTESCLASS +AGE\nquotes +Bound +quotes-pv +20Gi +RWO,ROX +<unset> +\d+s$/m,
      );
      assert.equal(await lab.kubectl("exec", "quote", "-c", "reader", "--", "cat", "/quotes/turns"), "first\n");
      assert.equal(await lab.kubectl("exec", "quote", "-c", "reader", "--", "cat", "/turn"), "first\n");
      const refused = await lab.run("kubectl", ["exec", "quote", "-c", "reader", "--", "touch", "/quotes/more"]);
      assert.match(refused.stderr, /Read-only file system/);
    },
  );

  test("describe shows volume and claim, and the pods that use it", LIMIT, async () => {
    const volume = await lab.kubectl("describe", "pv", "quotes-pv");
    for (const line of [
      /^Annotations: +pv\.kubernetes\.io\/bound-by-controller: yes$/m,
      /^Finalizers: +\[kubernetes\.io\/pv-protection\]$/m,
      /^Status: +Bound\nClaim: +default\/quotes\nReclaim Policy: +Retain\nAccess Modes: +RWO,ROX\nVolumeMode: +Filesystem\nCapacity: +20Gi$/m,
      /^ +Type: +HostPath \(bare host directory volume\)\n +Path: +\/srv\/quotes\n +HostPathType: +DirectoryOrCreate$/m,
    ]) {
      assert.match(volume, line);
    }
    const description = await lab.kubectl("describe", "pvc", "quotes");
    for (const line of [
      /^Status: +Bound\nVolume: +quotes-pv$/m,
      /^Annotations: +pv\.kubernetes\.io\/bind-completed: yes$/m,
      /^Finalizers: +\[kubernetes\.io\/pvc-protection\]$/m,
      /^Capacity: +20Gi\nAccess Modes: +RWO,ROX\nVolumeMode: +Filesystem\nUsed By: +quote$/m,
    ]) {
      assert.match(description, line);
    }
    const grown = await lab.run("kubectl", [
      ...["patch", "pvc", "quotes", "-p", '{"spec":{"resources":{"requests":{"storage":"9Gi"}}}}'],
    ]);
    assert.match(grown.stderr, /only dynamically provisioned pvc can be resized/);
  });

  test("the files outlive the pod", LIMIT, async () => {
    await lab.kubectl("delete", "pod", "quote");
    await apply(quotePod("second"));
    await ready("quote");
    assert.equal(await lab.kubectl("exec", "quote", "-c", "reader", "--", "cat", "/quotes/turns"), "first\nsecond\n");
  });

  test(
    "a claim that is deleted stays while a pod uses it; then its volume is Released, with its files",
    LIMIT,
    async () => {
      await lab.kubectl("delete", "pvc", "quotes", "--wait=false");
      assert.match(await lab.kubectl("get", "pvc", "quotes", "--no-headers"), /^quotes +Terminating +quotes-pv /);
      assert.equal(await lab.kubectl("exec", "quote", "-c", "writer", "--", "tail", "-1", "/quotes/turns"), "second\n");
      await lab.kubectl("delete", "pod", "quote");
      await untilSays(/^quotes-pv .* Released +default\/quotes /m, "get", "pv", "--no-headers");
      assert.equal(await lab.kubectl("get", "pvc", "-o", "name"), "");

      await apply(claim("quotes", { volumeName: "quotes-pv" }), sleeper("next", "quotes"));
      await untilSays(
        /FailedBinding .* volume "quotes-pv" already bound to a different claim\./,
        "describe",
        "pvc",
        "quotes",
      );
      await untilSays(
        /0\/2 nodes are available: pod has unbound immediate PersistentVolumeClaims\./,
        "describe",
        "pod",
        "next",
      );
      // Somebody decides that the next one may have the files.
      await lab.kubectl("patch", "pv", "quotes-pv", "--type=json", '-p=[{"op":"remove","path":"/spec/claimRef"}]');
      await ready("next");
      await lab.kubectl("delete", "pod/next", "pvc/quotes", "pv/quotes-pv");
    },
  );

  test("a pod goes where its local volume is", LIMIT, async () => {
    const nodeAffinity = {
      required: {
        nodeSelectorTerms: [
          { matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: ["fairlead-2"] }] },
        ],
      },
    };
    const spec = { ...VOLUME.spec, hostPath: undefined, local: { path: "/srv" }, nodeAffinity };
    await apply({ ...VOLUME, metadata: { name: "local-pv" }, spec }, claim("local"), sleeper("there", "local"));
    await ready("there");
    assert.equal(await lab.kubectl("get", "pod", "there", "-o", "jsonpath={.spec.nodeName}"), "fairlead-2");
    const nodeName = "fairlead-1";
    await apply(sleeper("elsewhere", "local", { nodeName }));
    await untilSays(
      /FailedMount .* MountVolume\.NodeAffinity check failed for volume "local-pv" : no matching NodeSelectorTerms/,
      ...["describe", "pod", "elsewhere"],
    );
    await lab.kubectl("delete", "pod/there", "pod/elsewhere", "pvc/local", "pv/local-pv");
  });

  test("a claim that a pod brings along goes with the pod", LIMIT, async () => {
    const { accessModes, resources } = claim("").spec;
    const volumeClaimTemplate = { spec: { accessModes, resources } };
    const nodeSelector = { "kubernetes.io/hostname": "fairlead-1" };
    const volumes = [{ name: "v", ephemeral: { volumeClaimTemplate } }];
    await apply({ ...VOLUME, metadata: { name: "lent-pv" } }, sleeper("brief", "", { volumes, nodeSelector }));
    await ready("brief");
    assert.match(await lab.kubectl("get", "pvc", "brief-v", "--no-headers"), /^brief-v +Bound +lent-pv /);
    await lab.kubectl("delete", "pod", "brief");
    await untilSays(/^lent-pv .* Released +default\/brief-v /m, "get", "pv", "--no-headers");
    await lab.kubectl("delete", "pv", "lent-pv");
  });

  test("a volume with the policy Delete goes with its claim", LIMIT, async () => {
    const spec = { ...VOLUME.spec, persistentVolumeReclaimPolicy: "Delete", hostPath: { path: "/tmp/scratch" } };
    await apply({ ...VOLUME, metadata: { name: "scratch-pv" }, spec }, claim("scratch"));
    await lab.kubectl("wait", "--for=jsonpath={.status.phase}=Bound", "pvc/scratch", "--timeout=120s");
    await lab.kubectl("delete", "pvc", "scratch");
    await until("the volume to go", async () =>
      (await lab.kubectl("get", "pv", "-o", "name")) === "" ? true : undefined,
    );
  });

  test("a claim of a class that does not exist says so", LIMIT, async () => {
    await apply(claim("fast", { storageClassName: "fast" }));
    await untilSays(
      /ProvisioningFailed .* storageclass\.storage\.k8s\.io "fast" not found/,
      ...["describe", "pvc", "fast"],
    );
    await lab.kubectl("delete", "pvc", "fast");
  });
}
