import { queryBoolean } from "@fairlead/lib/query-value";
import type { ConnectOptions } from "../admission/admission.ts";
import type { ResourceRequestInfo } from "../request-info.ts";

type ReadField = (query: URLSearchParams, name: string, info: ResourceRequestInfo) => unknown;

const text: ReadField = (query, name) => query.get(name) || undefined;
const flag: ReadField = (query, name) => queryBoolean(query.get(name)) || undefined;
const texts: ReadField = (query, name) => notEmpty(query.getAll(name));
const numbers: ReadField = (query, name) => notEmpty(query.getAll(name).map(Number).filter(Number.isInteger));
/** What follows the subresource in the path. */
const rest: ReadField = (_query, _name, info) => info.rest || undefined;

const STREAMS = { stdin: flag, stdout: flag, stderr: flag, tty: flag, container: text };
/** The fields of the options of each kind; https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/ */
const FIELDS: Readonly<Record<string, Readonly<Record<string, ReadField>>>> = {
  PodExecOptions: { ...STREAMS, command: texts },
  PodAttachOptions: STREAMS,
  PodPortForwardOptions: { ports: numbers },
  PodProxyOptions: { path: rest },
  ServiceProxyOptions: { path: rest },
  NodeProxyOptions: { path: rest },
};

/** Returns the options of a connection as the object that admission sees. Fields that are empty are left out. */
export function connectOptions(kind: string, info: ResourceRequestInfo, query: URLSearchParams): ConnectOptions {
  const fields = Object.entries(FIELDS[kind] ?? {})
    .map(([name, read]) => [name, read(query, name, info)] as const)
    .filter(([, value]) => value !== undefined);
  return { kind, apiVersion: "v1", ...Object.fromEntries(fields) };
}

function notEmpty<T>(values: readonly T[]): readonly T[] | undefined {
  return values.length === 0 ? undefined : values;
}
