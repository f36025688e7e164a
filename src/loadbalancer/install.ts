import { customResourceDefinitionKind } from "@fairlead/api/apiextensions/v1/customresourcedefinition/customresourcedefinition";
import { namespaceKind } from "@fairlead/api/core/v1/namespace/namespace";
import { roleKind } from "@fairlead/api/rbac/v1/role/role";
import { roleBindingKind } from "@fairlead/api/rbac/v1/rolebinding/rolebinding";
import { isNotFound } from "@fairlead/api/status-error";
import type { Client } from "@fairlead/client/client";
import { ifMissing } from "@fairlead/client/if-missing";
import type { Clock } from "@fairlead/lib/clock";
import { configurationStates } from "./kinds/configuration-state.ts";
import { definitions } from "./kinds/definitions.ts";
import { METALLB_NAMESPACE } from "./kinds/group.ts";
import { ipAddressPools } from "./kinds/ip-address-pool.ts";
import { l2Advertisements } from "./kinds/l2-advertisement.ts";

const FIELD_MANAGER = "fairlead-loadbalancer";
/** The role of the nodes' programs that announce. */
const ANNOUNCER = "fairlead-announcer";
/** On the namespace, once the first pool was made: one that was deleted since does not come back. */
const MADE = "fairlead.local/first-pool";
/** Pause between looks whether a definition is served. */
const SERVED_PAUSE_MS = 10;

export interface InstallOptions {
  readonly client: Client;
  /** Addresses of the pool `default`. Empty: no pool is made. */
  readonly addresses: readonly string[];
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Makes the kinds of pools and, the first time, a pool that all nodes answer for. Doing it again does no harm. */
export async function install({ client, addresses, clock, signal }: InstallOptions): Promise<void> {
  const apply = { fieldManager: FIELD_MANAGER, force: true, signal };
  await Promise.all(
    definitions.map((definition) => {
      const name = definition.metadata?.name ?? "";
      return client.patch(customResourceDefinitionKind, { name }, "apply", definition, apply);
    }),
  );
  const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: METALLB_NAMESPACE } };
  const { metadata } = await client.patch(namespaceKind, { name: METALLB_NAMESPACE }, "apply", namespace, apply);
  await letNodesReadPasswords(client, apply);
  const first = { namespace: METALLB_NAMESPACE, limit: 1, signal };
  await served(() => client.list(ipAddressPools, first), { clock, signal });
  await served(() => client.list(l2Advertisements, first), { clock, signal });
  await served(() => client.list(configurationStates, first), { clock, signal });
  if (addresses.length === 0 || metadata.annotations?.[MADE] !== undefined) return;
  const named = { name: "default", namespace: METALLB_NAMESPACE };
  await ifMissing(client.create(ipAddressPools, { metadata: named, spec: { addresses } }, { signal }));
  await ifMissing(
    client.create(l2Advertisements, { metadata: named, spec: { ipAddressPools: ["default"] } }, { signal }),
  );
  const mark = { metadata: { annotations: { [MADE]: "default" } } };
  await client.patch(namespaceKind, { name: METALLB_NAMESPACE }, "merge", mark, { signal });
}

/** Passwords of BGP sessions are in Secrets of this namespace; nodes may read no others. */
async function letNodesReadPasswords(
  client: Client,
  apply: { readonly fieldManager: string; readonly force: boolean; readonly signal: AbortSignal },
): Promise<void> {
  const named = { name: ANNOUNCER, namespace: METALLB_NAMESPACE };
  const group = "rbac.authorization.k8s.io";
  const role = {
    ...{ apiVersion: `${group}/v1`, kind: "Role", metadata: named },
    rules: [{ apiGroups: [""], resources: ["secrets"], verbs: ["get"] }],
  };
  const binding = {
    ...{ apiVersion: `${group}/v1`, kind: "RoleBinding", metadata: named },
    roleRef: { apiGroup: group, kind: "Role", name: ANNOUNCER },
    subjects: [{ apiGroup: group, kind: "User", name: "system:fairlead:podnetwork" }],
  };
  await client.patch(roleKind, named, "apply", role, apply);
  await client.patch(roleBindingKind, named, "apply", binding, apply);
}

/** Resolves when the API server knows the resource: it reads a definition a moment after it was written. */
async function served(
  ask: () => Promise<unknown>,
  { clock, signal }: Pick<InstallOptions, "clock" | "signal">,
): Promise<void> {
  for (;;) {
    try {
      await ask();
      return;
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
    await clock.sleep(SERVED_PAUSE_MS, signal);
  }
}
