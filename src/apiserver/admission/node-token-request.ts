import type { TokenRequest } from "@fairlead/api/authentication/v1/tokenrequest/tokenrequest-schema";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { goQuote } from "@fairlead/api/go-quote";
import type { User } from "../authn/authenticator.ts";
import type { Authorizer } from "../authz/authorizer.ts";

/** A kubelet's request for a token of a service account. */
export interface NodeTokenRequest {
  readonly user: User;
  readonly nodeName: string;
  readonly namespace: string;
  /** Name of the service account. */
  readonly account: string;
  readonly spec: TokenRequest["spec"];
}

/** Returns why a kubelet's token is not bound to a pod, in upstream's words. */
export function unboundTokenProblem({ spec }: Pick<NodeTokenRequest, "spec">): string | undefined {
  const { apiVersion, kind, name = "", uid = "" } = spec.boundObjectRef ?? {};
  if (apiVersion !== "v1" || kind !== "Pod" || name === "") return "node requested token not bound to a pod";
  return uid === "" ? "node requested token with a pod binding without a uid" : undefined;
}

/**
 * Returns why a kubelet gets no token bound to `pod`, in upstream's words: the pod must run on the node, and one of its
 * volumes must hold a token of the audience. RBAC may allow further audiences: the verb
 * `request-serviceaccounts-token-audience` on the resource named for the audience, by service account.
 *
 * Source: upstream's NodeRestriction with `ServiceAccountNodeAudienceRestriction` (KEP-4412). CSI drivers, whose token
 * requests count as well there, are not supported.
 */
export function podTokenProblem(request: NodeTokenRequest, pod: Pod, authorizer: Authorizer): string | undefined {
  const { uid = "" } = request.spec.boundObjectRef ?? {};
  if (uid !== pod.metadata.uid) {
    return `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`;
  }
  if (pod.spec.nodeName !== request.nodeName) {
    return "node requested token bound to a pod scheduled on a different node";
  }
  return audienceProblem(request, pod, authorizer);
}

function audienceProblem(request: NodeTokenRequest, pod: Pod, authorizer: Authorizer): string | undefined {
  const { user, namespace, account, spec } = request;
  const [audience = "", ...more] = spec.audiences ?? [];
  if (more.length > 0) return "node may only request 0 or 1 audiences";
  if (audiencesOf(pod).includes(audience)) return undefined;
  const { verdict } = authorizer.authorize({
    type: "resource",
    user,
    verb: "request-serviceaccounts-token-audience",
    group: "",
    version: "v1",
    resource: audience,
    subresource: "",
    namespace,
    name: account,
  });
  if (verdict === "allow") return undefined;
  const quoted = goQuote(audience);
  return `audience ${quoted} not found in pod spec volume, ${user.name} is not authorized to request tokens for this audience`;
}

/** Audiences of the tokens in the pod's volumes; empty text for the API server's own. */
function audiencesOf({ spec }: Pod): readonly string[] {
  const sources = (spec.volumes ?? []).flatMap(({ projected }) => projected?.sources ?? []);
  return sources.flatMap(({ serviceAccountToken: token }) => (token === undefined ? [] : [token.audience ?? ""]));
}
