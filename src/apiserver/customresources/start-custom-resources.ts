import { apiTime } from "@fairlead/api/api-time";
import {
  type CustomResourceDefinition,
  customResourceDefinitionKind,
} from "@fairlead/api/apiextensions/v1/customresourcedefinition/customresourcedefinition";
import { deepEqual } from "@fairlead/api/deep-equal";
import { groupResourceOf } from "@fairlead/api/resource-reference";
import type { CacheSource } from "@fairlead/client/cache/cache-source";
import type { Client } from "@fairlead/client/client";
import { keysFrom, type LookAgain, startController } from "@fairlead/client/controller/run-controller";
import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import { type Running, running } from "@fairlead/lib/running";
import type { ServedResources } from "../server.ts";
import { createDefinitionWriter, type DefinitionWriter } from "./definition-writer.ts";
import { beingEmptied, isBeingDeleted, letGo } from "./plan-deletion-steps.ts";
import { planStatus, takenNames } from "./plan-status.ts";
import { createServedDefinitions, referenceOf, type ServedDefinitions } from "./served-definitions.ts";

/** What custom resources are served with. */
export interface CustomResourcesOptions {
  readonly resources: ServedResources;
  /** The API server itself, as a member of `system:masters`. */
  readonly client: Client;
  /** Under the same identity. */
  readonly caches: CacheSource;
  readonly log: Logger;
  readonly clock: Clock;
}

/** How soon to look again whether the finalizers of a definition's objects have let them go. */
const REMAINING_MS = 1_000;

/**
 * Serves the resources that CustomResourceDefinitions describe, and keeps the status of those, until stopped.
 *
 * Resolves once the resources of all definitions that are stored are served. A resource is served before its definition says
 * so.
 */
export async function startCustomResources(options: CustomResourcesOptions): Promise<Running> {
  const { resources, client, caches, log, clock } = options;
  const definitions = caches.open(customResourceDefinitionKind);
  const writer = createDefinitionWriter(client, definitions);
  const served = createServedDefinitions(resources, log);
  const work: Work = { ...options, writer, served };

  async function reconcile(name: string): Promise<LookAgain | undefined> {
    const definition = writer.current(name);
    if (definition === undefined) {
      served.withdraw(name);
      // Its names are free for others.
      lookAtGroup(name.slice(name.indexOf(".") + 1), name);
      return undefined;
    }
    if (isBeingDeleted(definition)) return end(work, definition);
    if (await establish(work, definition)) lookAtGroup(definition.spec.group, name);
    return undefined;
  }

  function lookAtGroup(group: string, except: string): void {
    for (const { metadata } of writer.ofGroup(group)) if (metadata.name !== except) controller.enqueue(metadata.name);
  }

  await definitions.synced;
  for (const definition of definitions.list()) served.serve(definition);
  // One at a time: a name that one definition was given is taken for the next.
  const sources = [keysFrom(definitions)];
  const controller = startController({ name: "customresources", sources, reconcile, log, clock });
  return running(async () => {
    await controller.stop();
    await definitions.stop();
  });
}

interface Work extends CustomResourcesOptions {
  readonly writer: DefinitionWriter;
  readonly served: ServedDefinitions;
}

/** Serves the resource and writes the status. Returns whether the names of the resource changed. */
async function establish({ writer, served, clock }: Work, definition: CustomResourceDefinition): Promise<boolean> {
  const others = writer
    .ofGroup(definition.spec.group)
    .filter(({ metadata }) => metadata.name !== definition.metadata.name);
  const planned = planStatus(definition, takenNames(others), apiTime(clock.now()));
  served.serve(planned);
  if (deepEqual(planned.status, definition.status)) return false;
  await writer.write(planned);
  return !deepEqual(planned.status.acceptedNames, definition.status.acceptedNames);
}

/** Deletes the objects of a definition, and lets the definition go when none is left. */
async function end(
  { resources, writer, served, clock, log }: Work,
  definition: CustomResourceDefinition,
): Promise<LookAgain | undefined> {
  served.serve(definition);
  const now = apiTime(clock.now());
  const atOnce = letGo(definition, { hasObjects: served.has(definition.metadata.name), now });
  if (atOnce !== undefined) {
    await writer.write(atOnce);
    return undefined;
  }
  const emptied = await writer.write(beingEmptied(definition, now));
  if (emptied === undefined) return undefined;
  const reference = referenceOf(definition);
  const remaining = await resources.deleteObjects(reference);
  if (remaining > 0) {
    log.debug("Finalizers hold custom resources", { resource: groupResourceOf(reference), remaining });
    return { afterMs: REMAINING_MS };
  }
  const done = letGo(emptied, { hasObjects: false, isEmptied: true, now });
  if (done !== undefined) await writer.write(done);
  return undefined;
}
