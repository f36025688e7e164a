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
  command: { type: "string", description: "The command and its arguments, one for each time that this is given." },
  container: { type: "string", description: "The container. Default: the only one." },
  continue: { type: "string", description: "Where to go on with a list that limit has cut." },
  dryRun: { type: "string", description: "All: check everything and store nothing." },
  fieldManager: { type: "string", description: "The name under which the writer's fields are recorded." },
  fieldSelector: { type: "string", description: "Only objects whose fields meet these conditions." },
  fieldValidation: {
    type: "string",
    description: "What to do about unknown and duplicate fields: Ignore, Warn or Strict.",
  },
  follow: { type: "boolean", description: "Whether to go on with what is written to the log." },
  force: { type: "boolean", description: "Take fields over from other managers when applying." },
  gracePeriodSeconds: { type: "integer", description: "How long the object may take to end." },
  labelSelector: { type: "string", description: "Only objects whose labels meet these conditions." },
  limitBytes: { type: "integer", description: "The most bytes of the log to answer." },
  limit: { type: "integer", description: "The most objects to answer." },
  name: { type: "string", description: "The name of the object." },
  namespace: { type: "string", description: "The namespace of the object." },
  orphanDependents: { type: "boolean", description: "Old form of propagationPolicy." },
  path: { type: "string", description: "The path to ask the backend for." },
  ports: { type: "integer", description: "The ports to forward. Needed over WebSockets." },
  pretty: { type: "string", description: "Whether to indent the answer. Default: for browsers, curl and Wget." },
  previous: { type: "boolean", description: "Whether to answer the log of the container that ran before." },
  propagationPolicy: { type: "string", description: "How dependents are deleted: Orphan, Background or Foreground." },
  resourceVersion: { type: "string", description: "The state to answer, or to watch from." },
  resourceVersionMatch: { type: "string", description: "How resourceVersion is meant: Exact or NotOlderThan." },
  sendInitialEvents: { type: "boolean", description: "Whether a watch starts with the objects that are there." },
  sinceSeconds: { type: "integer", description: "Only what was written to the log in so many seconds before now." },
  stderr: { type: "boolean", description: "Whether to stream the standard error." },
  stdin: { type: "boolean", description: "Whether to stream the standard input." },
  stdout: { type: "boolean", description: "Whether to stream the standard output." },
  stream: { type: "string", description: "Which stream of the log to answer: All, Stdout or Stderr." },
  tailLines: { type: "integer", description: "How many lines from the end of the log to answer." },
  timeoutSeconds: { type: "integer", description: "The longest that the request may take." },
  timestamps: { type: "boolean", description: "Whether to put the time before each line of the log." },
  tty: { type: "boolean", description: "Whether the streams are those of a terminal." },
  watch: { type: "boolean", description: "Whether to go on with every change." },
};
