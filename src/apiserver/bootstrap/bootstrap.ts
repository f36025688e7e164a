import { namespaceKind } from "@fairlead/api/core/v1/namespace/namespace";
import { serviceKind } from "@fairlead/api/core/v1/service/service";
import type { Kind } from "@fairlead/api/kind";
import { clusterRoleKind } from "@fairlead/api/rbac/v1/clusterrole/clusterrole";
import {
  type ClusterRoleBinding,
  clusterRoleBindingKind,
} from "@fairlead/api/rbac/v1/clusterrolebinding/clusterrolebinding";
import type { KubeObject } from "@fairlead/api/resource-reference";
import type { Draft } from "@fairlead/api/schema";
import { isAlreadyExists, isConflict, isNotFound } from "@fairlead/api/status-error";
import type { Client, ObjectKey } from "@fairlead/client/client";
import { getIfThere } from "@fairlead/client/get-if-there";
import { defaultClusterRoleBindings, defaultClusterRoles } from "./default-roles.ts";
import { type DnsServiceOptions, dnsService } from "./dns-service.ts";
import { type Repair, reconcileClusterRole, reconcileClusterRoleBinding } from "./reconcile-role.ts";

/** The namespaces that every cluster has. */
export const SYSTEM_NAMESPACES = ["default", "kube-system", "kube-public", "kube-node-lease"] as const;

/** What differs from cluster to cluster. */
export interface BootstrapOptions {
  /** Where the cluster's DNS answers. Default: no Service for it is made. */
  readonly dns?: DnsServiceOptions | undefined;
}

/** How often an object is read again after a conflict. */
const ATTEMPTS_MAX = 5;

/**
 * Creates what every cluster starts with and is missing: namespaces, default roles and bindings, the Service of the DNS;
 * and repairs default roles and bindings that lack something.
 *
 * Doing it again, and from several servers at once, does no harm. `client` must be a member of `system:masters`.
 */
export async function bootstrap(client: Client, { dns }: BootstrapOptions = {}): Promise<void> {
  await Promise.all([
    ...SYSTEM_NAMESPACES.map((name) => createIfMissing(client, namespaceKind, { metadata: { name } })),
    ensureAll(client, clusterRoleKind, defaultClusterRoles(), reconcileClusterRole),
    ensureAll<ClusterRoleBinding>(
      client,
      clusterRoleBindingKind,
      defaultClusterRoleBindings(),
      reconcileClusterRoleBinding,
    ),
  ]);
  // Its namespace is there by now.
  if (dns !== undefined) await createIfMissing(client, serviceKind, dnsService(dns));
}

async function createIfMissing<T extends KubeObject>(client: Client, kind: Kind<T>, object: Draft<T>): Promise<void> {
  // Creating a Service again would be refused for its address, not for its name.
  if ((await getIfThere(client, kind, keyOf(object))) !== undefined) return;
  try {
    await client.create(kind, object);
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
  }
}

type Reconcile<T> = (found: T, wanted: Draft<T>) => Repair<T>;

async function ensureAll<T extends KubeObject>(
  client: Client,
  kind: Kind<T>,
  wanted: readonly Draft<T>[],
  reconcile: Reconcile<T>,
): Promise<void> {
  const { items } = await client.list(kind);
  const present = new Map(items.map((item) => [pathOf(item), item]));
  await Promise.all(wanted.map((one) => ensure({ client, kind, reconcile }, one, present.get(pathOf(one)))));
}

interface Ensuring<T extends KubeObject> {
  readonly client: Client;
  readonly kind: Kind<T>;
  readonly reconcile: Reconcile<T>;
}

async function ensure<T extends KubeObject>(
  { client, kind, reconcile }: Ensuring<T>,
  wanted: Draft<T>,
  found: T | undefined,
): Promise<void> {
  let current = found;
  for (let attempt = 1; ; attempt++) {
    const repair = current === undefined ? CREATE : reconcile(current, wanted);
    try {
      await write(client, kind, wanted, repair);
      return;
    } catch (error) {
      const changedMeanwhile = isConflict(error) || isAlreadyExists(error) || isNotFound(error);
      if (!changedMeanwhile || attempt === ATTEMPTS_MAX) throw error;
      current = await getIfThere(client, kind, keyOf(wanted));
    }
  }
}

const CREATE = { verb: "create" } as const;

async function write<T extends KubeObject>(
  client: Client,
  kind: Kind<T>,
  wanted: Draft<T>,
  repair: Repair<T> | typeof CREATE,
): Promise<void> {
  switch (repair.verb) {
    case "create":
      await client.create(kind, wanted);
      return;
    case "update":
      await client.update(kind, repair.object);
      return;
    case "replace":
      await client.delete(kind, keyOf(wanted));
      await client.create(kind, wanted);
      return;
    case "keep":
      return;
  }
}

function keyOf({ metadata }: Draft<KubeObject>): ObjectKey {
  return { namespace: metadata?.namespace, name: metadata?.name ?? "" };
}

function pathOf(object: Draft<KubeObject>): string {
  const { namespace = "", name } = keyOf(object);
  return `${namespace}/${name}`;
}
