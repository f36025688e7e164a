import type { ConfigMap } from "@fairlead/api/core/v1/configmap/configmap";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { DownwardAPIVolumeFile, KeyToPath } from "@fairlead/api/core/v1/pod/volume";
import type { Secret } from "@fairlead/api/core/v1/secret/secret";
import type { PodAddresses } from "../env/field-value.ts";
import { fieldValue } from "../env/field-value.ts";
import { resourceValue } from "../env/resource-value.ts";
import { containerNamed } from "../sync/pod-state.ts";
import { VolumeError } from "./volume-error.ts";

/** One file of a volume that is written from objects. */
export interface VolumeFile {
  readonly data: Uint8Array;
  /** Permission bits. */
  readonly mode: number;
  /** Owner of the file where it is not root: the user of a pod that reads its token. */
  readonly uid?: number;
}

/** The files of a volume by their paths in it, with `/`. */
export type Payload = ReadonlyMap<string, VolumeFile>;

/** Upstream's words. */
const MISSING_KEY = {
  configmap: "configmap references non-existent config key",
  secret: "references non-existent secret key",
} as const;

/** How keys become files. */
export interface KeySelection {
  /** For messages. */
  readonly kind: keyof typeof MISSING_KEY;
  readonly name: string;
  readonly items: readonly KeyToPath[] | undefined;
  readonly mode: number;
  readonly optional: boolean;
}

/** The files of a ConfigMap: all its keys, or the chosen ones at the given paths. */
export function configMapPayload(object: ConfigMap | undefined, selection: KeySelection): Payload {
  const text = Object.entries(object?.data ?? {}).map(
    ([key, value]) => [key, new TextEncoder().encode(value)] as const,
  );
  const binary = Object.entries(object?.binaryData ?? {}).map(([key, value]) => [key, bytesOf(value)] as const);
  return chosen(object && new Map([...text, ...binary]), selection);
}

/** The files of a Secret. */
export function secretPayload(object: Secret | undefined, selection: KeySelection): Payload {
  const all = Object.entries(object?.data ?? {}).map(([key, value]) => [key, bytesOf(value)] as const);
  return chosen(object && new Map(all), selection);
}

function chosen(data: ReadonlyMap<string, Uint8Array> | undefined, selection: KeySelection): Payload {
  const { kind, name, items, mode, optional } = selection;
  if (data === undefined) {
    if (optional) return new Map();
    throw new VolumeError(`${kind} "${name}" not found`);
  }
  if (items === undefined) return new Map([...data].map(([key, bytes]) => [key, { data: bytes, mode }]));

  const files = new Map<string, VolumeFile>();
  for (const item of items) {
    const bytes = data.get(item.key);
    if (bytes === undefined && !optional) throw new VolumeError(`${MISSING_KEY[kind]}: ${item.key}`);
    if (bytes !== undefined) files.set(item.path, { data: bytes, mode: item.mode ?? mode });
  }
  return files;
}

/** The files that show a pod's own fields and its containers' resources. */
export function downwardPayload(
  pod: Pod,
  items: readonly DownwardAPIVolumeFile[],
  {
    mode,
    addresses,
    allocatable,
  }: {
    readonly mode: number;
    readonly addresses: PodAddresses;
    readonly allocatable: Readonly<Record<string, string>>;
  },
): Payload {
  const text = ({ fieldRef, resourceFieldRef }: DownwardAPIVolumeFile) => {
    if (fieldRef !== undefined) return fieldValue(pod, fieldRef.fieldPath, addresses);
    const container = containerNamed(pod, resourceFieldRef?.containerName ?? "");
    if (resourceFieldRef === undefined || container === undefined)
      throw new VolumeError("the downward API item names no container of the pod");
    return resourceValue(container, resourceFieldRef, allocatable);
  };
  return new Map(
    items.map((item) => [item.path, { data: new TextEncoder().encode(text(item)), mode: item.mode ?? mode }]),
  );
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
}
