import type { ApiResponse } from "../../client/transport.ts";
import { jsonResponse } from "../http/response.ts";
import type { ResourceRequestInfo } from "../request-info.ts";

const GROUP = "apiextensions.k8s.io";

/**
 * The list of custom kinds, which has nothing in it: this server has none; `undefined` for any other request.
 *
 * It is no resource of the API. kubectl, given a kind it finds nowhere, asks for it before it says `no matches for kind`,
 * and without an answer blames the server instead.
 */
export function customKinds({ group, version, resource, name, verb }: ResourceRequestInfo): ApiResponse | undefined {
  if (group !== GROUP || version !== "v1" || resource !== "customresourcedefinitions") return undefined;
  if (verb !== "list" || name !== "") return undefined;
  return jsonResponse(200, {
    kind: "CustomResourceDefinitionList",
    apiVersion: `${GROUP}/${version}`,
    metadata: {},
    items: [],
  });
}
