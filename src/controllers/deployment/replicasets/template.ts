import { encodeValue } from "@fairlead/api/codec/encode-value";
import type { PodTemplateSpec } from "@fairlead/api/core/v1/pod/pod-template";
import { podTemplateSpecSchema } from "@fairlead/api/core/v1/pod/pod-template";
import { deepEqual } from "@fairlead/api/deep-equal";
import { DNS_SUBDOMAIN_MAX } from "@fairlead/api/names";

/** The label that distinguishes the pods of one ReplicaSet from those of its siblings. */
export const POD_TEMPLATE_HASH = "pod-template-hash";

/** Letters and digits that make no words and are not mixed up. Upstream's (apimachinery util/rand). */
const ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

/** Whether both make the same pods. The label that the controller itself adds does not count. */
export function sameTemplate(a: PodTemplateSpec, b: PodTemplateSpec): boolean {
  return deepEqual(withoutHash(a), withoutHash(b));
}

/** The template as the Deployment has it. */
export function withoutHash(template: PodTemplateSpec): PodTemplateSpec {
  if (template.metadata.labels?.[POD_TEMPLATE_HASH] === undefined) return template;
  const { [POD_TEMPLATE_HASH]: _, ...labels } = template.metadata.labels;
  return { ...template, metadata: { ...template.metadata, labels } };
}

/**
 * A short name for a template: the same for the same fields and values in whatever order, another after a collision.
 *
 * It is FNV-1a over the template's text, in 32 bits, so that two templates may share one; hence `collisionCount`.
 */
export function templateHash(template: PodTemplateSpec, collisionCount: number | undefined): string {
  const text = `${encodeValue(podTemplateSpecSchema, template)}${collisionCount ?? ""}`;
  return [...String(fnv1a(text))].map((digit) => ALPHABET[digit.charCodeAt(0) % ALPHABET.length]).join("");
}

/** `web-5d4f8c7b9`: the ReplicaSet's name. A Deployment's name that leaves no room for the hash is cut, as upstream does. */
export function replicaSetName(deploymentName: string, hash: string): string {
  return `${deploymentName.slice(0, DNS_SUBDOMAIN_MAX - 1 - hash.length)}-${hash}`;
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
