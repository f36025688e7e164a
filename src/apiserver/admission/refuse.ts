import { goQuote } from "@fairlead/api/go-quote";
import type { Kind } from "@fairlead/api/kind";
import { groupResourceOf } from "@fairlead/api/resource-reference";
import { StatusError } from "@fairlead/api/status-error";
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
