import { labelSelectorSchema } from "../../../meta/v1/label-selector.ts";
import { objectMetaSchema } from "../../../meta/v1/object-meta.ts";
import type { Infer } from "../../../schema.ts";
import { field, inlined, list, map, struct, t } from "../../../schema.ts";
import { localObjectReferenceSchema } from "../references.ts";
import { objectFieldSelectorSchema, resourceFieldSelectorSchema } from "./env.ts";
import { persistentVolumeClaimSpecSchema } from "./persistentvolumeclaim-spec.ts";
import {
  awsElasticBlockStoreVolumeSourceSchema,
  azureDiskVolumeSourceSchema,
  azureFileVolumeSourceSchema,
  cephFSVolumeSourceSchema,
  cinderVolumeSourceSchema,
  fcVolumeSourceSchema,
  flexVolumeSourceSchema,
  flockerVolumeSourceSchema,
  gcePersistentDiskVolumeSourceSchema,
  gitRepoVolumeSourceSchema,
  glusterfsVolumeSourceSchema,
  iscsiVolumeSourceSchema,
  photonPersistentDiskVolumeSourceSchema,
  portworxVolumeSourceSchema,
  quobyteVolumeSourceSchema,
  rbdVolumeSourceSchema,
  scaleIOVolumeSourceSchema,
  storageOSVolumeSourceSchema,
  vsphereVirtualDiskVolumeSourceSchema,
} from "./volume-providers.ts";

export const csiVolumeSourceSchema = struct(
  "io.k8s.api.core.v1.CSIVolumeSource",
  "A volume that a driver makes for the pod alone.",
  {
    driver: field(1, t.string, "Name of the driver.", { required: true }),
    readOnly: field(2, t.bool, "Mount it so that it cannot be written to.", { keepEmpty: true }),
    fsType: field(3, t.string, "File system to mount, for example ext4.", { keepEmpty: true }),
    volumeAttributes: field(4, map(t.string), "Settings for the driver."),
    nodePublishSecretRef: field(5, localObjectReferenceSchema, "Secret for the driver."),
  },
);
export type CSIVolumeSource = Infer<typeof csiVolumeSourceSchema>;

export const keyToPathSchema = struct("io.k8s.api.core.v1.KeyToPath", "A key that becomes a file.", {
  key: field(1, t.string, "Which key.", { required: true }),
  path: field(2, t.string, "Path of the file in the volume.", { required: true }),
  mode: field(3, t.int32, "Permissions of the file, 0 to 0777; the volume's default otherwise.", { keepEmpty: true }),
});
export type KeyToPath = Infer<typeof keyToPathSchema>;

export const configMapVolumeSourceSchema = struct("io.k8s.api.core.v1.ConfigMapVolumeSource", "A ConfigMap as files.", {
  ...inlined(1, localObjectReferenceSchema),
  items: field(2, list(keyToPathSchema), "Which keys become which files; all of them, by their names, when empty."),
  defaultMode: field(3, t.int32, "Permissions of files that have none of their own, 0 to 0777.", {
    default: 0o644,
    keepEmpty: true,
  }),
  optional: field(4, t.bool, "Whether it may be missing.", { keepEmpty: true }),
});
export type ConfigMapVolumeSource = Infer<typeof configMapVolumeSourceSchema>;

export const downwardAPIVolumeFileSchema = struct("io.k8s.api.core.v1.DownwardAPIVolumeFile", "A file about the pod.", {
  path: field(1, t.string, "Path of the file in the volume.", { required: true }),
  fieldRef: field(2, objectFieldSelectorSchema, "Field of the pod."),
  resourceFieldRef: field(3, resourceFieldSelectorSchema, "Resource of a container."),
  mode: field(4, t.int32, "Permissions of the file, 0 to 0777; the volume's default otherwise.", { keepEmpty: true }),
});
export type DownwardAPIVolumeFile = Infer<typeof downwardAPIVolumeFileSchema>;

export const downwardAPIVolumeSourceSchema = struct(
  "io.k8s.api.core.v1.DownwardAPIVolumeSource",
  "Files about the pod.",
  {
    items: field(1, list(downwardAPIVolumeFileSchema), "The files."),
    defaultMode: field(2, t.int32, "Permissions of files that have none of their own, 0 to 0777.", {
      default: 0o644,
      keepEmpty: true,
    }),
  },
);
export type DownwardAPIVolumeSource = Infer<typeof downwardAPIVolumeSourceSchema>;

export const emptyDirVolumeSourceSchema = struct(
  "io.k8s.api.core.v1.EmptyDirVolumeSource",
  "A directory that is empty at first and goes with the pod.",
  {
    medium: field(1, t.string, "Memory for a file system in memory; empty for the node's disk."),
    sizeLimit: field(2, t.quantity, "How large it may become."),
  },
);
export type EmptyDirVolumeSource = Infer<typeof emptyDirVolumeSourceSchema>;

export const persistentVolumeClaimTemplateSchema = struct(
  "io.k8s.api.core.v1.PersistentVolumeClaimTemplate",
  "A claim that is made for the pod.",
  {
    metadata: field(1, objectMetaSchema, "Name, labels and what else all objects have.", { filled: true }),
    spec: field(2, persistentVolumeClaimSpecSchema, "What is wanted.", { required: true }),
  },
);
export type PersistentVolumeClaimTemplate = Infer<typeof persistentVolumeClaimTemplateSchema>;

export const ephemeralVolumeSourceSchema = struct(
  "io.k8s.api.core.v1.EphemeralVolumeSource",
  "Storage that is claimed for the pod and goes with it.",
  {
    volumeClaimTemplate: field(1, persistentVolumeClaimTemplateSchema, "The claim."),
  },
);
export type EphemeralVolumeSource = Infer<typeof ephemeralVolumeSourceSchema>;

export const hostPathVolumeSourceSchema = struct(
  "io.k8s.api.core.v1.HostPathVolumeSource",
  "A file or directory of the node.",
  {
    path: field(1, t.string, "Path on the node.", { required: true }),
    type: field(
      2,
      t.string,
      "What must be there, or is made: Directory, DirectoryOrCreate, File, FileOrCreate, Socket, CharDevice, BlockDevice; empty for no check.",
      { default: "", keepEmpty: true },
    ),
  },
);
export type HostPathVolumeSource = Infer<typeof hostPathVolumeSourceSchema>;

export const imageVolumeSourceSchema = struct("io.k8s.api.core.v1.ImageVolumeSource", "The files of an image.", {
  reference: field(1, t.string, "Image to mount."),
  pullPolicy: field(2, t.string, "When the image is pulled: Always, IfNotPresent or Never."),
});
export type ImageVolumeSource = Infer<typeof imageVolumeSourceSchema>;

export const nfsVolumeSourceSchema = struct("io.k8s.api.core.v1.NFSVolumeSource", "A directory of an NFS server.", {
  server: field(1, t.string, "Name or address of the server.", { required: true }),
  path: field(2, t.string, "Path on the server.", { required: true }),
  readOnly: field(3, t.bool, "Mount it so that it cannot be written to."),
});
export type NFSVolumeSource = Infer<typeof nfsVolumeSourceSchema>;

export const persistentVolumeClaimVolumeSourceSchema = struct(
  "io.k8s.api.core.v1.PersistentVolumeClaimVolumeSource",
  "Storage that was claimed.",
  {
    claimName: field(1, t.string, "Name of the claim.", { required: true }),
    readOnly: field(2, t.bool, "Mount it so that it cannot be written to."),
  },
);
export type PersistentVolumeClaimVolumeSource = Infer<typeof persistentVolumeClaimVolumeSourceSchema>;

export const clusterTrustBundleProjectionSchema = struct(
  "io.k8s.api.core.v1.ClusterTrustBundleProjection",
  "Trusted certificates as a file.",
  {
    name: field(1, t.string, "Name of one bundle.", { keepEmpty: true }),
    signerName: field(2, t.string, "Signer of the bundles, instead of a name.", { keepEmpty: true }),
    labelSelector: field(3, labelSelectorSchema, "Which labels to look for."),
    optional: field(5, t.bool, "Whether it may be missing.", { keepEmpty: true }),
    path: field(4, t.string, "Path of the file in the volume.", { required: true }),
  },
);
export type ClusterTrustBundleProjection = Infer<typeof clusterTrustBundleProjectionSchema>;

export const configMapProjectionSchema = struct("io.k8s.api.core.v1.ConfigMapProjection", "A ConfigMap as files.", {
  ...inlined(1, localObjectReferenceSchema),
  items: field(2, list(keyToPathSchema), "Which keys become which files; all of them, by their names, when empty."),
  optional: field(4, t.bool, "Whether it may be missing.", { keepEmpty: true }),
});
export type ConfigMapProjection = Infer<typeof configMapProjectionSchema>;

export const downwardAPIProjectionSchema = struct("io.k8s.api.core.v1.DownwardAPIProjection", "Files about the pod.", {
  items: field(1, list(downwardAPIVolumeFileSchema), "The files."),
});
export type DownwardAPIProjection = Infer<typeof downwardAPIProjectionSchema>;

export const podCertificateProjectionSchema = struct(
  "io.k8s.api.core.v1.PodCertificateProjection",
  "A key and a certificate of the pod's own as files.",
  {
    signerName: field(1, t.string, "Who signs the certificate.", { required: true }),
    keyType: field(2, t.string, "Sort of key.", { required: true }),
    maxExpirationSeconds: field(3, t.int32, "How long the certificate may be valid, in seconds.", { keepEmpty: true }),
    credentialBundlePath: field(4, t.string, "File for key and certificates together."),
    keyPath: field(5, t.string, "File for the key."),
    certificateChainPath: field(6, t.string, "File for the certificates."),
    userAnnotations: field(7, map(t.string), "Further values for the signer."),
  },
);
export type PodCertificateProjection = Infer<typeof podCertificateProjectionSchema>;

export const secretProjectionSchema = struct("io.k8s.api.core.v1.SecretProjection", "A Secret as files.", {
  ...inlined(1, localObjectReferenceSchema),
  items: field(2, list(keyToPathSchema), "Which keys become which files; all of them, by their names, when empty."),
  optional: field(4, t.bool, "Whether it may be missing.", { keepEmpty: true }),
});
export type SecretProjection = Infer<typeof secretProjectionSchema>;

export const serviceAccountTokenProjectionSchema = struct(
  "io.k8s.api.core.v1.ServiceAccountTokenProjection",
  "A token of the pod's service account as a file.",
  {
    audience: field(1, t.string, "Who the token is for; the API server otherwise."),
    expirationSeconds: field(2, t.int64, "How long a token is valid, in seconds; it is replaced in time.", {
      default: 3600,
      keepEmpty: true,
    }),
    path: field(3, t.string, "Path of the file in the volume.", { required: true }),
  },
);
export type ServiceAccountTokenProjection = Infer<typeof serviceAccountTokenProjectionSchema>;

export const volumeProjectionSchema = struct(
  "io.k8s.api.core.v1.VolumeProjection",
  "One source of a projected volume. Set one.",
  {
    secret: field(1, secretProjectionSchema, "A Secret."),
    downwardAPI: field(2, downwardAPIProjectionSchema, "Files about the pod."),
    configMap: field(3, configMapProjectionSchema, "A ConfigMap."),
    serviceAccountToken: field(4, serviceAccountTokenProjectionSchema, "A token of the service account."),
    clusterTrustBundle: field(5, clusterTrustBundleProjectionSchema, "Trusted certificates."),
    podCertificate: field(6, podCertificateProjectionSchema, "A certificate of the pod's own."),
  },
);
export type VolumeProjection = Infer<typeof volumeProjectionSchema>;

export const projectedVolumeSourceSchema = struct(
  "io.k8s.api.core.v1.ProjectedVolumeSource",
  "Files from several sources in one volume.",
  {
    sources: field(1, list(volumeProjectionSchema), "The sources.", { filled: true }),
    defaultMode: field(2, t.int32, "Permissions of files that have none of their own, 0 to 0777.", {
      default: 0o644,
      keepEmpty: true,
    }),
  },
);
export type ProjectedVolumeSource = Infer<typeof projectedVolumeSourceSchema>;

export const secretVolumeSourceSchema = struct("io.k8s.api.core.v1.SecretVolumeSource", "A Secret as files.", {
  secretName: field(1, t.string, "Name of the Secret."),
  items: field(2, list(keyToPathSchema), "Which keys become which files; all of them, by their names, when empty."),
  defaultMode: field(3, t.int32, "Permissions of files that have none of their own, 0 to 0777.", {
    default: 0o644,
    keepEmpty: true,
  }),
  optional: field(4, t.bool, "Whether it may be missing.", { keepEmpty: true }),
});
export type SecretVolumeSource = Infer<typeof secretVolumeSourceSchema>;

export const volumeSourceSchema = struct(
  "io.k8s.api.core.v1.VolumeSource",
  "Where a volume's contents come from. Set one.",
  {
    hostPath: field(1, hostPathVolumeSourceSchema, "A file or directory of the node."),
    emptyDir: field(2, emptyDirVolumeSourceSchema, "A directory that goes with the pod."),
    gcePersistentDisk: field(3, gcePersistentDiskVolumeSourceSchema, "A disk at Google."),
    awsElasticBlockStore: field(4, awsElasticBlockStoreVolumeSourceSchema, "A disk at Amazon."),
    gitRepo: field(5, gitRepoVolumeSourceSchema, "A clone of a repository."),
    secret: field(6, secretVolumeSourceSchema, "A Secret as files."),
    nfs: field(7, nfsVolumeSourceSchema, "A directory of an NFS server."),
    iscsi: field(8, iscsiVolumeSourceSchema, "An iSCSI disk."),
    glusterfs: field(9, glusterfsVolumeSourceSchema, "A Gluster volume."),
    persistentVolumeClaim: field(10, persistentVolumeClaimVolumeSourceSchema, "Storage that was claimed."),
    rbd: field(11, rbdVolumeSourceSchema, "A Ceph block device."),
    flexVolume: field(12, flexVolumeSourceSchema, "A volume by an exec driver."),
    cinder: field(13, cinderVolumeSourceSchema, "A disk at OpenStack."),
    cephfs: field(14, cephFSVolumeSourceSchema, "A Ceph file system."),
    flocker: field(15, flockerVolumeSourceSchema, "A Flocker dataset."),
    downwardAPI: field(16, downwardAPIVolumeSourceSchema, "Files about the pod."),
    fc: field(17, fcVolumeSourceSchema, "A Fibre Channel disk."),
    azureFile: field(18, azureFileVolumeSourceSchema, "A file share at Azure."),
    configMap: field(19, configMapVolumeSourceSchema, "A ConfigMap as files."),
    vsphereVolume: field(20, vsphereVirtualDiskVolumeSourceSchema, "A vSphere disk."),
    quobyte: field(21, quobyteVolumeSourceSchema, "A Quobyte volume."),
    azureDisk: field(22, azureDiskVolumeSourceSchema, "A disk at Azure."),
    photonPersistentDisk: field(23, photonPersistentDiskVolumeSourceSchema, "A Photon disk."),
    projected: field(26, projectedVolumeSourceSchema, "Files from several sources."),
    portworxVolume: field(24, portworxVolumeSourceSchema, "A Portworx volume."),
    scaleIO: field(25, scaleIOVolumeSourceSchema, "A ScaleIO volume."),
    storageos: field(27, storageOSVolumeSourceSchema, "A StorageOS volume."),
    csi: field(28, csiVolumeSourceSchema, "A volume that a driver makes for the pod alone."),
    ephemeral: field(29, ephemeralVolumeSourceSchema, "Storage that is claimed for the pod."),
    image: field(30, imageVolumeSourceSchema, "The files of an image."),
  },
);
export type VolumeSource = Infer<typeof volumeSourceSchema>;

export const volumeSchema = struct("io.k8s.api.core.v1.Volume", "Files that containers of a pod can mount.", {
  name: field(1, t.string, "Name of the volume, unique in the pod.", { required: true }),
  ...inlined(2, volumeSourceSchema),
});
export type Volume = Infer<typeof volumeSchema>;
