import type { FieldError } from "../../../../field-error.ts";
import { forbidden, invalid, invalidFor, notSupported, required } from "../../../../field-error.ts";
import type { Int64 } from "../../../../int64.ts";
import { httpHeaderProblems, portNumberProblems } from "../../../../names.ts";
import { validatePortNumberOrName } from "../../service/validate-service-ports.ts";
import type { ExecAction, HTTPGetAction, Lifecycle, LifecycleHandler, Probe } from "../probe.ts";

const SCHEMES = ["HTTP", "HTTPS"];
const COUNTS = [
  "initialDelaySeconds",
  "timeoutSeconds",
  "periodSeconds",
  "successThreshold",
  "failureThreshold",
] as const;

/** What is wrong with a probe, which depends on what it is for. */
export function validateProbe(
  purpose: "liveness" | "readiness" | "startup",
  probe: Probe | undefined,
  path: string,
): FieldError[] {
  if (probe === undefined) return [];
  const grace = probe.terminationGracePeriodSeconds;
  return [
    ...validateHandler(probe, path),
    ...COUNTS.flatMap((name) =>
      (probe[name] ?? 0) < 0 ? [invalid(`${path}.${name}`, probe[name], "must be greater than or equal to 0")] : [],
    ),
    ...(grace !== undefined && grace <= 0
      ? [invalid(`${path}.terminationGracePeriodSeconds`, grace, "must be greater than 0")]
      : []),
    ...(purpose === "readiness" && grace !== undefined
      ? [invalid(`${path}.terminationGracePeriodSeconds`, grace, "must not be set for readinessProbes")]
      : []),
    ...(purpose !== "readiness" && probe.successThreshold !== 1
      ? [invalid(`${path}.successThreshold`, probe.successThreshold, "must be 1")]
      : []),
  ];
}

/** What is wrong with what is done when a container starts and ends. */
export function validateLifecycle(lifecycle: Lifecycle | undefined, graceSeconds: Int64, path: string): FieldError[] {
  return (["postStart", "preStop"] as const).flatMap((name) => {
    const handler = lifecycle?.[name];
    if (handler === undefined) return [];
    return [
      ...validateHandler(handler, `${path}.${name}`),
      ...validateSleep(handler, graceSeconds, `${path}.${name}.sleep`),
    ];
  });
}

function validateSleep({ sleep }: LifecycleHandler, graceSeconds: Int64, path: string): FieldError[] {
  if (sleep === undefined || (sleep.seconds >= 0 && sleep.seconds <= graceSeconds)) return [];
  const detail = `must be non-negative and less than terminationGracePeriodSeconds (${graceSeconds})`;
  return [invalid(path, sleep.seconds, detail)];
}

/** The handlers of a probe or hook: exactly one has to be chosen. */
type Handler = Partial<Pick<Probe, "exec" | "httpGet" | "tcpSocket" | "grpc"> & Pick<LifecycleHandler, "sleep">>;

function validateHandler(handler: Handler, path: string): FieldError[] {
  const [chosen, ...others] = (["exec", "httpGet", "tcpSocket", "grpc", "sleep"] as const).filter(
    (name) => handler[name] !== undefined,
  );
  if (chosen === undefined) return [required(path, "must specify a handler type")];
  return [
    ...validateChosen(handler, `${path}.${chosen}`),
    ...others.map((name) => forbidden(`${path}.${name}`, "may not specify more than 1 handler type")),
  ];
}

function validateChosen({ exec, httpGet, tcpSocket, grpc }: Handler, path: string): FieldError[] {
  if (exec !== undefined) return validateExec(exec, path);
  if (httpGet !== undefined) return validateHttpGet(httpGet, path);
  if (tcpSocket !== undefined) return validatePortNumberOrName(tcpSocket.port, `${path}.port`);
  return grpc === undefined ? [] : invalidFor(`${path}.port`, grpc.port, portNumberProblems(grpc.port));
}

function validateExec({ command = [] }: ExecAction, path: string): FieldError[] {
  return command.length === 0 ? [required(`${path}.command`)] : [];
}

function validateHttpGet({ port, scheme, httpHeaders = [] }: HTTPGetAction, path: string): FieldError[] {
  return [
    ...validatePortNumberOrName(port, `${path}.port`),
    ...(SCHEMES.includes(scheme) ? [] : [notSupported(`${path}.scheme`, scheme, SCHEMES)]),
    ...httpHeaders.flatMap(({ name }) => invalidFor(`${path}.httpHeaders`, name, httpHeaderProblems(name))),
  ];
}
