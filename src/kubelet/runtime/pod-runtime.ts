import type { ResourceRequirements } from "@fairlead/api/core/v1/pod/container";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";

/**
 * What runs pods. CRI v1 (containerd, CRI-O) is the real one; the simulated one only pretends.
 *
 * The words are CRI's: a sandbox is the pod's shared namespaces, containers run in it. Every method may be
 * called again after a failure or a restart: the runtime's own list is the truth, not the kubelet's memory.
 */
export interface PodRuntime extends AsyncDisposable {
  version(): Promise<RuntimeVersion>;
  /** Whether the runtime and its network are ready to start pods, and why not. */
  status(): Promise<RuntimeStatus>;

  listSandboxes(): Promise<readonly Sandbox[]>;
  listContainers(): Promise<readonly RuntimeContainer[]>;
  containerStatus(containerId: string): Promise<RuntimeContainer>;

  /** Makes the pod's namespaces and network. Answers the sandbox's id. */
  runSandbox(config: SandboxConfig): Promise<string>;
  sandboxStatus(sandboxId: string): Promise<Sandbox>;
  /** Ends what is left running in it and takes its network away. */
  stopSandbox(sandboxId: string): Promise<void>;
  removeSandbox(sandboxId: string): Promise<void>;

  createContainer(sandboxId: string, config: ContainerConfig, sandbox: SandboxConfig): Promise<string>;
  startContainer(containerId: string): Promise<void>;
  /** Sends the stop signal, and kills after `graceSeconds`. Resolves when it has ended. */
  stopContainer(containerId: string, graceSeconds: number): Promise<void>;
  removeContainer(containerId: string): Promise<void>;
  /** Gives a running container other CPU and memory. Amounts that are not there stay as they are. */
  updateContainer(containerId: string, resources: ResourceRequirements): Promise<void>;
  /** Memory that a running container uses, in bytes; undefined where the runtime does not count it. */
  memoryUsage(containerId: string): Promise<number | undefined>;
  /** The container's log file was moved away: open it again. */
  reopenContainerLog(containerId: string): Promise<void>;

  /** Runs a command to its end, for probes and lifecycle hooks. A timeout is an error of its own: `ExecTimeoutError`. */
  execSync(containerId: string, command: readonly string[], timeoutSeconds: number): Promise<ExecResult>;
  /** URLs of the runtime's own streaming server (SPDY/3.1), for one session each. */
  execUrl(request: StreamRequest & { readonly command: readonly string[] }): Promise<string>;
  attachUrl(request: StreamRequest): Promise<string>;
  portForwardUrl(sandboxId: string, ports: readonly number[]): Promise<string>;

  /** The image's id when it is here. */
  imageStatus(image: string): Promise<ImageInfo | undefined>;
  listImages(): Promise<readonly ImageInfo[]>;
  /**
   * Answers the image's reference to create containers from. Throws `ImagePullError` with the registry's reason.
   *
   * @param signal - Gives the pull up.
   */
  pullImage(image: string, auth: RegistryAuth | undefined, signal?: AbortSignal): Promise<string>;
  removeImage(image: string): Promise<void>;

  /** Calls the listener when the pod's containers have changed, as soon as the runtime knows; polling is the fallback. */
  onChange(listener: (podUid: string) => void): () => void;
}

/** Which runtime it is. */
export interface RuntimeVersion {
  /** `containerd`. */
  readonly runtimeName: string;
  /** `1.6.20`. */
  readonly runtimeVersion: string;
}

/** Whether pods can be started. */
export interface RuntimeStatus {
  readonly ready: boolean;
  readonly networkReady: boolean;
  /** Empty when both are ready. */
  readonly reason: string;
  readonly message: string;
}

/** A pod's namespaces, as the runtime has them. */
export interface Sandbox {
  readonly id: string;
  readonly podName: string;
  readonly podNamespace: string;
  readonly podUid: string;
  /** Counts the sandboxes this pod has had, from 0. */
  readonly attempt: number;
  readonly ready: boolean;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Empty while there are none, and in {@link PodRuntime.listSandboxes}. */
  readonly ips: readonly string[];
  readonly annotations: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
}

/** One instance of a container, as the runtime has it. */
export interface RuntimeContainer {
  readonly id: string;
  readonly sandboxId: string;
  readonly podUid: string;
  /** The name in the pod's spec. */
  readonly name: string;
  readonly attempt: number;
  readonly state: "created" | "running" | "exited" | "unknown";
  /** Milliseconds since the epoch; 0 when it has not happened. */
  readonly createdAt: number;
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly exitCode: number;
  /** `Completed`, `Error`, `OOMKilled`, ... Only from {@link PodRuntime.containerStatus}. */
  readonly reason: string;
  readonly message: string;
  /** As the user wrote it. */
  readonly image: string;
  /** What it resolved to. */
  readonly imageRef: string;
  readonly logPath: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
}

/** How a sandbox is to be made; the rest is in the pod. */
export interface SandboxConfig {
  readonly pod: Pod;
  readonly attempt: number;
  readonly hostname: string;
  /** Folder for the containers' log files. */
  readonly logDirectory: string;
  /** Absent: the runtime's own default. */
  readonly dns?: {
    readonly servers: readonly string[];
    readonly searches: readonly string[];
    readonly options: readonly string[];
  };
  readonly cgroupParent: string;
}

/** How a container is to be made; limits and identity are in the pod's spec. */
export interface ContainerConfig {
  readonly name: string;
  readonly attempt: number;
  readonly image: string;
  readonly imageRef: string;
  readonly imageUser: ImageUser;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly workingDir: string;
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly mounts: readonly Mount[];
  /** Relative to the sandbox's log folder: `nginx/0.log`. */
  readonly logPath: string;
  readonly stdin: boolean;
  readonly stdinOnce: boolean;
  readonly tty: boolean;
  /** Seconds of `SIGTERM`'s grace are given at stop time; this is only the spec's container. */
  readonly annotations: Readonly<Record<string, string>>;
}

/** A folder or file of the machine, in a container. */
export interface Mount {
  readonly hostPath: string;
  readonly containerPath: string;
  readonly readonly: boolean;
  readonly propagation: "None" | "HostToContainer" | "Bidirectional";
}

/** How a command ended, and what it printed. */
export interface ExecResult {
  readonly exitCode: number;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
}

/** A session with a container: which streams it has. */
export interface StreamRequest {
  readonly containerId: string;
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly tty: boolean;
}

/** An image that is here. */
export interface ImageInfo extends ImageUser {
  readonly id: string;
  readonly tags: readonly string[];
  readonly digests: readonly string[];
  readonly sizeBytes: number;
}

/** The user that an image asks for. */
export interface ImageUser {
  /** 0 when the image names no user. Undefined when it names one by a name that only its own files explain. */
  readonly uid: number | undefined;
  /** Empty unless `uid` is undefined. */
  readonly username: string;
}

/** Who asks a registry for an image. */
export interface RegistryAuth {
  readonly username: string;
  readonly password: string;
}
