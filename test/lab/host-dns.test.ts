/** The cluster's names on the host: Debian's systemd-resolved, with a message bus of its own. */
import assert from "node:assert/strict";
import { Resolver } from "node:dns/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { upOrShowLogs } from "./cluster.testing.ts";
import { insideLab, type Lab, startLab, until } from "./lab.testing.ts";
import { apply, clusterIPOf, webService } from "./network/web-pods.testing.ts";
import { unpackedPackages } from "./registry/debian-packages.testing.ts";

const LIMIT = { timeout: 360_000 };
/** For programs that the lab has got since it began. */
const PROGRAMS = "/run/programs";
const fairlead = path.resolve(import.meta.dirname, "../../fairlead");

if (insideLab(import.meta.filename, () => unpackedPackages("resolved"))) {
  let lab: Lab;
  let clusterIP: string;
  const host = new Resolver({ timeout: 2_000, tries: 1 });
  host.setServers(["127.0.0.53"]);

  before(async () => {
    lab = await startLab({ PATH: [path.dirname(fairlead), PROGRAMS, process.env.PATH].join(":") });
    await upOrShowLogs(lab, []);
    await apply(lab, webService("web", { selector: { app: "none" } }));
    clusterIP = await clusterIPOf(lab, "web");
  });
  after(() => lab?.[Symbol.asyncDispose]());

  test("without systemd-resolved: what is missing, and nothing is changed", LIMIT, async () => {
    const { exitCode, stderr } = await lab.run(fairlead, ["dns", "enable"]);
    assert.equal(exitCode, 1);
    assert.match(stderr, /resolvectl is missing.*install the package/);
  });

  test("the cluster's names are found on the host, and no others are asked for there", LIMIT, async () => {
    await startResolved(lab);
    assert.equal(
      await lab.fairlead("dns", "enable"),
      'This machine asks the cluster "fairlead" for names that end in cluster.local\n',
    );
    assert.deepEqual(await host.resolve4("web.default.svc.cluster.local"), [clusterIP]);
    await assert.rejects(host.resolve4("web.default.svc.fairlead.test"));
    const { stdout } = await lab.run("resolvectl", ["default-route"]);
    assert.match(stdout, /^Link \d+ \(fl-\w+\): no$/m);
  });

  test("--host-domain: the names have a second domain", LIMIT, async () => {
    assert.equal(
      await lab.fairlead("dns", "enable", "--host-domain"),
      'This machine asks the cluster "fairlead" for names that end in cluster.local and fairlead.test\n',
    );
    for (const name of [
      "web.default.svc.fairlead.test",
      "web.default.fairlead.test",
      "web.default.svc.cluster.local",
    ]) {
      // The servers follow the ConfigMap.
      assert.deepEqual(await until(name, () => host.resolve4(name).catch(() => undefined)), [clusterIP], name);
    }
  });

  test("up sets again what a new interface to the cluster lacks", LIMIT, async () => {
    const link = /\((fl-\w+)\)/.exec((await lab.run("resolvectl", ["dns"])).stdout)?.[1] ?? "";
    await lab.run("resolvectl", ["revert", link]);
    await assert.rejects(host.resolve4("web.default.svc.cluster.local"));
    await upOrShowLogs(lab, []);
    assert.deepEqual(await host.resolve4("web.default.svc.cluster.local"), [clusterIP]);
  });

  test("a Corefile of the user's is left as it is: which lines it lacks", LIMIT, async () => {
    await lab.fairlead("dns", "enable");
    await apply(lab, {
      ...{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "coredns", namespace: "kube-system" } },
      data: { Corefile: ".:53 {\n    kubernetes cluster.local\n}\n" },
    });
    const { exitCode, stderr } = await lab.run(fairlead, ["dns", "enable", "--host-domain"]);
    assert.equal(exitCode, 1);
    assert.match(
      stderr,
      /kube-system\/coredns .*\n +rewrite name suffix \.svc\.fairlead\.test \.svc\.cluster\.local answer auto/,
    );
    await lab.kubectl("delete", "configmap", "coredns", "-n", "kube-system");
  });

  test("dns disable undoes all of it", LIMIT, async () => {
    await lab.fairlead("dns", "enable", "--host-domain");
    assert.equal(await lab.fairlead("dns", "disable"), 'This machine asks the cluster "fairlead" for no names\n');
    await assert.rejects(host.resolve4("web.default.svc.cluster.local"));
    assert.doesNotMatch(await lab.kubectl("get", "configmaps", "-n", "kube-system"), /^fairlead-dns /m);
    assert.equal(await lab.fairlead("dns", "disable"), 'This machine asks the cluster "fairlead" for no names\n');
  });
}

/**
 * Starts a message bus and systemd-resolved, and puts `resolvectl` into the account's path. Nothing is mounted but the lab's own
 * list of users, which has to have one for systemd-resolved.
 */
async function startResolved(lab: Lab): Promise<void> {
  const root = unpackedPackages("resolved");
  const script = `
mkdir -p /run/dbus /run/systemd ${PROGRAMS}
libraries=$(echo ${root}/usr/lib/*-linux-gnu)
for program in bin/resolvectl bin/dbus-daemon lib/systemd/systemd-resolved; do
  wrapper=${PROGRAMS}/$(basename $program)
  printf '#!/bin/sh\\nLD_LIBRARY_PATH=%s exec %s "$@"\\n' "$libraries:$libraries/systemd" ${root}/usr/$program > $wrapper
  chmod 755 $wrapper
done
cat > /run/dbus/bus.conf
for file in passwd group; do
  { grep -v '^systemd-resolve:' /etc/$file; echo systemd-resolve:x:998:998::/:/bin/false; } > /run/dbus/$file
  mount --bind /run/dbus/$file /etc/$file
done`;
  const prepared = await lab.run("sh", ["-euc", script], { input: BUS });
  assert.equal(prepared.exitCode, 0, prepared.stderr);
  lab.start("dbus-daemon", ["--config-file=/run/dbus/bus.conf", "--nofork"]);
  await until("the message bus", async () =>
    (await lab.run("test", ["-S", "/run/dbus/system_bus_socket"])).exitCode === 0 ? true : undefined,
  );
  lab.start("systemd-resolved", []);
  await until("systemd-resolved", async () =>
    (await lab.run("resolvectl", ["status"])).exitCode === 0 ? true : undefined,
  );
}

const BUS = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
  "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path=/run/dbus/system_bus_socket</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <allow own="*"/>
    <allow send_type="method_call"/>
    <allow send_type="method_return"/>
    <allow send_type="error"/>
    <allow send_type="signal"/>
    <allow receive_type="method_call"/>
    <allow receive_type="method_return"/>
    <allow receive_type="error"/>
    <allow receive_type="signal"/>
  </policy>
</busconfig>
`;
