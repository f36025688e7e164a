import type { HTTPGetAction, Probe } from "@fairlead/api/core/v1/pod/probe";
import { TIMER_MAX_MS } from "@fairlead/lib/long-timer";
import { httpRequest } from "../lifecycle/http-request.ts";
import { portNumber } from "../lifecycle/named-port.ts";
import { networkErrorText } from "../lifecycle/network-error-text.ts";
import { dial } from "../lifecycle/run-hook.ts";
import type { PodRuntime } from "../runtime/pod-runtime.ts";
import { ExecTimeoutError } from "../runtime/runtime-error.ts";
import type { AnyContainer } from "../sync/pod-state.ts";
import { checkGrpcHealth } from "./grpc-health.ts";
import type { ProbeResult } from "./probe-results.ts";

/** What is probed, and through what. */
export interface ProbeTarget {
  readonly runtime: Pick<PodRuntime, "execSync">;
  readonly container: AnyContainer;
  readonly containerId: string;
  readonly podIP: string;
}

/**
 * The result of one attempt of a probe, with its output where it failed. `unknown`: it could not run, which proves nothing about
 * the container.
 */
export interface ProbeOutcome {
  readonly result: ProbeResult | "unknown";
  readonly output: string;
}

const SUCCESS: ProbeOutcome = { result: "success", output: "" };

/**
 * Tries a probe once. Never throws.
 *
 * A connection without an answer is a failure. A runtime that cannot run the command, or a port that has no number, is `unknown`, as
 * upstream has it (pkg/probe/exec, pkg/kubelet/prober).
 */
export async function runProbe(probe: Probe, target: ProbeTarget): Promise<ProbeOutcome> {
  try {
    return await act(probe, target);
  } catch (error) {
    return { result: "unknown", output: textOf(error) };
  }
}

async function act(probe: Probe, { runtime, container, containerId, podIP }: ProbeTarget): Promise<ProbeOutcome> {
  const timeoutMs = Math.min(probe.timeoutSeconds * 1000, TIMER_MAX_MS);
  const { exec, httpGet, tcpSocket, grpc } = probe;
  if (exec !== undefined) return execProbe(runtime, containerId, exec.command ?? [], probe.timeoutSeconds);
  if (httpGet !== undefined) {
    return httpProbe(httpGet, { host: httpGet.host ?? podIP, port: portNumber(httpGet.port, container), timeoutMs });
  }
  if (tcpSocket !== undefined) {
    const { host = podIP } = tcpSocket;
    const port = portNumber(tcpSocket.port, container);
    return dial(host, port, timeoutMs).then(
      () => SUCCESS,
      (error: unknown) => failure(networkErrorText(error, host, port)),
    );
  }
  if (grpc === undefined) return SUCCESS;
  return checkGrpcHealth({ host: podIP, port: grpc.port, service: grpc.service ?? "" }, timeoutMs).then(
    () => SUCCESS,
    (error: unknown) => failure(textOf(error)),
  );
}

async function httpProbe(
  action: HTTPGetAction,
  { host, port, timeoutMs }: { readonly host: string; readonly port: number; readonly timeoutMs: number },
): Promise<ProbeOutcome> {
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const { status, body } = await httpRequest(action, { host, port, signal, userAgent: "kube-probe/1.35" });
    const healthy = status >= 200 && status < 400;
    return healthy ? { result: "success", output: body } : failure(`HTTP probe failed with statuscode: ${status}`);
  } catch (error) {
    const asked = `${action.scheme.toLowerCase()}://${host}:${port}${action.path}`;
    return failure(`Get "${asked}": ${networkErrorText(error, host, port)}`);
  }
}

async function execProbe(
  runtime: Pick<PodRuntime, "execSync">,
  containerId: string,
  command: readonly string[],
  timeoutSeconds: number,
): Promise<ProbeOutcome> {
  try {
    const { exitCode, stdout, stderr } = await runtime.execSync(containerId, command, timeoutSeconds);
    return exitCode === 0 ? SUCCESS : failure(Buffer.concat([stdout, stderr]).toString());
  } catch (error) {
    if (error instanceof ExecTimeoutError) return failure(`${error.message} after ${timeoutSeconds}s`);
    throw error;
  }
}

function failure(output: string): ProbeOutcome {
  return { result: "failure", output };
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
