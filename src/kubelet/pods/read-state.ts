import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { PodRuntime, RuntimeContainer, Sandbox } from "../runtime/pod-runtime.ts";
import { isRuntimeNotFound } from "../runtime/runtime-error.ts";
import type { PodState } from "../sync/pod-state.ts";
import { containerNamed } from "../sync/pod-state.ts";
import type { PodPaths } from "../volumes/pod-paths.ts";
import type { RuntimeLists } from "./runtime-lists.ts";
import { terminationMessage } from "./termination-message.ts";

/** Reads what the runtime has of one pod. What cannot change any more is asked for once. */
export interface StateReader {
  read(pod: Pod): Promise<PodState>;
}

/** A reader for one pod. */
export function createStateReader({
  runtime,
  lists,
  paths,
}: {
  readonly runtime: Pick<PodRuntime, "containerStatus" | "sandboxStatus">;
  readonly lists: RuntimeLists;
  readonly paths: PodPaths;
}): StateReader {
  /** By container and state: a status changes only with the state. */
  const statuses = new Map<string, RuntimeContainer>();
  const addresses = new Map<string, readonly string[]>();

  async function statusOf(pod: Pod, listed: RuntimeContainer): Promise<RuntimeContainer | undefined> {
    const key = `${listed.id} ${listed.state}`;
    const known = statuses.get(key);
    if (known !== undefined) return known;

    const status = await ifThere(runtime.containerStatus(listed.id));
    if (status === undefined) return undefined;
    const spec = containerNamed(pod, status.name);
    const said = status.state === "exited" && spec !== undefined ? await terminationMessage(paths, spec, status) : "";
    const full = said === "" ? status : { ...status, message: said };
    if (full.state === "running" || full.state === "exited") statuses.set(`${full.id} ${full.state}`, full);
    return full;
  }

  async function ipsOf(sandbox: Sandbox | undefined): Promise<readonly string[]> {
    if (sandbox === undefined || !sandbox.ready) return [];
    const known = addresses.get(sandbox.id);
    if (known !== undefined) return known;
    const ips = (await ifThere(runtime.sandboxStatus(sandbox.id)))?.ips ?? [];
    if (ips.length > 0) addresses.set(sandbox.id, ips);
    return ips;
  }

  return {
    async read(pod) {
      const { uid } = pod.metadata;
      const all = await lists.fresh();
      const sandboxes = newestFirst(all.sandboxes.filter((s) => s.podUid === uid));
      const listed = all.containers.filter((c) => c.podUid === uid);
      const [containers, ips] = await Promise.all([
        Promise.all(listed.map((c) => statusOf(pod, c))),
        ipsOf(sandboxes[0]),
      ]);
      return { sandboxes, containers: newestFirst(containers.filter((c) => c !== undefined)), ips };
    },
  };
}

function newestFirst<T extends { readonly createdAt: number; readonly attempt: number }>(
  items: readonly T[],
): readonly T[] {
  return items.toSorted((a, b) => b.createdAt - a.createdAt || b.attempt - a.attempt);
}

async function ifThere<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isRuntimeNotFound(error)) return undefined;
    throw error;
  }
}
