/** The runtime's answers, as the decoder gives them: every field present, empty when it was not sent. */

/** `PodSandboxMetadata`. */
export interface CriMetadata {
  readonly name: string;
  readonly uid: string;
  readonly namespace: string;
  readonly attempt: number;
}

/** Labels or annotations. */
export type Labels = Readonly<Record<string, string>>;

/** `PodSandbox` and `PodSandboxStatus`; only the latter has `network`. */
export interface CriSandbox {
  readonly id: string;
  readonly metadata: CriMetadata | null;
  readonly state: "SANDBOX_READY" | "SANDBOX_NOTREADY";
  /** Nanoseconds since the epoch, rounded to what a double holds. */
  readonly createdAt: number;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly network?: { readonly ip: string; readonly additionalIps: readonly { readonly ip: string }[] } | null;
}

/** `Container`, as lists have it. */
export interface CriContainer {
  readonly id: string;
  readonly podSandboxId: string;
  readonly metadata: { readonly name: string; readonly attempt: number } | null;
  readonly image: { readonly image: string } | null;
  readonly imageRef: string;
  readonly state: CriContainerState;
  readonly createdAt: number;
  readonly labels: Labels;
  readonly annotations: Labels;
}

/** `ContainerState`. */
export type CriContainerState = "CONTAINER_CREATED" | "CONTAINER_RUNNING" | "CONTAINER_EXITED" | "CONTAINER_UNKNOWN";

/** `ContainerStatus`. It does not say which sandbox the container is in. */
export interface CriContainerStatus extends Omit<CriContainer, "podSandboxId"> {
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly exitCode: number;
  readonly reason: string;
  readonly message: string;
  readonly logPath: string;
}

/** `ContainerStats`. A runtime may leave out each of its parts. */
export interface CriContainerStats {
  readonly memory: {
    readonly usageBytes: { readonly value: number } | null;
    /** The only figure of containerd 1.6. */
    readonly workingSetBytes: { readonly value: number } | null;
  } | null;
}

/** `Image`. */
export interface CriImage {
  readonly id: string;
  readonly repoTags: readonly string[];
  readonly repoDigests: readonly string[];
  readonly size: number;
  readonly uid: { readonly value: number } | null;
  readonly username: string;
}
