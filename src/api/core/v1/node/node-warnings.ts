import { cidrWarnings } from "../../../address-warnings.ts";
import type { Node } from "./node-schema.ts";

/** Returns the warnings of a Node. */
export function nodeWarnings({ spec }: Node): readonly string[] {
  return [
    ...(spec.configSource === undefined ? [] : ["spec.configSource: the feature is removed"]),
    ...((spec.externalID ?? "") === ""
      ? []
      : ["spec.externalID: this field is deprecated, and is unused by Kubernetes"]),
    ...(spec.podCIDRs ?? []).flatMap((cidr, i) => cidrWarnings(`spec.podCIDRs[${i}]`, cidr)),
  ];
}
