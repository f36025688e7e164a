import { apiTime } from "../../api/api-time.ts";
import { decodeObject } from "../../api/codec/decode-object.ts";
import { type Namespace, namespaceKind } from "../../api/core/v1/namespace.ts";
import { StatusError } from "../../api/status-error.ts";
import type { Clock } from "../../lib/clock.ts";
import type { Store } from "../../store/store.ts";
import { objectAnswer } from "../answers/answer.ts";
import { trackWrite } from "../apply/track-write.ts";
import { decodeBody, type ServedRequest } from "../http/body.ts";
import { type RequestedWriteOptions, requestedWriteOptions, writerOf } from "../http/write-options.ts";
import { staleVersion } from "../registry/refusals.ts";
import { servedVersion } from "../registry/served-version.ts";
import { unstoredObject } from "../registry/stored-object.ts";
import type { SubresourceHandler } from "./subresource.ts";
import { type StoredChange, updateStored } from "./update-stored.ts";

const namespaces = servedVersion({ kind: namespaceKind });

/** `namespaces/finalize`: the only way to change `spec.finalizers`. The last one gone ends a namespace that was deleted. */
export function namespaceFinalize({
  store,
  clock,
}: {
  readonly store: Store;
  readonly clock: Pick<Clock, "now">;
}): SubresourceHandler {
  return {
    groupResource: "namespaces",
    name: "finalize",
    async handle({ request, name, query, warn }) {
      if (request.method !== "PUT") {
        throw new StatusError("MethodNotAllowed", "the server does not allow this method on the requested resource");
      }
      const options = requestedWriteOptions(query, "UpdateOptions");
      const { object: given, warnings } = givenNamespace(request, options, name);
      warn(warnings);
      const writer = writerOf(request, options);
      const written = await updateStored(store, {
        kind: namespaceKind,
        key: { name },
        dryRun: options.dryRun,
        change: (stored) => tracked(stored, finalized(stored, given), { name: writer, time: apiTime(clock.now()) }),
      });
      return objectAnswer(200, namespaces, unstoredObject(namespaceKind, written));
    },
  };
}

/** Records the writer of a change, as for other writes through a subresource. */
function tracked(
  previous: Namespace,
  change: StoredChange<Namespace>,
  { name, time }: { readonly name: string; readonly time: string },
): StoredChange<Namespace> {
  if (!("object" in change)) return change;
  const wanted = change.object;
  const manager = { name, operation: "Update" as const, apiVersion: "v1", subresource: "finalize" };
  const forms = new Map([[manager.apiVersion, { kind: namespaceKind, previous, wanted }]]);
  const managedFields = trackWrite({ forms, manager, time });
  return { object: { ...wanted, metadata: { ...wanted.metadata, managedFields } } };
}

function givenNamespace(request: ServedRequest, { fieldValidation }: RequestedWriteOptions, name: string) {
  const { value, duplicates } = decodeBody(request, namespaceKind);
  const decoded = decodeObject(namespaceKind, value, { fieldValidation, duplicates });
  if (decoded.error !== undefined) throw decoded.error;
  const named = decoded.object.metadata.name ?? "";
  if (named !== "" && named !== name) {
    throw new StatusError(
      "BadRequest",
      `the name of the object (${named}) does not match the name on the URL (${name})`,
    );
  }
  return decoded;
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
