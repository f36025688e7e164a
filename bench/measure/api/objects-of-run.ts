import type { Access } from "../connection.ts";
import type { HttpClient, HttpRequest, HttpVersion } from "./http-client.ts";
import { openHttpClient } from "./http-client.ts";

/** Writes under way at the same time while a server is filled. */
const WAYS = 64;
/** Makes a ConfigMap of about a kilobyte. */
const TEXT = "x".repeat(700);

/** Namespaces that a run has for itself, so that each list has as many objects as were asked for. */
export interface Namespaces {
  /** Of the objects that are read. */
  readonly read: string;
  /** Of those that rows create. */
  readonly written: string;
}

export function configMapsPath(namespace: string): string {
  return `/api/v1/namespaces/${namespace}/configmaps`;
}

/** Returns the path of an object by its number from 0. */
export function configMapPath(namespace: string, number: number): string {
  return `${configMapsPath(namespace)}/${configMapName(number)}`;
}

/** Returns the request that creates an object, by a name or by the beginning of one (`generateName`). */
export function createConfigMap(namespace: string, metadata: object): HttpRequest {
  const body = { apiVersion: "v1", kind: "ConfigMap", metadata, data: { text: TEXT } };
  return { method: "POST", path: configMapsPath(namespace), body };
}

/** Returns the request that changes an object. @param value - Another one each time: a write that changes nothing is no event. */
export function changeConfigMap(path: string, value: string): HttpRequest {
  return { method: "PATCH", path, contentType: "application/merge-patch+json", body: { data: { written: value } } };
}

/** Makes the namespaces and fills the one that is read. */
export async function fillServer(access: Access, namespaces: Namespaces, objects: number): Promise<void> {
  const http: HttpVersion = "1.1";
  await using client = await openHttpClient(access, http, WAYS);
  for (const name of [namespaces.read, namespaces.written]) await createNamespace(client, name);
  let next = 0;
  const writer = async () => {
    while (next < objects) await client.ask(createConfigMap(namespaces.read, { name: configMapName(next++) }));
  };
  await Promise.all(Array.from({ length: WAYS }, writer));
}

async function createNamespace(client: HttpClient, name: string): Promise<void> {
  const body = { apiVersion: "v1", kind: "Namespace", metadata: { name } };
  await client.ask({ method: "POST", path: "/api/v1/namespaces", body });
}

function configMapName(number: number): string {
  return `bench-${String(number).padStart(7, "0")}`;
}
