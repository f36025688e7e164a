import type { Infer } from "../../../schema.ts";
import { field, inlined, list, oneOf, struct, t } from "../../../schema.ts";

export const execActionSchema = struct("io.k8s.api.core.v1.ExecAction", "A command to run in the container.", {
  command: field(1, list(t.string), "The command and its arguments; no shell is involved."),
});
export type ExecAction = Infer<typeof execActionSchema>;

export const grpcActionSchema = struct("io.k8s.api.core.v1.GRPCAction", "A question by the gRPC health protocol.", {
  port: field(1, t.int32, "Port to ask.", { required: true }),
  service: field(2, t.string, "Service to ask about.", { default: "", keepEmpty: true }),
});
export type GRPCAction = Infer<typeof grpcActionSchema>;

export const httpHeaderSchema = struct("io.k8s.api.core.v1.HTTPHeader", "A header of an HTTP request.", {
  name: field(1, t.string, "Name of the header.", { required: true }),
  value: field(2, t.string, "Value of the header.", { required: true }),
});
export type HTTPHeader = Infer<typeof httpHeaderSchema>;

export const httpGetActionSchema = struct("io.k8s.api.core.v1.HTTPGetAction", "An HTTP request.", {
  path: field(1, t.string, "Path to ask for.", { default: "/" }),
  port: field(2, t.intOrString, "Port to ask, by number or name.", { required: true }),
  host: field(3, t.string, "Host to ask; the pod otherwise."),
  scheme: field(4, oneOf("HTTP", "HTTPS"), "HTTP or HTTPS. Certificates are not checked.", { default: "HTTP" }),
  httpHeaders: field(5, list(httpHeaderSchema), "Headers of the request."),
});
export type HTTPGetAction = Infer<typeof httpGetActionSchema>;

export const tcpSocketActionSchema = struct("io.k8s.api.core.v1.TCPSocketAction", "A TCP connection.", {
  port: field(1, t.intOrString, "Port to connect to, by number or name.", { required: true }),
  host: field(2, t.string, "Host to connect to; the pod otherwise."),
});
export type TCPSocketAction = Infer<typeof tcpSocketActionSchema>;

export const probeHandlerSchema = struct("io.k8s.api.core.v1.ProbeHandler", "How a container is asked. Set one.", {
  exec: field(1, execActionSchema, "A command that should end with 0."),
  httpGet: field(2, httpGetActionSchema, "An HTTP request that should be answered with 200 to 399."),
  tcpSocket: field(3, tcpSocketActionSchema, "A TCP connection that should be accepted."),
  grpc: field(4, grpcActionSchema, "A question by the gRPC health protocol."),
});
export type ProbeHandler = Infer<typeof probeHandlerSchema>;

export const probeSchema = struct("io.k8s.api.core.v1.Probe", "Asks a container how it is.", {
  ...inlined(1, probeHandlerSchema),
  initialDelaySeconds: field(2, t.int32, "How long to wait before the first time, in seconds."),
  timeoutSeconds: field(3, t.int32, "How long an answer may take, in seconds.", { default: 1 }),
  periodSeconds: field(4, t.int32, "How often to ask, in seconds.", { default: 10 }),
  successThreshold: field(5, t.int32, "How many good answers in a row make it well again.", { default: 1 }),
  failureThreshold: field(6, t.int32, "How many bad answers in a row make it ill.", { default: 3 }),
  terminationGracePeriodSeconds: field(
    7,
    t.int64,
    "How long the container may take to end when it is ill, in seconds.",
    { keepEmpty: true },
  ),
});
export type Probe = Infer<typeof probeSchema>;

export const sleepActionSchema = struct("io.k8s.api.core.v1.SleepAction", "A pause.", {
  seconds: field(1, t.int64, "How long, in seconds.", { required: true }),
});
export type SleepAction = Infer<typeof sleepActionSchema>;

export const lifecycleHandlerSchema = struct(
  "io.k8s.api.core.v1.LifecycleHandler",
  "What is done at the start or end of a container. Set one.",
  {
    exec: field(1, execActionSchema, "Run a command."),
    httpGet: field(2, httpGetActionSchema, "Make an HTTP request."),
    tcpSocket: field(3, tcpSocketActionSchema, "Nothing: this never worked."),
    sleep: field(4, sleepActionSchema, "Wait."),
  },
);
export type LifecycleHandler = Infer<typeof lifecycleHandlerSchema>;

export const lifecycleSchema = struct(
  "io.k8s.api.core.v1.Lifecycle",
  "What is done when a container starts and ends.",
  {
    postStart: field(1, lifecycleHandlerSchema, "Done right after the start; the container is ended when it fails."),
    preStop: field(2, lifecycleHandlerSchema, "Done before the end."),
    stopSignal: field(3, t.string, "Signal that ends the container.", { keepEmpty: true }),
  },
);
export type Lifecycle = Infer<typeof lifecycleSchema>;
