import assert from "node:assert/strict";
import { test } from "node:test";
import { userNamed } from "../authz/attributes.testing.ts";
import type { Authorizer } from "../authz/authorizer.ts";
import { podOf } from "./admission-request.testing.ts";
import { type NodeTokenRequest, podTokenProblem, unboundTokenProblem } from "./node-token-request.ts";

const user = userNamed("system:node:n1", "system:nodes");
const ref = { apiVersion: "v1", kind: "Pod", name: "p", uid: "1" };

/** Lets the kubelet have tokens of the audience `registry` for the account `robot`. */
const authorizer: Authorizer = {
  authorize: (asked) => {
    const isAllowed =
      asked.type === "resource" &&
      asked.verb === "request-serviceaccounts-token-audience" &&
      `${asked.resource} ${asked.namespace}/${asked.name}` === "registry shop/robot";
    return { verdict: isAllowed ? "allow" : "noOpinion", reason: "" };
  },
};

function request(spec: object, nodeName = "n1"): NodeTokenRequest {
  const whole = { audiences: [], expirationSeconds: 3600, boundObjectRef: ref, ...spec };
  return { user, nodeName, namespace: "shop", account: "robot", spec: whole };
}

const refs: readonly { readonly name: string; readonly spec: object; readonly want: string | undefined }[] = [
  { name: "a pod", spec: {}, want: undefined },
  { name: "nothing", spec: { boundObjectRef: undefined }, want: "node requested token not bound to a pod" },
  {
    name: "a Node",
    spec: { boundObjectRef: { ...ref, kind: "Node" } },
    want: "node requested token not bound to a pod",
  },
  {
    name: "a pod of another version",
    spec: { boundObjectRef: { ...ref, apiVersion: "" } },
    want: "node requested token not bound to a pod",
  },
  {
    name: "a pod without a uid",
    spec: { boundObjectRef: { ...ref, uid: "" } },
    want: "node requested token with a pod binding without a uid",
  },
];

for (const { name, spec, want } of refs) {
  test(`a kubelet's token bound to ${name}`, () => assert.equal(unboundTokenProblem(request(spec)), want));
}

const refusal = (audience: string) =>
  `audience "${audience}" not found in pod spec volume, system:node:n1 is not authorized to request tokens for this audience`;
const tokens = (...audiences: (string | undefined)[]) => ({
  nodeName: "n1",
  volumes: [{ projected: { sources: audiences.map((audience) => ({ serviceAccountToken: { audience } })) } }],
});

const pods: readonly {
  readonly name: string;
  readonly pod?: object;
  readonly uid?: string;
  readonly audiences?: readonly string[];
  readonly want: string | undefined;
}[] = [
  { name: "the API server's audience, which a volume holds", pod: tokens(undefined), want: undefined },
  { name: "the API server's audience in empty text", pod: tokens(""), audiences: [""], want: undefined },
  { name: "the API server's audience, which no volume holds", pod: tokens("vault"), want: refusal("") },
  { name: "an audience of a volume", pod: tokens("", "vault"), audiences: ["vault"], want: undefined },
  { name: "an audience of no volume", pod: tokens(""), audiences: ["vault"], want: refusal("vault") },
  { name: "an audience of no volume, in a pod without any", audiences: ["vault"], want: refusal("vault") },
  { name: "an audience that RBAC allows", audiences: ["registry"], want: undefined },
  {
    name: "two audiences",
    pod: tokens("a", "b"),
    audiences: ["a", "b"],
    want: "node may only request 0 or 1 audiences",
  },
  {
    name: "a pod of another node",
    pod: { ...tokens(""), nodeName: "n2" },
    want: "node requested token bound to a pod scheduled on a different node",
  },
  {
    name: "a pod of no node",
    pod: { ...tokens(""), nodeName: undefined },
    want: "node requested token bound to a pod scheduled on a different node",
  },
  {
    name: "a pod that was deleted and created again",
    pod: tokens(""),
    uid: "2",
    want: "the UID in the bound object reference (1) does not match the UID in record. The object might have been deleted and then recreated",
  },
];

for (const { name, pod = { nodeName: "n1" }, uid = "1", audiences = [], want } of pods) {
  test(`a kubelet's token for ${name}`, () => {
    assert.equal(podTokenProblem(request({ audiences }), podOf(pod, { uid }), authorizer), want);
  });
}
