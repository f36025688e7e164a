import net from "node:net";
import type { LifecycleHandler } from "@fairlead/api/core/v1/pod/probe";
import { boundedSeconds } from "@fairlead/api/int64";
import type { Clock } from "@fairlead/lib/clock";
import type { PodRuntime } from "../runtime/pod-runtime.ts";
import type { AnyContainer } from "../sync/pod-state.ts";
import { HandlerError } from "./handler-error.ts";
import { httpRequest } from "./http-request.ts";
import { portNumber } from "./named-port.ts";

/** Where and through what a hook runs. */
export interface HookContext {
  readonly runtime: Pick<PodRuntime, "execSync">;
  readonly clock: Clock;
  readonly container: AnyContainer;
  readonly containerId: string;
  readonly podIP: string;
  readonly signal: AbortSignal;
}

const DIAL_TIMEOUT_MS = 30_000;

/** Runs a postStart or preStop hook to its end. Throws {@link HandlerError} when it fails. */
export async function runHook(hook: LifecycleHandler, context: HookContext): Promise<void> {
  const { runtime, clock, container, containerId, podIP, signal } = context;
  if (hook.exec !== undefined) {
    const { exitCode, stdout, stderr } = await runtime.execSync(containerId, hook.exec.command ?? [], 0);
    if (exitCode === 0) return;
    const output = Buffer.concat([stdout, stderr]).toString().trim();
    throw new HandlerError(`command '${(hook.exec.command ?? []).join(" ")}' exited with ${exitCode}: ${output}`);
  }
  if (hook.httpGet !== undefined) {
    const { host = podIP, port } = hook.httpGet;
    const target = { host, port: portNumber(port, container), signal, userAgent: "kube-lifecycle/1.35" };
    // However long it takes, as the pod's grace limits it, and whatever the answer is: upstream looks at neither.
    await httpRequest(hook.httpGet, target);
  }
  if (hook.tcpSocket !== undefined)
    await dial(hook.tcpSocket.host ?? podIP, portNumber(hook.tcpSocket.port, container), DIAL_TIMEOUT_MS);
  if (hook.sleep !== undefined) await clock.sleep(boundedSeconds(hook.sleep.seconds) * 1000, signal).catch(() => {});
}

/** Opens a TCP connection and closes it. Rejects when none is accepted in time. */
export function dial(host: string, port: number, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host, port });
    const timer = setTimeout(() => socket.destroy(new Error(`dial tcp ${host}:${port}: i/o timeout`)), timeoutMs);
    socket.once("connect", () => {
      clearTimeout(timer);
      socket.destroy();
      resolve();
    });
    socket.once("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
  });
}
