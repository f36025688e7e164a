import type { Infer } from "../../../schema.ts";
import { field, inlined, list, oneOf, struct, t } from "../../../schema.ts";

export const execActionSchema = struct("io.k8s.api.core.v1.ExecAction", "", {
  command: field(1, list(t.string), ""),
});
export type ExecAction = Infer<typeof execActionSchema>;

export const grpcActionSchema = struct("io.k8s.api.core.v1.GRPCAction", "", {
  port: field(1, t.int32, "", { required: true }),
  service: field(2, t.string, "", { default: "" }),
});
export type GRPCAction = Infer<typeof grpcActionSchema>;

export const httpHeaderSchema = struct("io.k8s.api.core.v1.HTTPHeader", "", {
  name: field(1, t.string, "", { required: true }),
  value: field(2, t.string, "", { required: true }),
});
export type HTTPHeader = Infer<typeof httpHeaderSchema>;

export const httpGetActionSchema = struct("io.k8s.api.core.v1.HTTPGetAction", "", {
  path: field(1, t.string, "", { default: "/" }),
  port: field(2, t.intOrString, "", { required: true }),
  host: field(3, t.string, ""),
  scheme: field(4, oneOf("HTTP", "HTTPS"), "", { default: "HTTP" }),
  httpHeaders: field(5, list(httpHeaderSchema), ""),
});
export type HTTPGetAction = Infer<typeof httpGetActionSchema>;

export const tcpSocketActionSchema = struct("io.k8s.api.core.v1.TCPSocketAction", "", {
  port: field(1, t.intOrString, "", { required: true }),
  host: field(2, t.string, ""),
});
export type TCPSocketAction = Infer<typeof tcpSocketActionSchema>;

export const probeHandlerSchema = struct("io.k8s.api.core.v1.ProbeHandler", "", {
  exec: field(1, execActionSchema, ""),
  httpGet: field(2, httpGetActionSchema, ""),
  tcpSocket: field(3, tcpSocketActionSchema, ""),
  grpc: field(4, grpcActionSchema, ""),
});
export type ProbeHandler = Infer<typeof probeHandlerSchema>;

export const probeSchema = struct("io.k8s.api.core.v1.Probe", "", {
  ...inlined(1, probeHandlerSchema),
  initialDelaySeconds: field(2, t.int32, ""),
  timeoutSeconds: field(3, t.int32, "", { default: 1 }),
  periodSeconds: field(4, t.int32, "", { default: 10 }),
  successThreshold: field(5, t.int32, "", { default: 1 }),
  failureThreshold: field(6, t.int32, "", { default: 3 }),
  terminationGracePeriodSeconds: field(7, t.int64, "", { keepEmpty: true }),
});
export type Probe = Infer<typeof probeSchema>;

export const sleepActionSchema = struct("io.k8s.api.core.v1.SleepAction", "", {
  seconds: field(1, t.int64, "", { required: true }),
});
export type SleepAction = Infer<typeof sleepActionSchema>;

export const lifecycleHandlerSchema = struct("io.k8s.api.core.v1.LifecycleHandler", "", {
  exec: field(1, execActionSchema, ""),
  httpGet: field(2, httpGetActionSchema, ""),
  tcpSocket: field(3, tcpSocketActionSchema, ""),
  sleep: field(4, sleepActionSchema, ""),
});
export type LifecycleHandler = Infer<typeof lifecycleHandlerSchema>;

export const lifecycleSchema = struct("io.k8s.api.core.v1.Lifecycle", "", {
  postStart: field(1, lifecycleHandlerSchema, ""),
  preStop: field(2, lifecycleHandlerSchema, ""),
  stopSignal: field(3, t.string, "", { keepEmpty: true }),
});
export type Lifecycle = Infer<typeof lifecycleSchema>;
