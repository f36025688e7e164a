import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { goQuote } from "@fairlead/api/go-quote";
import { ownValue } from "@fairlead/api/own-property";

/** What a pod's fields cannot say yet while its containers are being made. */
export interface PodAddresses {
  readonly podIPs: readonly string[];
  readonly hostIPs: readonly string[];
}

/** The text of a field that the downward API may name. Throws for any other path. */
export function fieldValue(pod: Pod, fieldPath: string, { podIPs, hostIPs }: PodAddresses): string {
  const { metadata, spec } = pod;
  const subscript = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(fieldPath);
  if (subscript !== null)
    return ownValue(metadata[subscript[1] === "labels" ? "labels" : "annotations"], subscript[2] ?? "") ?? "";

  switch (fieldPath) {
    case "metadata.name":
      return metadata.name;
    case "metadata.namespace":
      return metadata.namespace ?? "";
    case "metadata.uid":
      return metadata.uid;
    case "metadata.labels":
      return mapText(metadata.labels ?? {});
    case "metadata.annotations":
      return mapText(metadata.annotations ?? {});
    case "spec.nodeName":
      return spec.nodeName ?? "";
    case "spec.serviceAccountName":
      return spec.serviceAccountName ?? "";
    case "status.podIP":
      return podIPs[0] ?? "";
    case "status.podIPs":
      return podIPs.join(",");
    case "status.hostIP":
      return hostIPs[0] ?? "";
    case "status.hostIPs":
      return hostIPs.join(",");
    default:
      throw new Error(`unsupported fieldPath: ${fieldPath}`);
  }
}

/** One `key="value"` per line, sorted, the value quoted. */
function mapText(map: Readonly<Record<string, string>>): string {
  return Object.keys(map)
    .toSorted()
    .map((key) => `${key}=${goQuote(map[key] ?? "")}`)
    .join("\n");
}
