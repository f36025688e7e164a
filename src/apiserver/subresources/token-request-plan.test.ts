import assert from "node:assert/strict";
import { test } from "node:test";
import type { TokenRequest } from "@fairlead/api/authentication/v1/tokenrequest/tokenrequest-schema";
import { tokenLifetime, tokenRequestErrors } from "./token-request-plan.ts";

const cases: { name: string; metadata?: object; expirationSeconds?: number; want: string[] }[] = [
  { name: "an hour", want: [] },
  { name: "ten minutes", expirationSeconds: 600, want: [] },
  {
    name: "less",
    expirationSeconds: 599,
    want: ["spec.expirationSeconds: Invalid value: 599: may not specify a duration less than 10 minutes"],
  },
  {
    name: "more than a lifetime",
    expirationSeconds: 2 ** 32 + 1,
    want: ["spec.expirationSeconds: Invalid value: 4294967297: may not specify a duration larger than 2^32 seconds"],
  },
  { name: "its own name and namespace", metadata: { name: "robot", namespace: "shop" }, want: [] },
  {
    name: "another account's name",
    metadata: { name: "other" },
    want: ['metadata.name: Invalid value: "other": must match the service account name if specified'],
  },
  {
    name: "another namespace",
    metadata: { namespace: "other" },
    want: ['metadata.namespace: Invalid value: "other": must match the service account namespace if specified'],
  },
];

for (const { name, metadata = {}, expirationSeconds = 3600, want } of cases) {
  test(`tokenRequestErrors: ${name}`, () => {
    const request: TokenRequest = {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      metadata: { name: "", uid: "", resourceVersion: "", creationTimestamp: "", ...metadata },
      spec: { audiences: [], expirationSeconds },
      status: { token: "", expirationTimestamp: "" },
    };
    const errors = tokenRequestErrors(request, { namespace: "shop", name: "robot" });
    assert.deepEqual(
      errors.map(({ path, message }) => `${path}: ${message}`),
      want,
    );
  });
}

const YEAR = 31_536_000;
const lifetimes: { name: string; asked: number; isBoundToPod?: boolean; isForApiServer?: boolean; want: object }[] = [
  { name: "as long as was asked", asked: 3600, want: { seconds: 3600 } },
  { name: "a year for the one that admission mounts", asked: 3607, want: { seconds: YEAR, warnAfterSeconds: 3607 } },
  { name: "not for one that is bound to no pod", asked: 3607, isBoundToPod: false, want: { seconds: 3607 } },
  { name: "not for one with another audience", asked: 3607, isForApiServer: false, want: { seconds: 3607 } },
];

for (const { name, asked, isBoundToPod = true, isForApiServer = true, want } of lifetimes) {
  test(`tokenLifetime: ${name}`, () => {
    assert.deepEqual(tokenLifetime(asked, { isBoundToPod, isForApiServer, automountedSeconds: 3607 }), want);
  });
}
