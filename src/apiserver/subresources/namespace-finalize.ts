import { decodeObject } from "../../api/codec/decode-object.ts";
import { encodeObject } from "../../api/codec/encode.ts";
import { type Namespace, namespaceKind } from "../../api/core/v1/namespace.ts";
import { StatusError } from "../../api/status-error.ts";
import type { Store } from "../../store/store.ts";
import { decodeBody } from "../http/body.ts";
import { bytesResponse } from "../http/response.ts";
import { staleVersion } from "../registry/refusals.ts";
import { isDryRun } from "./decode-request.ts";
import type { SubresourceHandler } from "./subresource.ts";
import { type StoredChange, updateStored } from "./update-stored.ts";

/** `namespaces/finalize`: the only way to change `spec.finalizers`. The last one gone ends a namespace that was deleted. */
export function namespaceFinalize({ store }: { readonly store: Store }): SubresourceHandler {
  return {
    groupResource: "namespaces",
    name: "finalize",
    async handle({ request, name, query }) {
      if (request.method !== "PUT") {
        throw new StatusError("MethodNotAllowed", "the server does not allow this method on the requested resource");
      }
      const given = givenNamespace(decodeBody(request, namespaceKind).value, name);
      const written = await updateStored(store, {
        kind: namespaceKind,
        key: { name },
        dryRun: isDryRun(query),
        change: (stored) => finalized(stored, given),
      });
      return bytesResponse(200, "application/json", new TextEncoder().encode(encodeObject(namespaceKind, written)));
    },
  };
}

function givenNamespace(value: unknown, name: string): Namespace {
  const decoded = decodeObject(namespaceKind, value, { fieldValidation: "Ignore" });
  if (decoded.error !== undefined) throw decoded.error;
  const named = decoded.object.metadata.name ?? "";
  if (named !== "" && named !== name) {
    throw new StatusError(
      "BadRequest",
      `the name of the object (${named}) does not match the name on the URL (${name})`,
    );
  }
  return decoded.object;
}

/** The stored namespace with the finalizers of the given one, and nothing else of it. */
export function finalized(stored: Namespace, given: Namespace): StoredChange<Namespace> {
  const { resourceVersion, uid } = given.metadata;
  const isStale = (resourceVersion ?? "") !== "" && resourceVersion !== stored.metadata.resourceVersion;
  const isAnother = (uid ?? "") !== "" && uid !== stored.metadata.uid;
  if (isStale || isAnother) throw staleVersion(namespaceKind, stored.metadata.name);
  const finalizers = given.spec.finalizers ?? [];
  const isHeld = finalizers.length > 0 || (stored.metadata.finalizers ?? []).length > 0;
  if (stored.metadata.deletionTimestamp !== undefined && !isHeld) return { remove: true };
  return { object: { ...stored, spec: { ...stored.spec, finalizers } } };
}
