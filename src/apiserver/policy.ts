import { randomInt } from "node:crypto";
import { namespaceKind } from "@fairlead/api/core/v1/namespace/namespace";
import { nodeKind } from "@fairlead/api/core/v1/node/node";
import { type Pod, podKind } from "@fairlead/api/core/v1/pod/pod";
import { secretKind } from "@fairlead/api/core/v1/secret/secret";
import { serviceAccountKind } from "@fairlead/api/core/v1/serviceaccount/serviceaccount";
import type { CacheSource } from "@fairlead/client/cache/cache-source";
import type { Client } from "@fairlead/client/client";
import { getIfThere } from "@fairlead/client/get-if-there";
import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import { type Running, running } from "@fairlead/lib/running";
import type { Store } from "@fairlead/store/store";
import type { AdmissionPlugin } from "./admission/admission.ts";
import { defaultTolerationSeconds } from "./admission/default-toleration-seconds.ts";
import { dnsRestriction } from "./admission/dns-restriction.ts";
import { namespaceLifecycle } from "./admission/namespace-lifecycle.ts";
import { nodeRestriction } from "./admission/node-restriction.ts";
import { objectLookup } from "./admission/object-lookup.ts";
import { persistentVolumeClaimResize } from "./admission/persistentvolumeclaim-resize.ts";
import { priority } from "./admission/priority.ts";
import { rbacEscalation } from "./admission/rbac-escalation.ts";
import { serviceAccountAdmission } from "./admission/service-account.ts";
import { storageObjectInUseProtection } from "./admission/storage-object-in-use-protection.ts";
import { taintNodesByCondition } from "./admission/taint-nodes-by-condition.ts";
import type { PortRange } from "./allocation/claimer.ts";
import { serviceAllocation } from "./allocation/service-allocation.ts";
import { clientCertificateAuthenticator } from "./authn/client-certificate-authenticator.ts";
import { JWKS_PATH, jwks, OPENID_CONFIGURATION_PATH, openidConfiguration } from "./authn/openid.ts";
import { serviceAccountTokenAuthenticator } from "./authn/service-account-token-authenticator.ts";
import { signingKey, verificationKey } from "./authn/signing-key.ts";
import { tokenIssuer } from "./authn/token-issuer.ts";
import { tokenVerifier } from "./authn/token-verifier.ts";
import { unionAuthenticator } from "./authn/union-authenticator.ts";
import { anonymousAuthorizer } from "./authz/anonymous-authorizer.ts";
import type { Authorizer } from "./authz/authorizer.ts";
import { dnsAuthorizer } from "./authz/dns-authorizer.ts";
import { nodeAuthorizer } from "./authz/node-authorizer.ts";
import { createNodeGraph } from "./authz/node-graph.ts";
import { privilegedGroupAuthorizer } from "./authz/privileged-group-authorizer.ts";
import { rbacAuthorizer } from "./authz/rbac-authorizer.ts";
import { createRbacIndex } from "./authz/rbac-index.ts";
import { unionAuthorizer } from "./authz/union-authorizer.ts";
import { startClusterRoleAggregation } from "./bootstrap/cluster-role-aggregation.ts";
import { nodeRules } from "./bootstrap/component-roles.ts";
import type { PublishedDocument } from "./paths.ts";
import { openPolicyCaches, type PolicyCaches } from "./policy-caches.ts";
import { generatedName } from "./registry/object-meta.ts";
import { createTurns } from "./registry/turns.ts";
import type { ApiServerOptions } from "./server.ts";
import { createKubeletConnection } from "./subresources/kubelet-connection.ts";
import { policySubresources } from "./subresources/policy-subresources.ts";
import { virtualKinds } from "./virtual/virtual-kinds.ts";

/** What policy depends on in this cluster. */
export interface ApiServerPolicyOptions {
  readonly store: Store;
  /**
   * The API server itself, as a member of `system:masters`. May be made before the server is: nothing is asked before
   * the server's first request.
   */
  readonly client: Client;
  /** Under the same identity. */
  readonly caches: CacheSource;
  readonly serviceAccounts: ServiceAccountOptions;
  /** One range, or one of each family; the first is the default. */
  readonly serviceCIDRs: readonly string[];
  /** Default 30000–32767. */
  readonly nodePorts?: PortRange;
  /** The API server's client certificate for kubelets and the authority that signed theirs, PEM. */
  readonly kubeletTls: { readonly cert: string; readonly key: string; readonly ca: string };
  readonly log: Logger;
  readonly clock: Clock;
}

/** How the tokens of service accounts are made and known. */
export interface ServiceAccountOptions {
  /** The issuer in the tokens: `https://kubernetes.default.svc.cluster.local`. */
  readonly issuer: string;
  /** PEM of the private key that signs. */
  readonly signingKey: string;
  /** PEM of public keys that signed before. Default: none. */
  readonly verificationKeys?: readonly string[];
  /** Default: the issuer. */
  readonly audiences?: readonly string[];
  /** Where clients in the cluster find the public keys. Default: below the issuer. */
  readonly jwksUrl?: string;
}

/** Authentication, authorization and admission, as options of `createApiServer`. */
export interface ApiServerPolicy
  extends Required<
    Pick<
      ApiServerOptions,
      "authenticators" | "authorizers" | "admission" | "hooks" | "subresources" | "virtualKinds" | "turns"
    >
  > {
  /** Bodies of the paths where the keys of service account tokens are published. */
  readonly documents: ReadonlyMap<string, PublishedDocument>;
  /**
   * Begins to follow roles, pods and what else decisions depend on, once the server answers. Resolves when all is known;
   * before that only members of `system:masters` may do anything.
   */
  start(): Promise<Running>;
}

/** Puts authentication, authorization, admission and allocation together as a cluster has them. */
export function apiServerPolicy(options: ApiServerPolicyOptions): ApiServerPolicy {
  const { client, store, clock, log } = options;
  let caches: PolicyCaches | undefined;
  const lookups = lookupsOf(client, () => caches);
  const tokens = tokensOf(options, lookups);
  const rbac = createRbacIndex();
  const graph = createNodeGraph();
  const authorizers = [
    anonymousAuthorizer,
    privilegedGroupAuthorizer,
    nodeAuthorizer({ graph, nodeRules }),
    dnsAuthorizer,
    rbacAuthorizer(rbac),
  ];
  const authorizer = unionAuthorizer(authorizers);
  const kubelets = createKubeletConnection({ node: (name) => client.get(nodeKind, { name }), tls: options.kubeletTls });
  const random = (below: number) => randomInt(below);
  const turns = createTurns();
  // A kubelet that has just received its pod asks for the pod's Secrets at once.
  const onBound = (pod: Pod) => graph.setPod(`${pod.metadata.namespace}/${pod.metadata.name}`, pod);

  return {
    authenticators: [
      unionAuthenticator([
        clientCertificateAuthenticator(clock),
        serviceAccountTokenAuthenticator(tokens.verifier, tokens.audiences),
      ]),
    ],
    authorizers,
    admission: admissionOf(lookups, { clock, authorizer, escalation: rbacEscalation({ authorizer, rbac }) }),
    hooks: serviceHooks(serviceAllocation({ ...options, random })),
    subresources: policySubresources({ ...tokens, store, turns, client, clock, kubelets, authorizer, onBound }),
    virtualKinds: virtualKinds({ ...tokens, authorizer, rbac, store, turns, clock, onBound }),
    turns,
    documents: tokens.documents,
    async start() {
      const started = openPolicyCaches(options.caches, { rbac, graph });
      caches = started;
      const aggregation = startClusterRoleAggregation({ client, clusterRoles: started.clusterRoles, log, clock });
      await started.synced;
      return running(async () => {
        await aggregation.stop();
        kubelets.close();
        await started.running.stop();
      });
    },
  };
}

type Lookups = ReturnType<typeof lookupsOf>;

function lookupsOf(client: Client, caches: () => PolicyCaches | undefined) {
  return {
    namespaces: objectLookup(client, namespaceKind, { get: (key) => caches()?.namespaces.get(key) }),
    serviceAccounts: objectLookup(client, serviceAccountKind, { get: (key) => caches()?.serviceAccounts.get(key) }),
    pods: objectLookup(client, podKind, { get: (key) => caches()?.pods.get(key) }),
    nodes: objectLookup(client, nodeKind, { get: (key) => caches()?.nodes.get(key) }),
    // Secrets are not kept a second time: few tokens are bound to one.
    secret: (namespace: string, name: string) => getIfThere(client, secretKind, { namespace, name }),
  };
}

function tokensOf({ serviceAccounts, clock }: ApiServerPolicyOptions, lookups: Lookups) {
  const { issuer, audiences = [issuer] } = serviceAccounts;
  const key = signingKey(serviceAccounts.signingKey);
  const keys = [key, ...(serviceAccounts.verificationKeys ?? []).map(verificationKey)];
  const objects = {
    serviceAccount: (namespace: string, name: string) => lookups.serviceAccounts.find({ namespace, name }),
    pod: (namespace: string, name: string) => lookups.pods.find({ namespace, name }),
    node: (name: string) => lookups.nodes.find({ name }),
    secret: lookups.secret,
  };
  const jwksUrl = serviceAccounts.jwksUrl ?? `${issuer}${JWKS_PATH}`;
  return {
    audiences,
    issuer: tokenIssuer({ key, issuer, clock }),
    verifier: tokenVerifier({ keys, issuer, objects, clock }),
    documents: new Map([
      [
        OPENID_CONFIGURATION_PATH,
        { contentType: "application/json", body: openidConfiguration(issuer, jwksUrl, keys) },
      ],
      [JWKS_PATH, { contentType: "application/jwk-set+json", body: jwks(keys) }],
    ]),
  };
}

/** In upstream's order; DNSRestriction is Fairlead's own. */
function admissionOf(
  { namespaces, serviceAccounts, nodes, pods }: Lookups,
  {
    clock,
    authorizer,
    escalation,
  }: { readonly clock: Clock; readonly authorizer: Authorizer; readonly escalation: AdmissionPlugin },
): readonly AdmissionPlugin[] {
  return [
    namespaceLifecycle({ namespaces, clock }),
    serviceAccountAdmission({
      serviceAccounts,
      clock,
      generateName: (base) => generatedName(base, (below) => randomInt(below)),
    }),
    nodeRestriction({ nodes, pods, authorizer }),
    dnsRestriction,
    taintNodesByCondition,
    priority,
    defaultTolerationSeconds,
    storageObjectInUseProtection,
    escalation,
    persistentVolumeClaimResize,
  ];
}

function serviceHooks(hook: ReturnType<typeof serviceAllocation>): ApiServerPolicy["hooks"] {
  // The registry gives a hook only objects of the kind it is listed under.
  return new Map([["services", hook as unknown as NonNullable<ReturnType<ApiServerPolicy["hooks"]["get"]>>]]);
}
