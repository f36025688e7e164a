import { apiTime } from "@fairlead/api/api-time";
import {
  type TokenRequest,
  tokenRequestSchema,
} from "@fairlead/api/authentication/v1/tokenrequest/tokenrequest-schema";
import { nodeKind } from "@fairlead/api/core/v1/node/node";
import { podKind } from "@fairlead/api/core/v1/pod/pod";
import { secretKind } from "@fairlead/api/core/v1/secret/secret";
import { goQuote } from "@fairlead/api/go-quote";
import { boundedSeconds } from "@fairlead/api/int64";
import type { KubeObject } from "@fairlead/api/resource-reference";
import { invalidObject, StatusError } from "@fairlead/api/status-error";
import type { Client } from "@fairlead/client/client";
import { getIfThere } from "@fairlead/client/get-if-there";
import type { Clock } from "@fairlead/lib/clock";
import { AUTOMOUNTED_TOKEN_SECONDS } from "../admission/service-account-token-volume.ts";
import type { KubernetesClaim } from "../authn/service-account-claims.ts";
import type { TokenIssuer } from "../authn/token-issuer.ts";
import { decodeRequest } from "./decode-request.ts";
import type { SubresourceHandler, SubresourceRequest } from "./subresource.ts";
import { tokenLifetime, tokenRequestErrors } from "./token-request-plan.ts";

/** How tokens are made, and where what they are bound to is looked up. */
export interface ServiceAccountTokenOptions {
  readonly client: Pick<Client, "get">;
  readonly issuer: TokenIssuer;
  /** The API server's own audiences: what a request without any gets. */
  readonly audiences: readonly string[];
  readonly clock: Pick<Clock, "now">;
}

const GROUP = "authentication.k8s.io";
const KIND = { group: GROUP, version: "v1", kind: "TokenRequest", schema: tokenRequestSchema };

/** `serviceaccounts/token`: makes a token of the account, bound to a pod, a Secret or a node where asked. */
export function serviceAccountToken(options: ServiceAccountTokenOptions): SubresourceHandler {
  return {
    groupResource: "serviceaccounts",
    name: "token",
    async handle(asked) {
      const { value: given, options: write } = decodeRequest(asked, "TokenRequest", tokenRequestSchema);
      const admitted = await asked.admit(KIND, given, (request) => {
        const errors = tokenRequestErrors(request, asked);
        if (errors.length > 0) throw invalidObject(GROUP, "TokenRequest", "", errors);
      });
      const answer = await issued({ ...options, dryRun: write.dryRun }, asked, admitted);
      const value = { ...answer, kind: "TokenRequest", apiVersion: `${GROUP}/v1` };
      return { type: "document", code: 201, document: { schema: tokenRequestSchema, value } };
    },
  };
}

async function issued(
  options: ServiceAccountTokenOptions & { readonly dryRun: boolean },
  asked: SubresourceRequest,
  given: TokenRequest,
): Promise<TokenRequest> {
  const { namespace, name, parent } = asked;
  const asks = given.spec.audiences ?? [];
  const audiences = asks.length === 0 ? options.audiences : asks;
  const bound = await boundClaims(options, asked, given);
  const expirationSeconds = boundedSeconds(given.spec.expirationSeconds);
  const lifetime = tokenLifetime(expirationSeconds, {
    isBoundToPod: bound.pod !== undefined,
    isForApiServer: audiences.every((audience) => options.audiences.includes(audience)),
    automountedSeconds: AUTOMOUNTED_TOKEN_SECONDS,
  });
  const nowMs = options.clock.now();
  const warnafter =
    lifetime.warnAfterSeconds === undefined ? {} : { warnafter: Math.floor(nowMs / 1000) + lifetime.warnAfterSeconds };
  const claim = { namespace, serviceaccount: { name, uid: parent.metadata.uid }, ...bound, ...warnafter };
  const token = options.dryRun
    ? ""
    : await options.issuer.issue({ audiences, lifetimeSeconds: lifetime.seconds, claim });
  return {
    ...given,
    metadata: { ...given.metadata, name, namespace, creationTimestamp: apiTime(nowMs) },
    spec: { ...given.spec, audiences },
    status: { token, expirationTimestamp: apiTime(nowMs + expirationSeconds * 1000) },
  };
}

type BoundClaims = Pick<KubernetesClaim, "pod" | "secret" | "node">;

async function boundClaims(
  { client }: ServiceAccountTokenOptions,
  asked: SubresourceRequest,
  { spec: { boundObjectRef: ref } }: TokenRequest,
): Promise<BoundClaims> {
  const { namespace, name } = asked;
  if (ref === undefined) return {};
  const { kind = "", apiVersion = "", name: refName = "" } = ref;
  const key = { namespace, name: refName };
  switch (apiVersion === "v1" || apiVersion === "" ? kind : "") {
    case "Pod": {
      const pod = await client.get(podKind, key);
      if (pod.spec.serviceAccountName !== name) {
        const text = `cannot bind token for serviceaccount ${goQuote(name)} to pod running with different serviceaccount name.`;
        throw new StatusError("BadRequest", text);
      }
      refuseOtherUid(ref, pod);
      return { pod: boundTo(pod), ...(await nodeClaim(client, pod.spec.nodeName ?? "")) };
    }
    case "Secret": {
      const secret = await client.get(secretKind, key);
      refuseOtherUid(ref, secret);
      return { secret: boundTo(secret) };
    }
    case "Node": {
      const node = await client.get(nodeKind, { name: refName });
      refuseOtherUid(ref, node);
      return { node: boundTo(node) };
    }
    default:
      throw new StatusError("BadRequest", `cannot bind token to object of type ${apiVersion}, Kind=${kind}`);
  }
}

function boundTo({ metadata }: KubeObject) {
  return { name: metadata.name, uid: metadata.uid };
}

/** The token names the pod's node; a node that is gone only by its name. */
async function nodeClaim(client: Pick<Client, "get">, nodeName: string): Promise<BoundClaims> {
  if (nodeName === "") return {};
  const node = await getIfThere(client, nodeKind, { name: nodeName });
  return { node: node === undefined ? { name: nodeName } : boundTo(node) };
}

type Reference = NonNullable<TokenRequest["spec"]["boundObjectRef"]>;

function refuseOtherUid({ kind = "", name = "", uid = "" }: Reference, object: KubeObject): void {
  if (uid === "" || uid === object.metadata.uid) return;
  const why = `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`;
  throw new StatusError("Conflict", `Operation cannot be fulfilled on ${kind} ${goQuote(name)}: ${why}`, {
    details: { name, kind },
  });
}
