/**
 * The part of CRI v1 that is spoken here: field numbers and types as in k8s.io/cri-api, one message per entry.
 * Fields that are not used are left out; both sides skip what they do not know.
 */
export const criMessages: Readonly<Record<string, string>> = {
  VersionRequest: "string version = 1",
  VersionResponse:
    "string version = 1; string runtimeName = 2; string runtimeVersion = 3; string runtimeApiVersion = 4",

  StatusRequest: "bool verbose = 1",
  StatusResponse: "RuntimeStatus status = 1",
  RuntimeStatus: "repeated RuntimeCondition conditions = 1",
  RuntimeCondition: "string type = 1; bool status = 2; string reason = 3; string message = 4",

  PodSandboxMetadata: "string name = 1; string uid = 2; string namespace = 3; uint32 attempt = 4",
  DNSConfig: "repeated string servers = 1; repeated string searches = 2; repeated string options = 3",
  PortMapping: "Protocol protocol = 1; int32 containerPort = 2; int32 hostPort = 3; string hostIp = 4",
  Int64Value: "int64 value = 1",
  NamespaceOption: "NamespaceMode network = 1; NamespaceMode pid = 2; NamespaceMode ipc = 3; string targetId = 4",
  SecurityProfile: "ProfileType profileType = 1; string localhostRef = 2",
  SELinuxOption: "string user = 1; string role = 2; string type = 3; string level = 4",
  LinuxSandboxSecurityContext:
    "NamespaceOption namespaceOptions = 1; SELinuxOption selinuxOptions = 2; Int64Value runAsUser = 3; " +
    "Int64Value runAsGroup = 8; repeated int64 supplementalGroups = 5; bool privileged = 6; SecurityProfile seccomp = 9",
  LinuxPodSandboxConfig:
    "string cgroupParent = 1; LinuxSandboxSecurityContext securityContext = 2; map<string, string> sysctls = 3",
  PodSandboxConfig:
    "PodSandboxMetadata metadata = 1; string hostname = 2; string logDirectory = 3; DNSConfig dnsConfig = 4; " +
    "repeated PortMapping portMappings = 5; map<string, string> labels = 6; map<string, string> annotations = 7; " +
    "LinuxPodSandboxConfig linux = 8",
  RunPodSandboxRequest: "PodSandboxConfig config = 1; string runtimeHandler = 2",
  RunPodSandboxResponse: "string podSandboxId = 1",
  StopPodSandboxRequest: "string podSandboxId = 1",
  StopPodSandboxResponse: "",
  RemovePodSandboxRequest: "string podSandboxId = 1",
  RemovePodSandboxResponse: "",
  PodSandboxStatusRequest: "string podSandboxId = 1; bool verbose = 2",
  PodIP: "string ip = 1",
  PodSandboxNetworkStatus: "string ip = 1; repeated PodIP additionalIps = 2",
  PodSandboxStatus:
    "string id = 1; PodSandboxMetadata metadata = 2; PodSandboxState state = 3; int64 createdAt = 4; " +
    "PodSandboxNetworkStatus network = 5; map<string, string> labels = 7; map<string, string> annotations = 8",
  PodSandboxStatusResponse: "PodSandboxStatus status = 1",
  ListPodSandboxRequest: "",
  PodSandbox:
    "string id = 1; PodSandboxMetadata metadata = 2; PodSandboxState state = 3; int64 createdAt = 4; " +
    "map<string, string> labels = 5; map<string, string> annotations = 6",
  ListPodSandboxResponse: "repeated PodSandbox items = 1",

  ImageSpec: "string image = 1; map<string, string> annotations = 2",
  KeyValue: "string key = 1; bytes value = 2",
  Mount: "string containerPath = 1; string hostPath = 2; bool readonly = 3; MountPropagation propagation = 5",
  LinuxContainerResources:
    "int64 cpuPeriod = 1; int64 cpuQuota = 2; int64 cpuShares = 3; int64 memoryLimitInBytes = 4; " +
    "int64 oomScoreAdj = 5; map<string, string> unified = 9",
  Capability: "repeated string addCapabilities = 1; repeated string dropCapabilities = 2",
  LinuxContainerSecurityContext:
    "Capability capabilities = 1; bool privileged = 2; NamespaceOption namespaceOptions = 3; " +
    "SELinuxOption selinuxOptions = 4; Int64Value runAsUser = 5; Int64Value runAsGroup = 12; " +
    "string runAsUsername = 6; bool readonlyRootfs = 7; repeated int64 supplementalGroups = 8; " +
    "bool noNewPrivs = 11; repeated string maskedPaths = 13; repeated string readonlyPaths = 14; SecurityProfile seccomp = 15",
  LinuxContainerConfig: "LinuxContainerResources resources = 1; LinuxContainerSecurityContext securityContext = 2",
  ContainerMetadata: "string name = 1; uint32 attempt = 2",
  ContainerConfig:
    "ContainerMetadata metadata = 1; ImageSpec image = 2; repeated string command = 3; repeated string args = 4; " +
    "string workingDir = 5; repeated KeyValue envs = 6; repeated Mount mounts = 7; map<string, string> labels = 9; " +
    "map<string, string> annotations = 10; string logPath = 11; bool stdin = 12; bool stdinOnce = 13; bool tty = 14; " +
    "LinuxContainerConfig linux = 15",
  CreateContainerRequest: "string podSandboxId = 1; ContainerConfig config = 2; PodSandboxConfig sandboxConfig = 3",
  CreateContainerResponse: "string containerId = 1",
  StartContainerRequest: "string containerId = 1",
  StartContainerResponse: "",
  StopContainerRequest: "string containerId = 1; int64 timeout = 2",
  StopContainerResponse: "",
  RemoveContainerRequest: "string containerId = 1",
  RemoveContainerResponse: "",
  ListContainersRequest: "",
  Container:
    "string id = 1; string podSandboxId = 2; ContainerMetadata metadata = 3; ImageSpec image = 4; string imageRef = 5; " +
    "ContainerState state = 6; int64 createdAt = 7; map<string, string> labels = 8; map<string, string> annotations = 9",
  ListContainersResponse: "repeated Container containers = 1",
  ContainerStatusRequest: "string containerId = 1; bool verbose = 2",
  ContainerStatus:
    "string id = 1; ContainerMetadata metadata = 2; ContainerState state = 3; int64 createdAt = 4; int64 startedAt = 5; " +
    "int64 finishedAt = 6; int32 exitCode = 7; ImageSpec image = 8; string imageRef = 9; string reason = 10; " +
    "string message = 11; map<string, string> labels = 12; map<string, string> annotations = 13; " +
    "repeated Mount mounts = 14; string logPath = 15",
  ContainerStatusResponse: "ContainerStatus status = 1",
  UpdateContainerResourcesRequest: "string containerId = 1; LinuxContainerResources linux = 2",
  UpdateContainerResourcesResponse: "",
  UInt64Value: "uint64 value = 1",
  MemoryUsage: "int64 timestamp = 1; UInt64Value workingSetBytes = 2; UInt64Value usageBytes = 4",
  ContainerStats: "MemoryUsage memory = 3",
  ContainerStatsRequest: "string containerId = 1",
  ContainerStatsResponse: "ContainerStats stats = 1",
  ReopenContainerLogRequest: "string containerId = 1",
  ReopenContainerLogResponse: "",
  ExecSyncRequest: "string containerId = 1; repeated string cmd = 2; int64 timeout = 3",
  ExecSyncResponse: "bytes stdout = 1; bytes stderr = 2; int32 exitCode = 3",
  ExecRequest:
    "string containerId = 1; repeated string cmd = 2; bool tty = 3; bool stdin = 4; bool stdout = 5; bool stderr = 6",
  ExecResponse: "string url = 1",
  AttachRequest: "string containerId = 1; bool stdin = 2; bool tty = 3; bool stdout = 4; bool stderr = 5",
  AttachResponse: "string url = 1",
  PortForwardRequest: "string podSandboxId = 1; repeated int32 port = 2",
  PortForwardResponse: "string url = 1",
  GetEventsRequest: "",
  ContainerEventResponse: "string containerId = 1; PodSandboxStatus podSandboxStatus = 4",

  Image:
    "string id = 1; repeated string repoTags = 2; repeated string repoDigests = 3; uint64 size = 4; Int64Value uid = 5; " +
    "string username = 6",
  ListImagesRequest: "",
  ListImagesResponse: "repeated Image images = 1",
  ImageStatusRequest: "ImageSpec image = 1; bool verbose = 2",
  ImageStatusResponse: "Image image = 1",
  AuthConfig: "string username = 1; string password = 2",
  PullImageRequest: "ImageSpec image = 1; AuthConfig auth = 2; PodSandboxConfig sandboxConfig = 3",
  PullImageResponse: "string imageRef = 1",
  RemoveImageRequest: "ImageSpec image = 1",
  RemoveImageResponse: "",
};

/** The enumerations, with CRI's numbers. */
export const criEnums: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  Protocol: { TCP: 0, UDP: 1, SCTP: 2 },
  MountPropagation: { PROPAGATION_PRIVATE: 0, PROPAGATION_HOST_TO_CONTAINER: 1, PROPAGATION_BIDIRECTIONAL: 2 },
  NamespaceMode: { POD: 0, CONTAINER: 1, NODE: 2, TARGET: 3 },
  ProfileType: { RuntimeDefault: 0, Unconfined: 1, Localhost: 2 },
  PodSandboxState: { SANDBOX_READY: 0, SANDBOX_NOTREADY: 1 },
  ContainerState: { CONTAINER_CREATED: 0, CONTAINER_RUNNING: 1, CONTAINER_EXITED: 2, CONTAINER_UNKNOWN: 3 },
};
