import { encodeValue } from "../../../api/codec/encode.ts";
import type { PodTemplateSpec } from "../../../api/core/v1/pod/pod-template.ts";
import { podTemplateSpecSchema } from "../../../api/core/v1/pod/pod-template.ts";
import { deepEqual } from "../../../api/deep-equal.ts";

/** The label that tells the pods of one ReplicaSet from those of its siblings. */
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

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
