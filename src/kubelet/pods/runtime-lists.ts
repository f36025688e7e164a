import type { PodRuntime, RuntimeContainer, Sandbox } from "../runtime/pod-runtime.ts";

/** Everything the runtime has. */
export interface RuntimeLists {
  /** Listed after the call; callers that come while a list is under way share the next one. */
  fresh(): Promise<RuntimeSnapshot>;
}

/** Everything the runtime had at one moment. */
export interface RuntimeSnapshot {
  readonly sandboxes: readonly Sandbox[];
  readonly containers: readonly RuntimeContainer[];
}

/** Many pods looking at once cost two lists, not two for each. */
export function createRuntimeLists(runtime: Pick<PodRuntime, "listSandboxes" | "listContainers">): RuntimeLists {
  let current: Promise<unknown> = Promise.resolve();
  let next: Promise<RuntimeSnapshot> | undefined;

  async function list(): Promise<RuntimeSnapshot> {
    await current.catch(() => {});
    const listing = Promise.all([runtime.listSandboxes(), runtime.listContainers()]);
    current = listing;
    next = undefined;
    const [sandboxes, containers] = await listing;
    return { sandboxes, containers };
  }

  return {
    fresh() {
      next ??= list();
      return next;
    },
  };
}
