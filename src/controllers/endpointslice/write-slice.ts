import { type EndpointSlice, endpointSliceKind } from "@fairlead/api/discovery/v1/endpointslice/endpointslice";
import type { Client } from "@fairlead/client/client";
import { ifThere } from "@fairlead/client/if-there";
import type { SliceChange } from "./pack.ts";

/** Carries one change out. Returns the written slice; `undefined` when it was deleted. */
export async function writeSlice(
  client: Client,
  change: SliceChange,
  signal: AbortSignal,
): Promise<EndpointSlice | undefined> {
  switch (change.verb) {
    case "create":
      return client.create<EndpointSlice>(endpointSliceKind, change.slice, { signal });
    case "update":
      return client.update(endpointSliceKind, change.slice, { signal });
    case "delete": {
      const { namespace, name, uid } = change.slice.metadata;
      await ifThere(client.delete(endpointSliceKind, { namespace, name }, { preconditions: { uid }, signal }));
      return undefined;
    }
  }
}
