import type { Infer } from "../../../schema.ts";
import { field, list, map, struct, t } from "../../../schema.ts";
import { hostPathVolumeSourceSchema, nfsVolumeSourceSchema } from "../pod/volume.ts";
import {
  awsElasticBlockStoreVolumeSourceSchema,
  azureDiskVolumeSourceSchema,
  fcVolumeSourceSchema,
  flockerVolumeSourceSchema,
  gcePersistentDiskVolumeSourceSchema,
  photonPersistentDiskVolumeSourceSchema,
  portworxVolumeSourceSchema,
  quobyteVolumeSourceSchema,
  vsphereVirtualDiskVolumeSourceSchema,
} from "../pod/volume-providers.ts";
import { objectReferenceSchema, secretReferenceSchema } from "../references.ts";

/** Descriptions that sources of PersistentVolumes share with those of a pod's volumes, from which they differ in their references. */
const READ_ONLY = "Mount it so that it cannot be written to.";
const FILE_SYSTEM = "File system to mount, for example ext4.";
const CREDENTIALS = "Secret with the credentials.";

export const azureFilePersistentVolumeSourceSchema = struct(
  "io.k8s.api.core.v1.AzureFilePersistentVolumeSource",
  "A file share at Azure. Needs a CSI driver.",
  {
    secretName: field(1, t.string, "Secret with the account.", { required: true }),
    shareName: field(2, t.string, "Name of the share.", { required: true }),
    readOnly: field(3, t.bool, READ_ONLY),
    secretNamespace: field(4, t.string, "Namespace of the Secret; the claim's otherwise.", { keepEmpty: true }),
  },
);

export const cephFSPersistentVolumeSourceSchema = struct(
  "io.k8s.api.core.v1.CephFSPersistentVolumeSource",
  "A Ceph file system. No longer supported.",
  {
    monitors: field(1, list(t.string), "Addresses of the monitors.", { required: true }),
    path: field(2, t.string, "Path in the file system."),
    user: field(3, t.string, "User of Ceph."),
    secretFile: field(4, t.string, "File with the key."),
    secretRef: field(5, secretReferenceSchema, CREDENTIALS),
    readOnly: field(6, t.bool, READ_ONLY),
  },
);

export const cinderPersistentVolumeSourceSchema = struct(
  "io.k8s.api.core.v1.CinderPersistentVolumeSource",
  "A disk at OpenStack. Needs a CSI driver.",
  {
    volumeID: field(1, t.string, "Identity of the volume at its provider.", { required: true }),
    fsType: field(2, t.string, FILE_SYSTEM),
    readOnly: field(3, t.bool, READ_ONLY),
    secretRef: field(4, secretReferenceSchema, CREDENTIALS),
  },
);

export const csiPersistentVolumeSourceSchema = struct(
  "io.k8s.api.core.v1.CSIPersistentVolumeSource",
  "A volume that a CSI driver looks after.",
  {
    driver: field(1, t.string, "Name of the driver.", { required: true }),
    volumeHandle: field(2, t.string, "Identity of the volume at its driver.", { required: true }),
    readOnly: field(3, t.bool, READ_ONLY),
    fsType: field(4, t.string, FILE_SYSTEM),
    volumeAttributes: field(5, map(t.string), "Settings for the driver."),
    controllerPublishSecretRef: field(6, secretReferenceSchema, "Secret for attaching the volume to a node."),
    nodeStageSecretRef: field(7, secretReferenceSchema, "Secret for preparing the volume on a node."),
    nodePublishSecretRef: field(8, secretReferenceSchema, "Secret for mounting the volume for a pod."),
    controllerExpandSecretRef: field(9, secretReferenceSchema, "Secret for making the volume larger."),
    nodeExpandSecretRef: field(10, secretReferenceSchema, "Secret for making its file system larger."),
  },
);
export type CSIPersistentVolumeSource = Infer<typeof csiPersistentVolumeSourceSchema>;

export const flexPersistentVolumeSourceSchema = struct(
  "io.k8s.api.core.v1.FlexPersistentVolumeSource",
  "A volume by an exec driver. CSI has taken its place.",
  {
    driver: field(1, t.string, "Name of the driver.", { required: true }),
    fsType: field(2, t.string, FILE_SYSTEM),
    secretRef: field(3, secretReferenceSchema, CREDENTIALS),
    readOnly: field(4, t.bool, READ_ONLY),
    options: field(5, map(t.string), "Settings for the driver."),
  },
);

export const glusterfsPersistentVolumeSourceSchema = struct(
  "io.k8s.api.core.v1.GlusterfsPersistentVolumeSource",
  "A Gluster volume. No longer supported.",
  {
    endpoints: field(1, t.string, "Endpoints object with the servers.", { required: true }),
    path: field(2, t.string, "Name of the volume.", { required: true }),
    readOnly: field(3, t.bool, READ_ONLY),
    endpointsNamespace: field(4, t.string, "Namespace of the Endpoints; the claim's otherwise.", { keepEmpty: true }),
  },
);

export const iscsiPersistentVolumeSourceSchema = struct(
  "io.k8s.api.core.v1.ISCSIPersistentVolumeSource",
  "An iSCSI disk.",
  {
    targetPortal: field(1, t.string, "Address of the target.", { required: true }),
    iqn: field(2, t.string, "Name of the target.", { required: true }),
    lun: field(3, t.int32, "Unit number.", { required: true }),
    iscsiInterface: field(4, t.string, "Interface to use.", { default: "default" }),
    fsType: field(5, t.string, FILE_SYSTEM),
    readOnly: field(6, t.bool, READ_ONLY),
    portals: field(7, list(t.string), "Further addresses."),
    chapAuthDiscovery: field(8, t.bool, "Log in for discovery."),
    chapAuthSession: field(11, t.bool, "Log in for sessions."),
    secretRef: field(10, secretReferenceSchema, CREDENTIALS),
    initiatorName: field(12, t.string, "Name of the initiator.", { keepEmpty: true }),
  },
);

export const localVolumeSourceSchema = struct(
  "io.k8s.api.core.v1.LocalVolumeSource",
  "A directory or disk of the nodes that the volume's node affinity names.",
  {
    path: field(1, t.string, "Path on the node.", { required: true }),
    fsType: field(2, t.string, "File system to mount, for a path that is a block device.", { keepEmpty: true }),
  },
);
export type LocalVolumeSource = Infer<typeof localVolumeSourceSchema>;

export const rbdPersistentVolumeSourceSchema = struct(
  "io.k8s.api.core.v1.RBDPersistentVolumeSource",
  "A Ceph block device. No longer supported.",
  {
    monitors: field(1, list(t.string), "Addresses of the monitors.", { required: true }),
    image: field(2, t.string, "Name of the image.", { required: true }),
    fsType: field(3, t.string, FILE_SYSTEM),
    pool: field(4, t.string, "Name of the pool.", { default: "rbd" }),
    user: field(5, t.string, "User of Ceph.", { default: "admin" }),
    keyring: field(6, t.string, "File with the key.", { default: "/etc/ceph/keyring" }),
    secretRef: field(7, secretReferenceSchema, CREDENTIALS),
    readOnly: field(8, t.bool, READ_ONLY),
  },
);

export const scaleIOPersistentVolumeSourceSchema = struct(
  "io.k8s.api.core.v1.ScaleIOPersistentVolumeSource",
  "A ScaleIO volume. No longer supported.",
  {
    gateway: field(1, t.string, "Address of the gateway.", { required: true }),
    system: field(2, t.string, "Name of the system.", { required: true }),
    secretRef: field(3, secretReferenceSchema, CREDENTIALS, { required: true }),
    sslEnabled: field(4, t.bool, "Whether TLS is used."),
    protectionDomain: field(5, t.string, "Name of the protection domain."),
    storagePool: field(6, t.string, "Name of the storage pool."),
    storageMode: field(7, t.string, "ThickProvisioned or ThinProvisioned.", { default: "ThinProvisioned" }),
    volumeName: field(8, t.string, "Name of the volume."),
    fsType: field(9, t.string, FILE_SYSTEM, { default: "xfs" }),
    readOnly: field(10, t.bool, READ_ONLY),
  },
);

export const storageOSPersistentVolumeSourceSchema = struct(
  "io.k8s.api.core.v1.StorageOSPersistentVolumeSource",
  "A StorageOS volume. No longer supported.",
  {
    volumeName: field(1, t.string, "Name of the volume."),
    volumeNamespace: field(2, t.string, "Namespace of the volume."),
    fsType: field(3, t.string, FILE_SYSTEM),
    readOnly: field(4, t.bool, READ_ONLY),
    secretRef: field(5, objectReferenceSchema, CREDENTIALS),
  },
);

/** Where a volume's contents are. Inlined into the spec of a PersistentVolume: upstream publishes no type for it. */
export const persistentVolumeSourceSchema = struct(
  "io.k8s.api.core.v1.PersistentVolumeSource",
  "Where a volume's contents are. Set one.",
  {
    gcePersistentDisk: field(1, gcePersistentDiskVolumeSourceSchema, "A disk at Google."),
    awsElasticBlockStore: field(2, awsElasticBlockStoreVolumeSourceSchema, "A disk at Amazon."),
    hostPath: field(3, hostPathVolumeSourceSchema, "A directory of whichever node the pod is on."),
    glusterfs: field(4, glusterfsPersistentVolumeSourceSchema, "A Gluster volume."),
    nfs: field(5, nfsVolumeSourceSchema, "A directory of an NFS server."),
    rbd: field(6, rbdPersistentVolumeSourceSchema, "A Ceph block device."),
    iscsi: field(7, iscsiPersistentVolumeSourceSchema, "An iSCSI disk."),
    cinder: field(8, cinderPersistentVolumeSourceSchema, "A disk at OpenStack."),
    cephfs: field(9, cephFSPersistentVolumeSourceSchema, "A Ceph file system."),
    fc: field(10, fcVolumeSourceSchema, "A Fibre Channel disk."),
    flocker: field(11, flockerVolumeSourceSchema, "A Flocker dataset."),
    flexVolume: field(12, flexPersistentVolumeSourceSchema, "A volume by an exec driver."),
    azureFile: field(13, azureFilePersistentVolumeSourceSchema, "A file share at Azure."),
    vsphereVolume: field(14, vsphereVirtualDiskVolumeSourceSchema, "A vSphere disk."),
    quobyte: field(15, quobyteVolumeSourceSchema, "A Quobyte volume."),
    azureDisk: field(16, azureDiskVolumeSourceSchema, "A disk at Azure."),
    photonPersistentDisk: field(17, photonPersistentDiskVolumeSourceSchema, "A Photon disk."),
    portworxVolume: field(18, portworxVolumeSourceSchema, "A Portworx volume."),
    scaleIO: field(19, scaleIOPersistentVolumeSourceSchema, "A ScaleIO volume."),
    local: field(20, localVolumeSourceSchema, "A directory or disk of certain nodes."),
    storageos: field(21, storageOSPersistentVolumeSourceSchema, "A StorageOS volume."),
    csi: field(22, csiPersistentVolumeSourceSchema, "A volume that a CSI driver looks after."),
  },
);
export type PersistentVolumeSource = Infer<typeof persistentVolumeSourceSchema>;

/** The sources by name, hostPath first: the order in which upstream looks for them. */
export const SOURCE_NAMES: readonly (keyof PersistentVolumeSource)[] = [
  "hostPath",
  ...(Object.keys(persistentVolumeSourceSchema.fields) as (keyof PersistentVolumeSource)[]).filter(
    (name) => name !== "hostPath",
  ),
];

/** The names of the sources that the spec has: one, in a valid volume. */
export function sourceNames(spec: PersistentVolumeSource): readonly (keyof PersistentVolumeSource)[] {
  return SOURCE_NAMES.filter((name) => spec[name] !== undefined);
}
