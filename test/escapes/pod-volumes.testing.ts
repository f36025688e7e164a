import type { Escape } from "./escape.testing.ts";
import { pod, refused } from "./pods.testing.ts";
import { invalid } from "./says.testing.ts";

const volumes = [{ name: "v", emptyDir: {} }];
const mounted = (mount: object) => pod({ volumes }, { volumeMounts: [{ name: "v", mountPath: "/v", ...mount }] });
const PATHS = "Kubernetes: volume paths";

/** Pods that mount more than a volume of their own. */
export const podVolumeEscapes: readonly Escape[] = [
  refused(
    "a hostPath that leads upwards",
    PATHS,
    pod({ volumes: [{ name: "v", hostPath: { path: "/var/lib/../../etc" } }] }),
    invalid(
      "Pod",
      "escape",
      "spec.volumes[0].hostPath.path: Invalid value: \"/var/lib/../../etc\": must not contain '..'",
    ),
  ),
  refused(
    "a hostPath without a path",
    PATHS,
    pod({ volumes: [{ name: "v", hostPath: { path: "" } }] }),
    invalid("Pod", "escape", "spec.volumes[0].hostPath.path: Required value"),
  ),
  refused(
    "a hostPath of an unknown type",
    PATHS,
    pod({ volumes: [{ name: "v", hostPath: { path: "/", type: "Root" } }] }),
    invalid(
      "Pod",
      "escape",
      'spec.volumes[0].hostPath.type: Unsupported value: "Root": supported values: "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"',
    ),
  ),
  refused(
    "a subPath that leads upwards",
    "CVE-2017-1002101: subPath",
    mounted({ subPath: "../../etc" }),
    invalid(
      "Pod",
      "escape",
      "spec.containers[0].volumeMounts.subPath: Invalid value: \"../../etc\": must not contain '..'",
    ),
  ),
  refused(
    "an absolute subPath",
    "CVE-2017-1002101: subPath",
    mounted({ subPath: "/etc" }),
    invalid("Pod", "escape", 'spec.containers[0].volumeMounts.subPath: Invalid value: "/etc": must be a relative path'),
  ),
  refused(
    "a subPathExpr that leads upwards",
    "CVE-2019-11251 kin: subPathExpr",
    mounted({ subPathExpr: "../$(X)" }),
    invalid(
      "Pod",
      "escape",
      "spec.containers[0].volumeMounts.subPathExpr: Invalid value: \"../$(X)\": must not contain '..'",
    ),
  ),
  refused(
    "subPath beside subPathExpr",
    "Kubernetes: subPathExpr",
    mounted({ subPath: "a", subPathExpr: "b" }),
    invalid(
      "Pod",
      "escape",
      'spec.containers[0].volumeMounts[0].subPathExpr: Invalid value: "b": subPathExpr and subPath are mutually exclusive',
    ),
  ),
  refused(
    "mounts that spread to the host",
    "Kubernetes: mountPropagation",
    mounted({ mountPropagation: "Bidirectional" }),
    invalid(
      "Pod",
      "escape",
      "spec.containers[0].volumeMounts.mountPropagation: Forbidden: Bidirectional mount propagation is available only to privileged containers",
    ),
  ),
  refused(
    "a file of a Secret that leads upwards",
    "CVE-2017-1002102: projected paths",
    pod({
      volumes: [{ name: "v", secret: { secretName: "secret-1", items: [{ key: "key", path: "../../etc/passwd" }] } }],
    }),
    invalid(
      "Pod",
      "escape",
      "spec.volumes[0].secret.items[0].path: Invalid value: \"../../etc/passwd\": must not contain '..'",
    ),
  ),
  refused(
    "an absolute file of a ConfigMap",
    "CVE-2017-1002102: projected paths",
    pod({ volumes: [{ name: "v", configMap: { name: "other", items: [{ key: "key", path: "/etc/passwd" }] } }] }),
    invalid(
      "Pod",
      "escape",
      'spec.volumes[0].configMap.items[0].path: Invalid value: "/etc/passwd": must be a relative path',
    ),
  ),
  refused(
    "a projected token at a path that leads upwards",
    "CVE-2017-1002102: projected paths",
    pod({ volumes: [{ name: "v", projected: { sources: [{ serviceAccountToken: { path: "../token" } }] } }] }),
    invalid(
      "Pod",
      "escape",
      "spec.volumes[0].projected.sources[0].serviceAccountToken.path: Invalid value: \"../token\": must not contain '..'",
    ),
  ),
  refused(
    "a mount at no path",
    "Kubernetes: mountPath",
    pod({ volumes }, { volumeMounts: [{ name: "v", mountPath: "" }] }),
    invalid("Pod", "escape", "spec.containers[0].volumeMounts[0].mountPath: Required value"),
  ),
];
