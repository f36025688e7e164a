/** The cluster's DNS, configured as people configure CoreDNS: a stub zone that a DNS server outside of the cluster answers. */
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import path from "node:path";
import { test } from "node:test";
import { decodeQuery } from "../../src/dns/wire/decode-message.ts";
import { encodeReply, udpBytesMax } from "../../src/dns/wire/encode-message.ts";
import { upOrShowLogs } from "./cluster.testing.ts";
import { insideLab, startLab, until } from "./lab.testing.ts";

const example = path.resolve(import.meta.dirname, "../../examples/quote");
const STUB_PORT = 5_300;
const STUB_ADDRESS = "192.0.2.7";

const configMap = (stub: string, more = "") => `apiVersion: v1
kind: ConfigMap
metadata: {name: coredns, namespace: kube-system}
data:
  Corefile: |
    .:53 {
        kubernetes cluster.local in-addr.arpa ip6.arpa
        rewrite name old.test quote.default.svc.cluster.local${more}
    }
    corp.test:53 {
        forward . ${stub}:${STUB_PORT}
    }
`;

if (insideLab(import.meta.filename)) {
  test("a stub zone of the ConfigMap coredns is in force in pods, and a mistake is an event", {
    timeout: 300_000,
  }, async (t) => {
    await using lab = await startLab();
    await upOrShowLogs(lab, ["-f", example]);
    const stub = createSocket("udp4");
    t.after(() => stub.close());
    stub.on("message", (bytes, { address, port }) => {
      const query = decodeQuery(bytes);
      const { name, type } = query.question;
      const answers = type === 1 ? [{ name, ttlSeconds: 1, type: "A" as const, address: STUB_ADDRESS }] : [];
      const reply = { rcode: "NOERROR" as const, authoritative: true, answers };
      stub.send(encodeReply(query, bytes, reply, udpBytesMax(query)), port, address);
    });
    stub.bind(STUB_PORT, "0.0.0.0");
    await once(stub, "listening");
    const { stdout: route } = await lab.run("ip", ["route", "get", "10.96.0.10"]);
    const host = / src (\S+)/.exec(route)?.[1] ?? "";

    const apply = (text: string) => lab.run("kubectl", ["apply", "-f", "-"], { input: text });
    const look = async (name: string) =>
      (await lab.run("kubectl", ["exec", "quote-001", "-c", "nginx", "--", "nslookup", name])).stdout;
    const service = await lab.kubectl("get", "svc", "quote", "-o", "jsonpath={.spec.clusterIP}");

    await apply(configMap(host));
    const found = await until("the stub zone", async () => {
      const text = await look("db.corp.test");
      return text.includes(STUB_ADDRESS) ? text : undefined;
    });
    assert.match(found, /Name:\s+db\.corp\.test/);
    assert.ok((await look("old.test")).includes(service.trim()), "a rewritten name leads to the Service");

    await apply(configMap(host, "\n        autopath"));
    await until("the event", async () => {
      const description = await lab.kubectl("describe", "configmap", "-n", "kube-system", "coredns");
      return /Warning\s+InvalidCorefile.*Corefile:4: plugin "autopath" is not supported/.test(description) || undefined;
    });
    assert.ok((await look("db.corp.test")).includes(STUB_ADDRESS), "the configuration before it stays in force");
  });
}
