import assert from "node:assert/strict";
import { test } from "node:test";
import { StatusError } from "@fairlead/api/status-error";
import type { User } from "../authn/authenticator.ts";
import type { Attributes } from "../authz/authorizer.ts";
import { effectiveUser, impersonationHeaders } from "./impersonation.ts";

const jane: User = { name: "jane", uid: "", groups: ["system:authenticated"], extra: {} };

interface Row {
  readonly name: string;
  readonly headers: Record<string, string>;
  /** The user, or the refusal. */
  readonly want: Partial<User> | string;
  /** What jane has to be allowed, in order. */
  readonly asks?: readonly string[];
}

const rows: readonly Row[] = [
  { name: "no user", headers: {}, want: jane, asks: [] },
  {
    name: "a user",
    headers: { "impersonate-user": "bob" },
    want: { name: "bob", uid: "", groups: ["system:authenticated"], extra: {} },
    asks: ["users bob"],
  },
  {
    name: "a service account, which is in its groups",
    headers: { "impersonate-user": "system:serviceaccount:shop:till" },
    want: { groups: ["system:serviceaccounts", "system:serviceaccounts:shop", "system:authenticated"] },
    asks: ["serviceaccounts shop/till"],
  },
  {
    name: "a user who is only called like a service account",
    headers: { "impersonate-user": "system:serviceaccount:shop:Till!" },
    want: { groups: ["system:authenticated"] },
    asks: ["users system:serviceaccount:shop:Till!"],
  },
  {
    name: "groups, one of them with a comma",
    headers: { "impersonate-user": "bob", "impersonate-group": "a,b\nc" },
    want: { groups: ["a,b", "c", "system:authenticated"] },
    asks: ["users bob", "groups a,b", "groups c"],
  },
  {
    name: "the anonymous user, who is never authenticated alone",
    headers: { "impersonate-user": "system:anonymous", "impersonate-group": "system:authenticated" },
    want: { groups: ["system:authenticated", "system:unauthenticated"] },
  },
  {
    name: "extra values before the uid, each asked for",
    headers: { "impersonate-user": "bob", "impersonate-uid": "7", "impersonate-extra-example.com%2fscopes": "x\ny" },
    want: { uid: "7", extra: { "example.com/scopes": ["x", "y"] } },
    asks: ["users bob", "userextras/example.com/scopes x", "userextras/example.com/scopes y", "uids 7"],
  },
  {
    name: "an extra key that is not encoded correctly, taken verbatim",
    headers: { "impersonate-user": "bob", "impersonate-extra-%zz": "x" },
    want: { extra: { "%zz": ["x"] } },
    asks: ["users bob", "userextras/%zz x"],
  },
  {
    name: "an extra key with the name of a built-in property",
    headers: JSON.parse('{"impersonate-user":"bob","impersonate-extra-__proto__":"x"}'),
    want: { extra: JSON.parse('{"__proto__":["x"]}') },
  },
  {
    name: "everything but a user",
    headers: { "impersonate-group": "g", "impersonate-uid": "7", "impersonate-extra-%zz": "x" },
    want: "BadRequest requested [{Group  g    } {UserExtra  x  authentication.k8s.io/v1  %zz} {UID  7  authentication.k8s.io/v1  }] without impersonating a user",
  },
];

for (const { name, headers, want, asks } of rows) {
  test(`to impersonate ${name}`, () => {
    const asked: string[] = [];
    const authorizer = {
      authorize(attributes: Attributes) {
        asked.push(shown(attributes));
        return { verdict: "allow", reason: "" } as const;
      },
    };
    const outcome = attempt(() => effectiveUser({ method: "GET", path: "/", headers }, jane, authorizer));
    if (typeof want === "string") assert.equal(outcome, want);
    else assert.deepEqual(outcome, { ...(outcome as User), ...want });
    if (asks !== undefined) assert.deepEqual(asked, asks);
  });
}

test("repeated headers keep their values apart", () => {
  const raw = ["Impersonate-User", "bob", "Impersonate-Group", "a,b", "X", "y", "impersonate-group", "c"];
  const headers = { "impersonate-user": "bob", ...impersonationHeaders([...raw, "Impersonate-Extra-%zz", "x"]) };
  const authorizer = { authorize: () => ({ verdict: "allow", reason: "" }) as const };
  const { groups, extra } = effectiveUser({ method: "GET", path: "/", headers }, jane, authorizer);
  assert.deepEqual(groups, ["a,b", "c", "system:authenticated"]);
  assert.deepEqual(extra, { "%zz": ["x"] });
});

test("a user who may not impersonate is refused", () => {
  const authorizer = { authorize: () => ({ verdict: "deny", reason: "" }) as const };
  const request = { method: "GET", path: "/", headers: { "impersonate-user": "bob" } } as const;
  assert.throws(() => effectiveUser(request, jane, authorizer), { code: 403 });
});

function shown(attributes: Attributes): string {
  if (attributes.type !== "resource") return attributes.path;
  const { resource, subresource, namespace, name } = attributes;
  return `${[resource, subresource].filter((part) => part !== "").join("/")} ${namespace === "" ? "" : `${namespace}/`}${name}`;
}

function attempt(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    if (error instanceof StatusError) return `${error.reason} ${error.message}`;
    throw error;
  }
}
