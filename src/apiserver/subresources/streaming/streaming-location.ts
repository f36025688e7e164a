import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { StatusError } from "@fairlead/api/status-error";
import { queryBoolean } from "@fairlead/lib/query-value";

/** Where on a node's kubelet a stream is to be had. */
export interface StreamingLocation {
  readonly nodeName: string;
  /** Path and query, percent-encoded. */
  readonly path: string;
}

/**
 * Where to exec in, or attach to, a container.
 *
 * @param query - `PodExecOptions` or `PodAttachOptions`, as the client sent them.
 * @throws {StatusError} `BadRequest` when the container is unknown or unclear, or the pod has no node yet.
 */
export function containerLocation(pod: Pod, type: "exec" | "attach", query: URLSearchParams): StreamingLocation {
  const container = chosenContainer(pod, query.get("container") ?? "");
  const nodeName = nodeOf(pod);
  const wanted = new URLSearchParams();
  if (queryBoolean(query.get("stdin"))) wanted.append("input", "1");
  if (queryBoolean(query.get("stdout"))) wanted.append("output", "1");
  if (queryBoolean(query.get("stderr"))) wanted.append("error", "1");
  if (queryBoolean(query.get("tty"))) wanted.append("tty", "1");
  if (type === "exec") for (const word of query.getAll("command")) wanted.append("command", word);
  const { namespace = "", name } = pod.metadata;
  return { nodeName, path: `/${type}/${[namespace, name, container].map(encodeURIComponent).join("/")}?${wanted}` };
}

/** Where to forward ports of a pod. Over SPDY the ports are named later, stream by stream. */
export function portForwardLocation(pod: Pod, query: URLSearchParams): StreamingLocation {
  const nodeName = nodeOf(pod);
  const ports = query.getAll("ports").flatMap((value) => value.split(","));
  const { namespace = "", name } = pod.metadata;
  const search = ports.length === 0 ? "" : `?${new URLSearchParams({ port: ports.join(",") })}`;
  return { nodeName, path: `/portForward/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}${search}` };
}

/**
 * The container meant, which may be left out when there is but one.
 *
 * @throws {StatusError} `BadRequest`, worded as upstream.
 */
export function chosenContainer(pod: Pod, asked: string): string {
  const { containers, initContainers = [], ephemeralContainers = [] } = pod.spec;
  const names = [...initContainers, ...containers, ...ephemeralContainers].map(({ name }) => name);
  if (asked !== "") {
    if (names.includes(asked)) return asked;
    throw new StatusError("BadRequest", `container ${asked} is not valid for pod ${pod.metadata.name}`);
  }
  const [only, another] = containers;
  if (only !== undefined && another === undefined) return only.name;
  const choice = only === undefined ? "" : `, choose one of: [${names.join(" ")}]`;
  throw new StatusError("BadRequest", `a container name must be specified for pod ${pod.metadata.name}${choice}`);
}

function nodeOf(pod: Pod): string {
  const { nodeName } = pod.spec;
  if (nodeName !== undefined && nodeName !== "") return nodeName;
  throw new StatusError("BadRequest", `pod ${pod.metadata.name} does not have a host assigned`);
}
