import assert from "node:assert/strict";
import { test } from "node:test";
import { testPod } from "../testing/pods.testing.ts";
import { kernelHostname, podHostname } from "./hostname.ts";
import { hostNetworkHostsFile, podHostsFile } from "./hosts-file.ts";

test("a pod finds itself by its name, and its aliases", () => {
  const text = podHostsFile(["10.244.1.2"], { hostname: "web", domain: "" }, [
    { ip: "192.0.2.1", hostnames: ["a", "b"] },
  ]);
  assert.ok(
    text.startsWith(
      "# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::0\tip6-localnet\n",
    ),
  );
  assert.ok(text.endsWith("10.244.1.2\tweb\n\n# Entries added by HostAliases.\n192.0.2.1\ta\tb\n"));
});

test("with a subdomain also by its full name", () => {
  assert.match(
    podHostsFile(["10.244.1.2"], { hostname: "web", domain: "d.example" }),
    /10\.244\.1\.2\tweb\.d\.example\tweb\n/,
  );
});

test("on the node's network the node's file goes first", () => {
  const text = hostNetworkHostsFile("127.0.0.1 localhost\n", []);
  assert.equal(text, "# Kubernetes-managed hosts file (host network).\n127.0.0.1 localhost\n");
});

const names = [
  { name: "its own name", pod: testPod(), want: "web", kernel: "web" },
  { name: "the name it asks for", pod: testPod({ hostname: "mine" }), want: "mine", kernel: "mine" },
  {
    name: "a long name is cut",
    pod: testPod({}, { name: `${"a".repeat(62)}-b` }),
    want: "a".repeat(62),
    kernel: "a".repeat(62),
  },
  { name: "a subdomain does not change it", pod: testPod({ subdomain: "sub" }), want: "web", kernel: "web" },
  {
    name: "but for pods that want the whole of it",
    pod: testPod({ subdomain: "sub", setHostnameAsFQDN: true }),
    want: "web",
    kernel: "web.sub.shop.svc.cluster.local",
  },
  {
    name: "which those on the node's network do not get",
    pod: testPod({ subdomain: "sub", setHostnameAsFQDN: true, hostNetwork: true }),
    want: "web",
    kernel: "web",
  },
  {
    name: "another name is in no domain",
    pod: testPod({ hostname: "mine", subdomain: "sub", hostnameOverride: "db.example" }),
    want: "db.example",
    kernel: "db.example",
  },
  {
    name: "another name of 64 characters is cut",
    pod: testPod({ hostnameOverride: `${"a".repeat(62)}.b` }),
    want: "a".repeat(62),
    kernel: "a".repeat(62),
  },
];

for (const { name, pod, want, kernel } of names) {
  test(`podHostname: ${name}`, () => {
    const found = podHostname(pod, "cluster.local");
    assert.deepEqual([found.hostname, kernelHostname(pod, found)], [want, kernel]);
  });
}

test("podHostname: another name takes the pod out of the domain of its subdomain", () => {
  const pod = testPod({ subdomain: "sub", hostnameOverride: "db.example" });
  assert.equal(podHostname(pod, "cluster.local").domain, "");
});

const whole: { name: string; subdomain: string; want: number | RegExp }[] = [
  { name: "of 64 characters", subdomain: "s".repeat(37), want: 64 },
  {
    name: "of 65 characters",
    subdomain: "s".repeat(38),
    want: /^failed to construct FQDN .* is too long \(64 characters is the max, 65 characters requested\)$/,
  },
];

for (const { name, subdomain, want } of whole) {
  test(`kernelHostname: a whole name ${name}`, () => {
    const pod = testPod({ subdomain, setHostnameAsFQDN: true });
    const asked = () => kernelHostname(pod, podHostname(pod, "cluster.local"));
    if (typeof want === "number") assert.equal(asked().length, want);
    else assert.throws(asked, { message: want });
  });
}
