import { type Pod, podKind } from "../../../api/core/v1/pod/pod.ts";
import { goQuote } from "../../../api/go-quote.ts";
import { evictionSchema } from "../../../api/policy/v1/eviction.ts";
import { StatusError } from "../../../api/status-error.ts";
import type { Client } from "../../../client/client.ts";
import { forbidden } from "../../admission/refuse.ts";
import { createdAnswer } from "../../answers/status.ts";
import { nodeIdentity } from "../../authz/node-identity.ts";
import { decodeRequest } from "../decode-request.ts";
import type { SubresourceHandler, SubresourceRequest } from "../subresource.ts";

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
      const { value: eviction, options } = decodeRequest(asked, "Eviction", evictionSchema);
      const named = eviction.metadata.name ?? "";
      if (named !== "" && named !== name) {
        throw new StatusError("BadRequest", "name in URL does not match name in Eviction object");
      }
      refuseForeignNode(asked);
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

/** A kubelet evicts only pods that it runs. */
function refuseForeignNode({ user, name, parent }: SubresourceRequest): void {
  const node = nodeIdentity(user);
  // The registry serves this only below pods.
  const pod = parent as Pod;
  if (node === undefined || (node.nodeName !== "" && pod.spec.nodeName === node.nodeName)) return;
  const detail = `node ${node.nodeName} can only evict pods with spec.nodeName set to itself`;
  throw forbidden({ kind: podKind, name, object: pod }, detail);
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
