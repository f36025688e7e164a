/** A query or path parameter: its type and what it does. */
export interface Parameter {
  readonly type: "string" | "integer" | "boolean";
  readonly description: string;
}

/** Every parameter that operations name. */
export const parameters: Readonly<Record<string, Parameter>> = {
  allowWatchBookmarks: {
    type: "boolean",
    description: "Whether a watch may send events that only tell how far it is.",
  },
  continue: { type: "string", description: "Where to go on with a list that limit has cut." },
  dryRun: { type: "string", description: "All: check everything and store nothing." },
  fieldManager: { type: "string", description: "The name under which the writer's fields are recorded." },
  fieldSelector: { type: "string", description: "Only objects whose fields meet these conditions." },
  fieldValidation: {
    type: "string",
    description: "What to do about unknown and duplicate fields: Ignore, Warn or Strict.",
  },
  force: { type: "boolean", description: "Take fields over from other managers when applying." },
  gracePeriodSeconds: { type: "integer", description: "How long the object may take to end." },
  labelSelector: { type: "string", description: "Only objects whose labels meet these conditions." },
  limit: { type: "integer", description: "The most objects to answer." },
  name: { type: "string", description: "The name of the object." },
  namespace: { type: "string", description: "The namespace of the object." },
  orphanDependents: { type: "boolean", description: "Old form of propagationPolicy." },
  propagationPolicy: { type: "string", description: "What becomes of dependents: Orphan, Background or Foreground." },
  resourceVersion: { type: "string", description: "The state to answer, or to watch from." },
  resourceVersionMatch: { type: "string", description: "How resourceVersion is meant: Exact or NotOlderThan." },
  sendInitialEvents: { type: "boolean", description: "Whether a watch starts with the objects that are there." },
  timeoutSeconds: { type: "integer", description: "The longest that the request may take." },
  watch: { type: "boolean", description: "Whether to go on with every change." },
};
