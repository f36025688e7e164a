import type { NextInstance } from "./containers/next-instance.ts";
import type { StartPull } from "./record/pod-pulls.ts";
import type { ContainerUpdate } from "./resize/plan-resize.ts";

/** One thing to do for a pod. */
export type PodStep = RunStep | StopStep | ClearStep | EventStep;

/** Brings up or renews a part of a pod that should run. */
export type RunStep =
  | { readonly do: "make-sandbox"; readonly attempt: number; readonly asOf: number }
  /** Reads the ConfigMaps and Secrets that the pod refers to, for later steps. */
  | { readonly do: "read-objects" }
  | { readonly do: "make-volumes"; readonly asOf: number }
  /** Gives running containers other CPU and memory. */
  | { readonly do: "resize-containers"; readonly updates: readonly ContainerUpdate[] }
  | StartStep;

/** Starts the next instance of a container. */
export interface StartStep {
  readonly do: "start-container";
  readonly name: string;
  readonly next: NextInstance;
  readonly pull: StartPull;
  readonly asOf: number;
}

/** Stops containers or sandboxes. */
export type StopStep =
  | ContainerStop
  /** Starts to stop containers, group after group, and returns at once. */
  | { readonly do: "begin-stop"; readonly groups: readonly (readonly ContainerStop[])[] }
  /** Shortens a stop that is under way: hooks end at once. */
  | { readonly do: "shorten-stop"; readonly containerIds: readonly string[]; readonly graceSeconds: number }
  | { readonly do: "stop-sandbox"; readonly sandboxId: string };

/** Ends one container: preStop hook, stop signal, and the kill at the deadline. */
export interface ContainerStop {
  readonly do: "stop-container";
  readonly containerId: string;
  readonly name: string;
  /** For the event `Killing`. */
  readonly message: string;
  /** By the monotonic clock, for hook and signal together. */
  readonly deadlineMs: number;
}

/** Removes a part of a pod, or writes the record file. */
export type ClearStep =
  /** With the logs of this instance, where they are given. */
  | { readonly do: "remove-container"; readonly containerId: string; readonly logs?: ContainerLogs }
  | { readonly do: "remove-sandbox"; readonly sandboxId: string }
  /** Probes, tokens, claims, and watches of ConfigMaps and Secrets. */
  | { readonly do: "release-holds" }
  /** Waits until the API server has the status that was reported last. */
  | { readonly do: "store-status" }
  | { readonly do: "remove-files" }
  | { readonly do: "remove-object" }
  | { readonly do: "remove-logs" }
  /** Writes the part of the record that must survive a restart of the kubelet. */
  | { readonly do: "write-record" };

/** The log files of one instance of a container. */
export interface ContainerLogs {
  readonly name: string;
  readonly attempt: number;
}

/** Records an event about the pod, or about one of its containers. */
export interface EventStep {
  readonly do: "record-event";
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
  readonly container?: string;
}

/** Steps of a group are carried out side by side, groups one after another. A group that fails ends the plan. */
export type StepGroups = readonly (readonly PodStep[])[];
