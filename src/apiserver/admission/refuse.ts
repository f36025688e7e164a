import { goQuote } from "../../api/go-quote.ts";
import type { Kind } from "../../api/kind.ts";
import { groupResourceOf } from "../../api/resource-reference.ts";
import { StatusError } from "../../api/status-error.ts";
import type { AdmissionRequest } from "./admission.ts";

type AboutObject = Pick<AdmissionRequest, "name" | "object"> & { readonly kind: Pick<Kind, "group" | "plural"> };

/** A plugin's refusal: `pods "p" is forbidden: <detail>`. Objects without a name yet go by what it will start with. */
export function forbidden(request: AboutObject, detail: string): StatusError {
  const { kind } = request;
  const name = request.name || request.object.metadata.name || request.object.metadata.generateName || "Unknown";
  return new StatusError("Forbidden", `${groupResourceOf(kind)} ${goQuote(name)} is forbidden: ${detail}`, {
    details: { name, ...(kind.group !== "" && { group: kind.group }), kind: kind.plural },
  });
}
