import assert from "node:assert/strict";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { StatusError } from "@fairlead/api/status-error";
import { podOf } from "../../admission/admission-request.testing.ts";
import { userNamed } from "../../authz/attributes.testing.ts";
import { responseOf } from "../../testing/response-of.testing.ts";
import { startFakeKubelet } from "../fake-kubelet.testing.ts";
import { createKubeletConnection } from "../kubelet-connection.ts";
import { podLog } from "./pod-log.ts";
import { logLocation } from "./pod-log-plan.ts";

const two = { containers: [{ name: "a" }, { name: "b" }], initContainers: [{ name: "i" }] };

const cases: { name: string; spec?: object; query: string; want: string }[] = [
  { name: "the only container", query: "", want: "n1 /containerLogs/shop/p/c" },
  {
    name: "what kubelets know is passed on",
    query: "follow=true&tailLines=5&timestamps=1&previous=false&limitBytes=9",
    want: "n1 /containerLogs/shop/p/c?follow=true&timestamps=true&tailLines=5&limitBytes=9",
  },
  {
    name: "a container by name",
    spec: two,
    query: "container=b&sinceSeconds=60",
    want: "n1 /containerLogs/shop/p/b?sinceSeconds=60",
  },
  { name: "an init container", spec: two, query: "container=i", want: "n1 /containerLogs/shop/p/i" },
  {
    name: "which of two",
    spec: two,
    query: "",
    want: "a container name must be specified for pod p, choose one of: [i a b]",
  },
  { name: "a container that is not there", query: "container=x", want: "container x is not valid for pod p" },
  { name: "a pod without a node has no log yet", spec: { nodeName: "" }, query: "", want: "nothing" },
  {
    name: "fewer than no lines",
    query: "tailLines=-1",
    want: 'PodLogOptions "p" is invalid: tailLines: Invalid value: -1: must be greater than or equal to 0',
  },
  {
    name: "no bytes",
    query: "limitBytes=0",
    want: 'PodLogOptions "p" is invalid: limitBytes: Invalid value: 0: must be greater than 0',
  },
  {
    name: "booleans that are spelled in capitals, or empty",
    query: "follow=False&previous=FALSE&timestamps=",
    want: "n1 /containerLogs/shop/p/c?timestamps=true",
  },
  { name: "a number that is empty", query: "tailLines=", want: 'strconv.ParseInt: parsing "": invalid syntax' },
  {
    name: "a time that is none",
    query: "sinceTime=2020",
    want: 'parsing time "2020" as "2006-01-02T15:04:05Z07:00": cannot parse "" as "-"',
  },
  { name: "lines that are no number", query: "tailLines=x", want: 'strconv.ParseInt: parsing "x": invalid syntax' },
];

for (const { name, spec, query, want } of cases) {
  test(`logLocation: ${name}`, () => {
    try {
      const location = logLocation(podOf({ nodeName: "n1", ...spec }), new URLSearchParams(query));
      assert.equal(location === undefined ? "nothing" : `${location.nodeName} ${location.path}`, want);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      assert.equal(error.message, want);
    }
  });
}

test("podLog: a log that is followed comes line by line, and ends when the reader leaves", async (t) => {
  const closed = Promise.withResolvers<void>();
  const kubelet = await startFakeKubelet((_request, response) => {
    response.writeHead(200, { "content-type": "text/plain" });
    response.write("one\n");
    response.once("close", closed.resolve);
  });
  t.after(kubelet.stop);
  const { body, headers } = await logOf(kubelet, "follow=true");
  assert.equal(headers["content-type"], "text/plain");
  for await (const piece of body) {
    assert.equal(Buffer.from(piece).toString(), "one\n");
    break;
  }
  await closed.promise;
});

test("podLog: a kubelet's refusal keeps its code and message", async (t) => {
  const text = 'container "c" in pod "p" is waiting to start: ContainerCreating';
  const kubelet = await startFakeKubelet((_request, response) => response.writeHead(400).end(text));
  t.after(kubelet.stop);
  await assert.rejects(logOf(kubelet, ""), { reason: "BadRequest", message: text });
});

test("podLog: a log that is over comes whole", async (t) => {
  const kubelet = await startFakeKubelet((_request, response) => response.end("one\ntwo\n"));
  t.after(kubelet.stop);
  assert.equal(await text((await logOf(kubelet, "")).body), "one\ntwo\n");
});

async function logOf(kubelet: Awaited<ReturnType<typeof startFakeKubelet>>, query: string) {
  const kubelets = createKubeletConnection({ node: async () => kubelet.node, tls: kubelet.tls });
  const answer = await podLog({ kubelets }).handle({
    request: { method: "GET", path: `/api/v1/namespaces/shop/pods/p/log?${query}`, headers: {} },
    user: userNamed("alice"),
    namespace: "shop",
    name: "p",
    query: new URLSearchParams(query),
    parent: podOf({ nodeName: "n1" }),
    warn: () => {},
    admit: () => Promise.reject(new Error("not asked")),
  });
  return responseOf(answer);
}
