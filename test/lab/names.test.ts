/** Names as pods ask for them, with the programs that people use: those of the cluster, and those of the world. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { ociArchive } from "../../src/images/oci-archive.ts";
import { insideLab, type Lab, startLab, until } from "./lab.testing.ts";
import { type Outside, startOutside } from "./network/outside.testing.ts";
import { apply, ready, webPod, webService } from "./network/web-pods.testing.ts";
import { unpackedPackages } from "./registry/debian-packages.testing.ts";
import { describeImage, TEST_IMAGES } from "./registry/test-images.testing.ts";

const LIMIT = { timeout: 240_000 };
/** Has BIND's nslookup. */
const IMAGE = "registry.fairlead.local/base:1";
/** What nslookup says first of the server that it asks. */
const SERVER = "Server:\t\t10.96.0.10\nAddress:\t10.96.0.10#53\n\n";
/** More addresses than an answer over UDP holds. */
const MANY = Array.from({ length: 200 }, (_, i) => `192.0.2.${i + 1}`);

if (insideLab(import.meta.filename, () => void unpackedPackages("base"))) {
  let lab: Lab;
  let outside: Outside;
  const runInPod = (...command: string[]) => lab.run("kubectl", ["exec", "-n", "tools", "asker", "--", ...command]);
  /** What a command in the pod prints, which must not say anything on standard error. */
  const inPod = async (...command: string[]) => {
    const { exitCode, stdout, stderr } = await runInPod(...command);
    assert.equal(exitCode, 0, `${stdout}${stderr}`);
    assert.equal(stderr, "");
    return stdout;
  };
  const nslookup = async (...words: string[]) => {
    const said = await inPod("nslookup", ...words);
    assert.ok(said.startsWith(SERVER), said);
    return said.slice(SERVER.length);
  };
  /** What nslookup says of a Service that is new: its name is known soon, and not at once. */
  const untilNamed = (name: string) =>
    until(`the name ${name}`, async () => {
      const { exitCode, stdout } = await runInPod("nslookup", name);
      return exitCode === 0 ? stdout : undefined;
    });

  before(async () => {
    lab = await startLab();
    outside = await startOutside(lab);
    await lab.fairlead("up", "--nodes", "2", "--wait", "240s");
    const archive = path.join(lab.home, "base.tar");
    await writeFile(archive, await ociArchive(await describeImage(IMAGE, TEST_IMAGES.base)));
    await lab.fairlead("image", "load", archive);
    await lab.kubectl("create", "namespace", "tools");
    await apply(lab, askerPod(), webPod({ name: "web-1" }), webService("web"));
    await ready(lab, "web-1");
    await lab.kubectl("wait", "-n", "tools", "--for=condition=Ready", "pod/asker", "--timeout=240s");
  });
  after(() => lab?.[Symbol.asyncDispose]());

  test("nslookup says what it says on every cluster", LIMIT, async () => {
    const name = "kubernetes.default.svc.cluster.local";
    const said = `Name:\t${name}\nAddress: 10.96.0.1\n\n`;
    for (const asked of ["kubernetes.default", "kubernetes.default.svc", name])
      assert.equal(await nslookup(asked), said);
    assert.equal(await inPod("nslookup", "10.96.0.1"), `1.0.96.10.in-addr.arpa\tname = ${name}.\n\n`);
    assert.equal(
      await nslookup("-type=srv", `_https._tcp.${name}`),
      `_https._tcp.${name}\tservice = 0 100 443 ${name}.\n\n`,
    );
    const missing = await runInPod("nslookup", "nobody.default");
    assert.match(missing.stdout, /\*\* server can't find nobody\.default: NXDOMAIN/);
    assert.equal(missing.exitCode, 1);
  });

  test("the DNS Service's port of metrics counts these questions as CoreDNS does", LIMIT, async () => {
    const ports = await lab.kubectl("get", "service", "-n", "kube-system", "kube-dns", "--no-headers");
    assert.match(ports, / 53\/UDP,53\/TCP,9153\/TCP /);
    const text = await inPod("curl", "-sS", "-m", "3", "http://kube-dns.kube-system:9153/metrics");
    const labels = String.raw`server="dns://172\.30\.\d+\.\d+:53",zone="\.",view=""`;
    assert.match(text, new RegExp(`^coredns_dns_requests_total{${labels},proto="udp",family="1",type="A"} [1-9]`, "m"));
    assert.match(text, new RegExp(`^coredns_dns_responses_total{${labels},rcode="NOERROR",plugin="kubernetes"} `, "m"));
    assert.match(text, /^process_start_time_seconds \d+$/m);
  });

  test("a Service is found from another namespace by its name and namespace", LIMIT, async () => {
    for (const name of ["web.default", "web.default.svc", "web.default.svc.cluster.local"]) {
      assert.equal(await inPod("curl", "-sS", "-m", "3", `http://${name}/hostname`), "web-1\n");
    }
    const { stdout } = await runInPod("nslookup", "web");
    assert.match(stdout, /NXDOMAIN/, "without its namespace it is not");
  });

  test("pods with hostname and subdomain have names below their headless Service", LIMIT, async () => {
    const labels = { app: "db" };
    const of = (n: number) => webPod({ name: `db-pod-${n}`, labels, hostname: `db-${n}`, subdomain: "db" });
    await apply(lab, webService("db", { selector: labels, clusterIP: "None" }), of(0), of(1));
    await ready(lab, "db-pod-0", "db-pod-1");
    const ips = (await lab.kubectl("get", "pods", "-l", "app=db", "-o", "jsonpath={.items[*].status.podIP}")).split(
      " ",
    );
    await until("both names", async () => {
      const said = await nslookup("db.default");
      return ips.every((ip) => said.includes(`Name:\tdb.default.svc.cluster.local\nAddress: ${ip}\n`))
        ? true
        : undefined;
    });
    const name = "db-1.db.default.svc.cluster.local";
    assert.equal(await nslookup("db-1.db.default"), `Name:\t${name}\nAddress: ${ips[1]}\n\n`);
    assert.equal(
      await inPod("nslookup", ips[1] ?? ""),
      `${(ips[1] ?? "").split(".").reverse().join(".")}.in-addr.arpa\tname = ${name}.\n\n`,
    );
    assert.equal(await inPod("curl", "-sS", "-m", "3", "http://db-0.db.default/hostname"), "db-0\n");
    // The pod itself knows its whole name.
    assert.equal(await lab.kubectl("exec", "db-pod-0", "--", "hostname", "-f"), "db-0.db.default.svc.cluster.local\n");
    await lab.kubectl("delete", "service/db", "pod/db-pod-0", "pod/db-pod-1");
  });

  test("a headless Service without a selector has the names of its Endpoints", LIMIT, async () => {
    const metadata = { name: "legacy", namespace: "default" };
    await apply(lab, webService("legacy", { selector: undefined, clusterIP: "None" }), {
      apiVersion: "v1",
      kind: "Endpoints",
      metadata,
      subsets: [{ addresses: [{ ip: "192.0.2.7", hostname: "old" }, { ip: "192.0.2.8" }], ports: [{ port: 80 }] }],
    });
    const said = await untilNamed("legacy.default");
    for (const ip of ["192.0.2.7", "192.0.2.8"]) assert.ok(said.includes(`Address: ${ip}\n`), said);
    assert.match(await nslookup("old.legacy.default"), /Address: 192\.0\.2\.7\n/);
    await lab.kubectl("delete", "service", "legacy");
  });

  test("ExternalName leads to a name of the world, along its aliases", LIMIT, async () => {
    await outside.setZone({
      "www.example.test": { alias: "cdn.example.test" },
      "cdn.example.test": { alias: "edge.example.test", ttlSeconds: 20 },
      "edge.example.test": { addresses: ["198.51.100.80"] },
    });
    await apply(
      lab,
      webService("partner", { type: "ExternalName", externalName: "www.example.test", selector: undefined }),
    );
    const said = await untilNamed("partner.default");
    const chain = [
      "partner.default.svc.cluster.local\tcanonical name = www.example.test.",
      "www.example.test\tcanonical name = cdn.example.test.",
      "cdn.example.test\tcanonical name = edge.example.test.",
      "Name:\tedge.example.test\nAddress: 198.51.100.80",
    ];
    assert.equal(said, `${SERVER}${chain.join("\n")}\n\n`);
    await lab.kubectl("delete", "service", "partner");
  });

  test("the search path ends in the cluster: the world is asked for the name itself only", LIMIT, async () => {
    await outside.setZone({ "search.example.test": { addresses: ["192.0.2.1"] } });
    assert.equal(
      await inPod("cat", "/etc/resolv.conf"),
      "search tools.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n",
    );
    await outside.asked();
    assert.match(
      await inPod(
        "curl",
        "-sS",
        "-o",
        "/dev/null",
        "-m",
        "1",
        "-w",
        "%{remote_ip}",
        "--connect-to",
        "::10.96.0.1:443",
        "https://search.example.test/",
        "-k",
      ),
      /10\.96\.0\.1/,
    );
    assert.equal(
      await nslookup("search.example.test"),
      "Non-authoritative answer:\nName:\tsearch.example.test\nAddress: 192.0.2.1\n\n",
    );
    assert.deepEqual(
      new Set(await outside.asked()),
      new Set(["udp A search.example.test", "udp AAAA search.example.test"]),
    );
  });

  test("an answer that is too long for UDP comes over TCP, whole", LIMIT, async () => {
    await outside.setZone({ "many.example.test": { addresses: MANY } });
    await outside.asked();
    const said = await inPod("nslookup", "-type=a", "many.example.test");
    assert.equal([...said.matchAll(/^Address: 192\.0\.2\.\d+$/gm)].length, MANY.length);
    assert.deepEqual(await outside.asked(), ["udp A many.example.test", "tcp A many.example.test"]);
  });

  test("answers from outside are cached for their time to live, negative ones too", LIMIT, async () => {
    await outside.setZone({
      "long.example.test": { addresses: ["192.0.2.1"] },
      "short.example.test": { addresses: ["192.0.2.1"], ttlSeconds: 1 },
    });
    await outside.asked();
    const ask = (name: string) => runInPod("nslookup", "-type=a", name);
    for (const name of ["long.example.test.", "gone.example.test.", "short.example.test."]) await ask(name);
    assert.deepEqual(
      await outside.asked(),
      ["long", "gone", "short"].map((label) => `udp A ${label}.example.test`),
    );
    for (const name of ["short.example.test", "gone.example.test"]) {
      await until(`${name} to be asked for again`, async () => {
        await ask(`${name}.`);
        return (await outside.asked()).includes(`udp A ${name}`) ? true : undefined;
      });
    }
    await ask("long.example.test.");
    assert.deepEqual(
      (await outside.asked()).filter((line) => line.includes("long")),
      [],
    );
    await outside.setZone({ "gone.example.test": { addresses: ["192.0.2.9"] } });
    await until("the name that is there now", async () =>
      /192\.0\.2\.9/.test((await ask("gone.example.test.")).stdout) ? true : undefined,
    );
  });

  test(
    "a world that is slow is waited for, one that is silent is given up, and the cluster's names do not wait",
    LIMIT,
    async () => {
      await outside.setZone({
        "slow.example.test": { addresses: ["192.0.2.1"], delayMs: 1_000 },
        "silent.example.test": { silent: true },
      });
      assert.match(await inPod("nslookup", "-type=a", "slow.example.test."), /Address: 192\.0\.2\.1\n/);
      const silent = runInPod("nslookup", "-timeout=8", "-type=a", "silent.example.test.");
      // The shell of busybox would take busybox's nslookup.
      const answered = inPod(
        "bash",
        "-c",
        "for i in $(seq 10); do nslookup -timeout=1 -retry=1 web.default || exit 1; done",
      );
      assert.equal(await Promise.race([silent.then(() => "silent"), answered.then(() => "answered")]), "answered");
      assert.match((await silent).stdout, /\*\* server can't find silent\.example\.test: SERVFAIL/);
    },
  );
}

/** The pod from which names are asked for, in a namespace of its own. */
function askerPod(): object {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "asker", namespace: "tools" },
    spec: {
      terminationGracePeriodSeconds: 0,
      containers: [{ name: "asker", image: IMAGE, command: ["sleep", "infinity"] }],
    },
  };
}
