import { namespaceKind } from "@fairlead/api/core/v1/namespace/namespace";
import { serviceKind } from "@fairlead/api/core/v1/service/service";
import { clusterRoleKind } from "@fairlead/api/rbac/v1/clusterrole/clusterrole";
import { clusterRoleBindingKind } from "@fairlead/api/rbac/v1/clusterrolebinding/clusterrolebinding";
import type { KubeObject } from "@fairlead/api/resource-reference";
import type { Draft } from "@fairlead/api/schema";
import type { Client } from "@fairlead/client/client";
import { defaultClusterRoleBindings, defaultClusterRoles } from "./default-roles.ts";
import { type DnsServiceOptions, dnsService, reconcileDnsService } from "./dns-service.ts";
import { type Ensuring, ensureObject } from "./ensure-object.ts";
import { reconcileClusterRole, reconcileClusterRoleBinding } from "./reconcile-role.ts";

/** The namespaces that every cluster has. */
export const SYSTEM_NAMESPACES = ["default", "kube-system", "kube-public", "kube-node-lease"] as const;

/** What differs from cluster to cluster. */
export interface BootstrapOptions {
  /** Where the cluster's DNS answers. Default: no Service for it is made. */
  readonly dns?: DnsServiceOptions | undefined;
}

/**
 * Creates what every cluster starts with and is missing: namespaces, default roles and bindings, the Service of the DNS;
 * and repairs those that an earlier version created, or that lack something.
 *
 * Doing it again, and from several servers at once, does no harm. `client` must be a member of `system:masters`.
 */
export async function bootstrap(client: Client, { dns }: BootstrapOptions = {}): Promise<void> {
  await Promise.all([
    ...SYSTEM_NAMESPACES.map((name) => ensureObject({ client, kind: namespaceKind }, { metadata: { name } })),
    ensureAll({ client, kind: clusterRoleKind, reconcile: reconcileClusterRole }, defaultClusterRoles()),
    ensureAll(
      { client, kind: clusterRoleBindingKind, reconcile: reconcileClusterRoleBinding },
      defaultClusterRoleBindings(),
    ),
  ]);
  // Its namespace is there by now.
  if (dns !== undefined) {
    await ensureObject({ client, kind: serviceKind, reconcile: reconcileDnsService }, dnsService(dns));
  }
}

/** Keeps objects that have no namespace. */
async function ensureAll<T extends KubeObject>(ensuring: Ensuring<T>, wanted: readonly Draft<T>[]): Promise<void> {
  const { items } = await ensuring.client.list(ensuring.kind);
  const present = new Map(items.map((item) => [item.metadata.name, item]));
  await Promise.all(
    wanted.map((one) => ensureObject(ensuring, one, { object: present.get(one.metadata?.name ?? "") })),
  );
}
