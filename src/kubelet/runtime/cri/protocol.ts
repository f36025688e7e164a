import type { MethodDefinition, ServiceDefinition } from "@grpc/proto-loader";
import { fromJSON } from "@grpc/proto-loader";
import { criEnums, criMessages } from "./messages.ts";

/** Methods of the runtime that are used, by service; `Request` and `Response` are appended to give the message names. */
const unary = {
  RuntimeService: [
    "Version",
    "RunPodSandbox",
    "StopPodSandbox",
    "RemovePodSandbox",
    "PodSandboxStatus",
    "ListPodSandbox",
    "CreateContainer",
    "StartContainer",
    "StopContainer",
    "RemoveContainer",
    "ListContainers",
    "ContainerStatus",
    "ReopenContainerLog",
    "ExecSync",
    "Exec",
    "Attach",
    "PortForward",
    "Status",
  ],
  ImageService: ["ListImages", "ImageStatus", "PullImage", "RemoveImage"],
} as const;

const events = { GetContainerEvents: { requestType: "GetEventsRequest", responseType: "ContainerEventResponse" } };

/** The name of a call, without its service. */
export type CriMethod = (typeof unary)[keyof typeof unary][number];

/** How one call of CRI v1 is written to the wire: gRPC path, encoder, decoder. */
export type CriMethodDefinition = MethodDefinition<object, object>;

const definition = fromJSON(
  {
    nested: {
      runtime: {
        nested: {
          v1: {
            nested: {
              ...Object.fromEntries(Object.entries(criMessages).map(([name, text]) => [name, messageJson(text)])),
              ...Object.fromEntries(Object.entries(criEnums).map(([name, values]) => [name, { values }])),
              RuntimeService: { methods: { ...methodsJson(unary.RuntimeService), GetContainerEvents: eventsJson() } },
              ImageService: { methods: methodsJson(unary.ImageService) },
            },
          },
        },
      },
    },
  },
  { longs: Number, enums: String, defaults: true, arrays: true, objects: true },
);

/** The wire form of one call. */
export function criMethod(name: CriMethod | "GetContainerEvents"): CriMethodDefinition {
  for (const service of ["RuntimeService", "ImageService"]) {
    const method = (definition[`runtime.v1.${service}`] as ServiceDefinition | undefined)?.[name];
    if (method !== undefined) return method;
  }
  throw new Error(`CRI has no method ${name}`);
}

function methodsJson(names: readonly string[]) {
  return Object.fromEntries(
    names.map((name) => [name, { requestType: `${name}Request`, responseType: `${name}Response`, comment: "" }]),
  );
}

function eventsJson() {
  return { ...events.GetContainerEvents, responseStream: true, comment: "" };
}

/** Turns `string name = 1; repeated Mount mounts = 2; map<string, string> labels = 3` into protobufjs's JSON form. */
function messageJson(text: string) {
  const fields = text
    .split(";")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map((line) => {
      const match = /^(repeated )?(?:map<string, (\w+)>|(\w+)) (\w+) = (\d+)$/.exec(line);
      if (match === null) throw new Error(`not a field: ${line}`);
      const [, repeated, mapValue, type, name = "", id] = match;
      const field = {
        id: Number(id),
        type: mapValue ?? type ?? "",
        ...(mapValue !== undefined && { keyType: "string" }),
        ...(repeated !== undefined && { rule: "repeated" }),
      };
      return [name, field] as const;
    });
  return { fields: Object.fromEntries(fields) };
}
