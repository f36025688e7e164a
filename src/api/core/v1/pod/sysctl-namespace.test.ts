import assert from "node:assert/strict";
import { test } from "node:test";
import { normalizeSysctl, sysctlNamespace } from "./sysctl-namespace.ts";

const names: { name: string; normalized: string; namespace: "IPC" | "Net" | undefined }[] = [
  { name: "net.ipv4.tcp_syncookies", normalized: "net.ipv4.tcp_syncookies", namespace: "Net" },
  { name: "net/ipv4/tcp_syncookies", normalized: "net.ipv4.tcp_syncookies", namespace: "Net" },
  { name: "net/ipv4/conf/eth0.1/forwarding", normalized: "net.ipv4.conf.eth0/1.forwarding", namespace: "Net" },
  { name: "net.ipv4/tcp_syncookies", normalized: "net.ipv4/tcp_syncookies", namespace: "Net" },
  { name: "kernel.shm_rmid_forced", normalized: "kernel.shm_rmid_forced", namespace: "IPC" },
  { name: "fs.mqueue.queues_max", normalized: "fs.mqueue.queues_max", namespace: "IPC" },
  { name: "kernel.core_pattern", normalized: "kernel.core_pattern", namespace: undefined },
  { name: "network.x", normalized: "network.x", namespace: undefined },
];

for (const { name, normalized, namespace } of names) {
  test(`sysctl ${name}`, () => {
    assert.equal(normalizeSysctl(name), normalized);
    assert.equal(sysctlNamespace(name), namespace);
  });
}
