import { messageCodec } from "./message-codec.ts";

/** Methods of the runtime that are used, by service. */
const methods = {
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
    "UpdateContainerResources",
    "ContainerStats",
    "ReopenContainerLog",
    "ExecSync",
    "Exec",
    "Attach",
    "PortForward",
    "Status",
    "GetContainerEvents",
  ],
  ImageService: ["ListImages", "ImageStatus", "PullImage", "RemoveImage"],
} as const;

/** The name of a method whose response is a stream of messages. */
export type CriStreamMethod = "GetContainerEvents";

/** The name of a method with one response, without its service. */
export type CriMethod = Exclude<(typeof methods)[keyof typeof methods][number], CriStreamMethod>;

/** How one call of CRI v1 is written to the wire. */
export interface CriMethodDefinition {
  /** `/runtime.v1.RuntimeService/Version` */
  readonly path: string;
  encodeRequest(request: object): Buffer;
  /** Throws as `decode` of the codec does. */
  decodeResponse(bytes: Buffer): object;
}

/** Returns the wire form of one call. */
export function criMethod(name: CriMethod | CriStreamMethod): CriMethodDefinition {
  const images: readonly string[] = methods.ImageService;
  const service = images.includes(name) ? "ImageService" : "RuntimeService";
  const { request, response } = criMethodMessages(name);
  return {
    path: `/runtime.v1.${service}/${name}`,
    encodeRequest: (message) => messageCodec(request).encode(message),
    decodeResponse: (bytes) => messageCodec(response).decode(bytes),
  };
}

/** Returns the names of the messages that a call sends and receives. */
export function criMethodMessages(name: CriMethod | CriStreamMethod): {
  readonly request: string;
  readonly response: string;
} {
  if (name === "GetContainerEvents") return { request: "GetEventsRequest", response: "ContainerEventResponse" };
  return { request: `${name}Request`, response: `${name}Response` };
}
