import type { ResourceReference } from "@fairlead/api/resource-reference";
import { StatusError } from "@fairlead/api/status-error";
import type { Client } from "@fairlead/client/client";

/** A resource that the API server says it has, in its preferred version. */
export interface DiscoveredResource extends ResourceReference {
  readonly verbs: readonly string[];
}

/** What an API server says it serves. */
export interface Discovery {
  readonly resources: readonly DiscoveredResource[];
  /** Groups that could not be asked, and why: what they hold is unknown. */
  readonly failures: readonly { readonly groupVersion: string; readonly message: string }[];
}

interface ResourceList {
  readonly resources?: readonly {
    readonly name: string;
    readonly namespaced: boolean;
    readonly kind: string;
    readonly verbs: readonly string[];
  }[];
}

interface GroupList {
  readonly groups?: readonly { readonly preferredVersion: { readonly groupVersion: string } }[];
}

/** Asks the API server for everything it serves, subresources left out. Throws when it does not answer at all. */
export async function discoverResources(client: Client, signal?: AbortSignal): Promise<Discovery> {
  const { groups = [] } = await client.raw<GroupList>("GET", "/apis", undefined, signal);
  const versions = ["v1", ...groups.map(({ preferredVersion }) => preferredVersion.groupVersion)];
  const answers = await Promise.all(versions.map((groupVersion) => resourcesOf(client, groupVersion, signal)));
  return {
    resources: answers.flatMap(({ resources }) => resources),
    failures: answers.flatMap(({ failures }) => failures),
  };
}

async function resourcesOf(client: Client, groupVersion: string, signal: AbortSignal | undefined): Promise<Discovery> {
  const [group = "", version = ""] = groupVersion.includes("/") ? groupVersion.split("/") : ["", groupVersion];
  try {
    const path = group === "" ? `/api/${version}` : `/apis/${groupVersion}`;
    const { resources = [] } = await client.raw<ResourceList>("GET", path, undefined, signal);
    const whole = resources.filter(({ name }) => !name.includes("/"));
    return {
      resources: whole.map(({ name, namespaced, kind, verbs }) => ({
        group,
        version,
        plural: name,
        kind,
        namespaced,
        verbs,
      })),
      failures: [],
    };
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return { resources: [], failures: [{ groupVersion, message: error.message }] };
  }
}

/** `pods.`, `deployments.apps`: how conditions of namespaces name a resource. */
export function resourceName({ group, plural }: DiscoveredResource): string {
  return `${plural}.${group}`;
}
