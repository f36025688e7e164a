import { goQuote } from "../../api/go-quote.ts";
import type { Kind } from "../../api/kind.ts";
import { groupResourceOf } from "../../api/resource-reference.ts";
import { StatusError } from "../../api/status-error.ts";
import type { AdmissionRequest } from "./admission.ts";

interface AboutObject extends Pick<AdmissionRequest, "name" | "object"> {
  readonly resource: Pick<Kind, "group" | "plural">;
}

/** A plugin's refusal: `pods "p" is forbidden: <detail>`. Objects without a name yet go by what it will start with. */
export function forbidden(request: AboutObject, detail: string): StatusError {
  const { resource } = request;
  const name = request.name || request.object.metadata.name || request.object.metadata.generateName || "Unknown";
  return new StatusError("Forbidden", `${groupResourceOf(resource)} ${goQuote(name)} is forbidden: ${detail}`, {
    details: { name, ...(resource.group !== "" && { group: resource.group }), kind: resource.plural },
  });
}
