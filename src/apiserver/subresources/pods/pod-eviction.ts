import { podKind } from "@fairlead/api/core/v1/pod/pod";
import { goQuote } from "@fairlead/api/go-quote";
import { evictionSchema } from "@fairlead/api/policy/v1/eviction/eviction-schema";
import { StatusError } from "@fairlead/api/status-error";
import type { Client } from "@fairlead/client/client";
import { createdAnswer } from "../../answers/status.ts";
import { decodeRequest } from "../decode-request.ts";
import type { SubresourceHandler } from "../subresource.ts";

const KIND = { group: "policy", version: "v1", kind: "Eviction", schema: evictionSchema };

/**
 * `pods/eviction`: deletes a pod on behalf of a client that may evict but not delete.
 *
 * PodDisruptionBudgets are not supported yet: no eviction is held back.
 */
export function podEviction({ client }: { readonly client: Client }): SubresourceHandler {
  return {
    groupResource: "pods",
    name: "eviction",
    async handle(asked) {
      const { namespace, name } = asked;
      const { value: given, options } = decodeRequest(asked, "Eviction", evictionSchema);
      const named = given.metadata.name ?? "";
      if (named !== "" && named !== name) {
        throw new StatusError("BadRequest", "name in URL does not match name in Eviction object");
      }
      const eviction = await asked.admit(KIND, given, () => {});
      const { gracePeriodSeconds, preconditions, propagationPolicy, dryRun = [] } = eviction.deleteOptions ?? {};
      if (options.dryRun && dryRun.length > 0) refuseOtherDryRun(dryRun);
      await client.delete(
        podKind,
        { namespace, name },
        {
          gracePeriodSeconds,
          dryRun: options.dryRun ? ["All"] : dryRun,
          propagationPolicy: propagation(propagationPolicy),
          preconditions: {
            ...(preconditions?.uid !== undefined && { uid: preconditions.uid }),
            ...(preconditions?.resourceVersion !== undefined && { resourceVersion: preconditions.resourceVersion }),
          },
        },
      );
      return createdAnswer();
    },
  };
}

/** Upstream compares both lists, and answers with an error that has no reason. */
function refuseOtherDryRun(dryRun: readonly string[]): void {
  if (dryRun.length === 1 && dryRun[0] === "All") return;
  const both = `[All] and [${dryRun.join(" ")}]`;
  throw new StatusError("Unknown", `Non-matching dry-run options in request and content: ${both}`);
}

function propagation(policy: string | undefined): "Orphan" | "Background" | "Foreground" | undefined {
  switch (policy) {
    case undefined:
    case "":
      return undefined;
    case "Orphan":
    case "Background":
    case "Foreground":
      return policy;
    default:
      throw new StatusError("BadRequest", `invalid propagation policy ${goQuote(policy)}`);
  }
}
