import assert from "node:assert/strict";
import { test } from "node:test";
import type { Node, NodeCondition } from "@fairlead/api/core/v1/node/node";
import { nodesProblem } from "./node-readiness.ts";

type Ready = Pick<NodeCondition, "status" | "reason" | "message">;

const READY: Ready = { status: "True", reason: "KubeletReady", message: "kubelet is posting ready status" };
const NO_RUNTIME: Ready = { status: "False", reason: "KubeletNotReady", message: "[container runtime is down: no x]" };
const SILENT: Ready = {
  status: "Unknown",
  reason: "NodeStatusUnknown",
  message: "Kubelet stopped posting node status.",
};

const cases: { name: string; names?: string[]; nodes: Node[]; want: string | undefined }[] = [
  { name: "Ready", nodes: [node("a", READY)], want: undefined },
  { name: "no Node", nodes: [], want: "a has not registered" },
  { name: "the Node of another", nodes: [node("b", READY)], want: "a has not registered" },
  { name: "no condition yet", nodes: [node("a")], want: "a not Ready: its kubelet has not said whether it is" },
  {
    name: "not Ready",
    nodes: [node("a", NO_RUNTIME)],
    want: "a not Ready: KubeletNotReady: [container runtime is down: no x]",
  },
  {
    name: "not Ready, and no reason",
    nodes: [node("a", { status: "Unknown" })],
    want: "a not Ready: its condition is Unknown",
  },
  {
    name: "not Ready, and a message of several lines",
    nodes: [node("a", { status: "False", message: "one\n  two\n" })],
    want: "a not Ready: one two",
  },
  {
    name: "several: nodes with the same cause stand together",
    names: ["a", "b", "c", "d", "e", "f"],
    nodes: [node("a", NO_RUNTIME), node("c", SILENT), node("d", READY), node("e", NO_RUNTIME)],
    want: [
      "b, f have not registered",
      "a, e not Ready: KubeletNotReady: [container runtime is down: no x]",
      "c not Ready: NodeStatusUnknown: Kubelet stopped posting node status.",
    ].join("; "),
  },
  { name: "one that is not asked about", nodes: [node("a", READY), node("b", SILENT)], want: undefined },
];
for (const { name, names = ["a"], nodes, want } of cases) {
  test(`nodesProblem: ${name}`, () => assert.equal(nodesProblem(names, nodes), want));
}

function node(name: string, ready?: Ready): Node {
  const conditions = ready === undefined ? [] : [{ type: "Ready", ...ready }];
  const metadata = { name, uid: name, resourceVersion: "1", creationTimestamp: "2026-01-01T00:00:00Z" };
  return { apiVersion: "v1", kind: "Node", metadata, spec: {}, status: { conditions } };
}
