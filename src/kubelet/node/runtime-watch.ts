import type { Clock } from "@fairlead/lib/clock";
import type { Running } from "@fairlead/lib/running";
import { startLoop } from "@fairlead/lib/start-loop";
import type { PodRuntime, RuntimeStatus } from "../runtime/pod-runtime.ts";

/** The runtime's readiness as last seen; `unreachable` says why it does not answer. */
export type SeenStatus = RuntimeStatus | { readonly unreachable: string };

/** Looks at the runtime: often until it is ready to start pods, then now and then. */
export interface RuntimeWatch extends Running {
  readonly status: SeenStatus;
}

const NOT_READY_INTERVAL_MS = 100;
const READY_INTERVAL_MS = 10_000;

/** @param onChange - Called when the readiness has changed. */
export function startRuntimeWatch(
  runtime: Pick<PodRuntime, "status">,
  clock: Clock,
  onChange: () => void,
): RuntimeWatch {
  let status: SeenStatus = { unreachable: "not asked yet" };

  async function look(): Promise<SeenStatus> {
    try {
      return await runtime.status();
    } catch (error) {
      return { unreachable: error instanceof Error ? error.message : String(error) };
    }
  }

  async function turn(): Promise<number> {
    const next = await look();
    const changed = JSON.stringify(next) !== JSON.stringify(status);
    status = next;
    if (changed) onChange();
    return isReady(status) ? READY_INTERVAL_MS : NOT_READY_INTERVAL_MS;
  }

  return {
    ...startLoop({ turn, clock }),
    get status() {
      return status;
    },
  };
}

function isReady(status: SeenStatus): boolean {
  return !("unreachable" in status) && status.ready && status.networkReady;
}
