import { randomInt } from "node:crypto";
import type { Duplex } from "node:stream";
import { endpointsKind } from "@fairlead/api/core/v1/endpoints/endpoints";
import { type Node, nodeKind } from "@fairlead/api/core/v1/node/node";
import { type Pod, podKind } from "@fairlead/api/core/v1/pod/pod";
import { type Service, serviceKind } from "@fairlead/api/core/v1/service/service";
import { StatusError } from "@fairlead/api/status-error";
import type { Client } from "@fairlead/client/client";
import { getIfThere } from "@fairlead/client/get-if-there";
import type { ApiRequest, ApiResponse } from "@fairlead/client/transport/transport";
import { passAnswerOn } from "@fairlead/streaming/upgrade/pass-answer-on";
import { requestUpgrade } from "@fairlead/streaming/upgrade/request-upgrade";
import { responseAnswer } from "../../answers/answer.ts";
import { textResponse } from "../../http/response.ts";
import { notFound } from "../../registry/refusals.ts";
import { endToEndHeaders } from "../end-to-end.ts";
import type { KubeletConnection } from "../kubelet-connection.ts";
import { authority, kubeletEndpoint } from "../kubelet-endpoint.ts";
import type { SubresourceHandler, SubresourceRequest } from "../subresource.ts";
import { withoutCredentials } from "../without-credentials.ts";
import { proxiedResponse } from "./proxied-response.ts";
import { type ProxyBackend, targetBackend } from "./proxy-backend.ts";
import { proxyPath } from "./proxy-path.ts";
import {
  nodeTarget,
  noEndpoints,
  type ProxyName,
  podTarget,
  proxyName,
  refuseForbiddenAddress,
  type ServiceEndpoint,
  serviceEndpoints,
} from "./proxy-target.ts";

/** How proxies find what they lead to. */
export interface ProxyOptions {
  readonly client: Pick<Client, "get">;
  readonly kubelets: KubeletConnection;
}

/** `nodes/proxy`, `pods/proxy` and `services/proxy`: HTTP to what only the cluster can reach, WebSockets included. */
export function proxySubresources({ client, kubelets }: ProxyOptions): readonly SubresourceHandler[] {
  return [
    proxySubresource(nodeKind.plural, async ({ parent, name }) =>
      nodeBackend(kubelets, parent as Node, proxyName(name, "node")),
    ),
    proxySubresource(podKind.plural, async ({ parent, name }) =>
      targetBackend(podTarget(parent as Pod, proxyName(name, "pod"))),
    ),
    proxySubresource(serviceKind.plural, async ({ parent, namespace, name }) => {
      const asked = proxyName(name, "service");
      const endpoints = await getIfThere(client, endpointsKind, { namespace, name: asked.name });
      if (endpoints === undefined) throw notFound(endpointsKind, asked.name);
      const all = serviceEndpoints(parent as Service, endpoints, asked);
      const first = all.length === 0 ? 0 : randomInt(all.length);
      for (const endpoint of [...all.slice(first), ...all.slice(0, first)]) {
        if (!(await isPod(client, namespace, endpoint))) continue;
        refuseForbiddenAddress(endpoint.target.host);
        return targetBackend(endpoint.target);
      }
      throw noEndpoints((endpoints.subsets ?? []).length === 0 ? asked.name : name);
    }),
  ];
}

/**
 * Whether an endpoint is the pod that it says it is. Who writes Endpoints would lead the API server to any address
 * otherwise.
 */
async function isPod(client: ProxyOptions["client"], namespace: string, endpoint: ServiceEndpoint): Promise<boolean> {
  const { target, pod } = endpoint;
  if (pod?.name === undefined || pod.namespace !== namespace) return false;
  const found = await getIfThere(client, podKind, { namespace, name: pod.name });
  return found?.status.podIPs?.some(({ ip }) => ip === target.host) ?? false;
}

/** The registry serves a proxy only below the resource it is listed under, so the parent is one. */
type FindBackend = (request: SubresourceRequest) => Promise<ProxyBackend>;

/** A node's kubelet, or, at another port than its, what listens there. */
function nodeBackend(kubelets: KubeletConnection, node: Node, asked: ProxyName): ProxyBackend {
  const endpoint = kubeletEndpoint(node);
  refuseForbiddenAddress(endpoint.host);
  if (asked.port !== "" && asked.port !== String(endpoint.port)) return targetBackend(nodeTarget(endpoint.host, asked));
  return {
    ...endpoint,
    request: (request) => kubelets.request(endpoint, request),
    connect: async () => (await kubelets.connect(endpoint)).socket,
  };
}

function proxySubresource(groupResource: string, find: FindBackend): SubresourceHandler {
  return {
    groupResource,
    name: "proxy",
    isLong: true,

    async handle(asked) {
      const { request } = asked;
      const { prefix, rest, query } = proxyPath(request.path);
      // Relative links in what is served would miss the last part of the path.
      if (rest === "" && (request.method === "GET" || request.method === "HEAD"))
        return responseAnswer(textResponse(301, "", { location: `${prefix}/${query}` }));
      return responseAnswer(await proxied(await find(asked), request));
    },

    async upgrade(asked, socket, head) {
      await upgradeThrough(await find(asked), asked.request, { socket, head });
    },
  };
}

/** Passes a request on to `backend`, and the answer back. */
export async function proxied(backend: ProxyBackend, request: ApiRequest): Promise<ApiResponse> {
  const { prefix, rest, query } = proxyPath(request.path);
  const headers = { ...passedOn(request, backend), "x-forwarded-uri": `${prefix}${rest}` };
  const response = await backend.request({ ...request, path: `${rest || "/"}${query}`, headers });
  const location = { prefix, backend: authority(backend), requestHost: request.headers.host ?? "" };
  return proxiedResponse(response, location);
}

/** Returns the headers for the backend: end-to-end, without credentials, with the client's Host and address. */
function passedOn({ headers, clientAddress }: ApiRequest, backend: ProxyBackend): Record<string, string> {
  const forwardedFor = [headers["x-forwarded-for"], clientAddress].filter((part) => part !== undefined);
  return {
    host: authority(backend),
    ...withoutCredentials(endToEndHeaders(headers)),
    ...(forwardedFor.length > 0 && { "x-forwarded-for": forwardedFor.join(", ") }),
  };
}

interface Taken {
  readonly socket: Duplex;
  readonly head: Buffer;
}

async function upgradeThrough(backend: ProxyBackend, request: ApiRequest, taken: Taken): Promise<void> {
  const { socket, head } = taken;
  const { rest, query } = proxyPath(request.path);
  const toBackend = await backend.connect();
  const answer = await requestUpgrade({
    host: backend.host,
    port: backend.port,
    method: request.method,
    path: `${rest || "/"}${query}`,
    headers: { ...passedOn(request, backend), connection: "Upgrade", upgrade: request.headers.upgrade ?? "" },
    socket: toBackend,
  }).catch((cause: Error) => {
    toBackend.destroy();
    throw new StatusError("ServiceUnavailable", `error trying to reach service: ${cause.message}`, { cause });
  });
  if (!answer.upgraded) toBackend.destroy();
  await passAnswerOn(answer, { socket, head });
}
