import { goQuote } from "@fairlead/api/go-quote";
import { StatusError } from "@fairlead/api/status-error";
import type { User } from "./authn/authenticator.ts";
import type { Attributes, Authorizer, ResourceAttributes } from "./authz/authorizer.ts";
import type { RequestInfo } from "./request-info.ts";

/** What an authorizer is asked about a request. */
export function attributesOf(info: RequestInfo, user: User): Attributes {
  if (info.type === "path") return { type: "nonResource", user, verb: info.verb, path: info.path };
  const { verb, group, version, resource, subresource, namespace, name, fieldSelector } = info;
  const about = { group, version, resource, subresource, namespace, name };
  return { type: "resource", user, verb, ...about, ...(fieldSelector !== "" && { fieldSelector }) };
}

/** @throws {StatusError} `Forbidden` when no authorizer allows it, in upstream's words. */
export function assertAllowed(authorizer: Authorizer, attributes: Attributes): void {
  const { verdict, reason } = authorizer.authorize(attributes);
  if (verdict !== "allow") throw forbidden(attributes, reason);
}

/** `pods "p" is forbidden: User "jane" cannot get resource "pods" in API group "" in the namespace "default"` */
export function forbidden(attributes: Attributes, reason: string): StatusError {
  const because = reason === "" ? "" : `: ${reason}`;
  const user = goQuote(attributes.user.name);
  if (attributes.type === "nonResource") {
    const { verb, path } = attributes;
    const message = `forbidden: User ${user} cannot ${verb} path ${goQuote(path)}${because}`;
    return new StatusError("Forbidden", message, { details: {} });
  }
  const { group, resource, name } = attributes;
  const qualified = group === "" ? resource : `${resource}.${group}`;
  const about = name === "" ? `${qualified} is forbidden` : `${qualified} ${goQuote(name)} is forbidden`;
  return new StatusError("Forbidden", `${about}: User ${user} cannot ${what(attributes)}${because}`, {
    details: { ...(name !== "" && { name }), ...(group !== "" && { group }), kind: resource },
  });
}

function what({ verb, group, resource, subresource, namespace }: ResourceAttributes): string {
  const full = subresource === "" ? resource : `${resource}/${subresource}`;
  const where = namespace === "" ? "at the cluster scope" : `in the namespace ${goQuote(namespace)}`;
  return `${verb} resource ${goQuote(full)} in API group ${goQuote(group)} ${where}`;
}
