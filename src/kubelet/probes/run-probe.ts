import type { Probe } from "../../api/core/v1/pod/probe.ts";
import { HandlerError } from "../lifecycle/handler-error.ts";
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

/** One try of a probe, and what it said where it failed. */
export interface ProbeOutcome {
  readonly result: ProbeResult;
  readonly output: string;
}

const SUCCESS: ProbeOutcome = { result: "success", output: "" };

/** Tries a probe once. Never throws: whatever goes wrong is a failure with its text. */
export async function runProbe(probe: Probe, target: ProbeTarget): Promise<ProbeOutcome> {
  try {
    return await act(probe, target);
  } catch (error) {
    return { result: "failure", output: error instanceof Error ? error.message : String(error) };
  }
}

async function act(probe: Probe, { runtime, container, containerId, podIP }: ProbeTarget): Promise<ProbeOutcome> {
  const timeoutMs = probe.timeoutSeconds * 1000;
  const { exec, httpGet, tcpSocket, grpc } = probe;
  if (exec !== undefined) return execProbe(runtime, containerId, exec.command ?? [], probe.timeoutSeconds);
  if (httpGet !== undefined) {
    const host = httpGet.host ?? podIP;
    const port = portNumber(httpGet.port, container);
    const signal = AbortSignal.timeout(timeoutMs);
    const { status, body } = await httpRequest(httpGet, { host, port, signal, userAgent: "kube-probe/1.35" }).catch(
      (error: Error) => {
        throw new HandlerError(
          `Get "${httpGet.scheme.toLowerCase()}://${host}:${port}${httpGet.path}": ${networkErrorText(error, host, port)}`,
          { cause: error },
        );
      },
    );
    const healthy = status >= 200 && status < 400;
    return healthy
      ? { result: "success", output: body }
      : { result: "failure", output: `HTTP probe failed with statuscode: ${status}` };
  }
  if (tcpSocket !== undefined) {
    const { host = podIP } = tcpSocket;
    const port = portNumber(tcpSocket.port, container);
    await dial(host, port, timeoutMs).catch((error: unknown) => {
      throw new HandlerError(networkErrorText(error, host, port), { cause: error });
    });
  }
  if (grpc !== undefined)
    await checkGrpcHealth({ host: podIP, port: grpc.port, service: grpc.service ?? "" }, timeoutMs);
  return SUCCESS;
}

async function execProbe(
  runtime: Pick<PodRuntime, "execSync">,
  containerId: string,
  command: readonly string[],
  timeoutSeconds: number,
): Promise<ProbeOutcome> {
  try {
    const { exitCode, stdout, stderr } = await runtime.execSync(containerId, command, timeoutSeconds);
    return exitCode === 0 ? SUCCESS : { result: "failure", output: Buffer.concat([stdout, stderr]).toString() };
  } catch (error) {
    if (error instanceof ExecTimeoutError)
      return { result: "failure", output: `${error.message} after ${timeoutSeconds}s` };
    throw error;
  }
}
