import type { Infer } from "../../../schema.ts";
import { field, list, map, struct, t } from "../../../schema.ts";
import { localObjectReferenceSchema } from "../references.ts";

export const awsElasticBlockStoreVolumeSourceSchema = struct(
  "io.k8s.api.core.v1.AWSElasticBlockStoreVolumeSource",
  "A disk at Amazon. Needs a CSI driver.",
  {
    volumeID: field(1, t.string, "Identity of the volume at its provider.", { required: true }),
    fsType: field(2, t.string, "File system to mount, for example ext4."),
    partition: field(3, t.int32, "Partition to mount; 0 for the whole disk."),
    readOnly: field(4, t.bool, "Mount it so that it cannot be written to."),
  },
);
export type AWSElasticBlockStoreVolumeSource = Infer<typeof awsElasticBlockStoreVolumeSourceSchema>;

export const azureDiskVolumeSourceSchema = struct(
  "io.k8s.api.core.v1.AzureDiskVolumeSource",
  "A disk at Azure. Needs a CSI driver.",
  {
    diskName: field(1, t.string, "Name of the disk.", { required: true }),
    diskURI: field(2, t.string, "Address of the disk.", { required: true }),
    cachingMode: field(3, t.string, "None, ReadOnly or ReadWrite.", { default: "ReadWrite", keepEmpty: true }),
    fsType: field(4, t.string, "File system to mount, for example ext4.", { default: "ext4", keepEmpty: true }),
    readOnly: field(5, t.bool, "Mount it so that it cannot be written to.", { keepEmpty: true }),
    kind: field(6, t.string, "Shared, Dedicated or Managed.", { default: "Shared", keepEmpty: true }),
  },
);
export type AzureDiskVolumeSource = Infer<typeof azureDiskVolumeSourceSchema>;

export const azureFileVolumeSourceSchema = struct(
  "io.k8s.api.core.v1.AzureFileVolumeSource",
  "A file share at Azure. Needs a CSI driver.",
  {
    secretName: field(1, t.string, "Secret with the account.", { required: true }),
    shareName: field(2, t.string, "Name of the share.", { required: true }),
    readOnly: field(3, t.bool, "Mount it so that it cannot be written to."),
  },
);
export type AzureFileVolumeSource = Infer<typeof azureFileVolumeSourceSchema>;

export const cephFSVolumeSourceSchema = struct(
  "io.k8s.api.core.v1.CephFSVolumeSource",
  "A Ceph file system. No longer supported.",
  {
    monitors: field(1, list(t.string), "Addresses of the monitors.", { required: true }),
    path: field(2, t.string, "Path in the file system."),
    user: field(3, t.string, "User of Ceph."),
    secretFile: field(4, t.string, "File with the key."),
    secretRef: field(5, localObjectReferenceSchema, "Secret with the credentials."),
    readOnly: field(6, t.bool, "Mount it so that it cannot be written to."),
  },
);
export type CephFSVolumeSource = Infer<typeof cephFSVolumeSourceSchema>;

export const cinderVolumeSourceSchema = struct(
  "io.k8s.api.core.v1.CinderVolumeSource",
  "A disk at OpenStack. Needs a CSI driver.",
  {
    volumeID: field(1, t.string, "Identity of the volume at its provider.", { required: true }),
    fsType: field(2, t.string, "File system to mount, for example ext4."),
    readOnly: field(3, t.bool, "Mount it so that it cannot be written to."),
    secretRef: field(4, localObjectReferenceSchema, "Secret with the credentials."),
  },
);
export type CinderVolumeSource = Infer<typeof cinderVolumeSourceSchema>;

export const fcVolumeSourceSchema = struct("io.k8s.api.core.v1.FCVolumeSource", "A Fibre Channel disk.", {
  targetWWNs: field(1, list(t.string), "Names of the targets."),
  lun: field(2, t.int32, "Unit number.", { keepEmpty: true }),
  fsType: field(3, t.string, "File system to mount, for example ext4."),
  readOnly: field(4, t.bool, "Mount it so that it cannot be written to."),
  wwids: field(5, list(t.string), "Identities of the disk, instead of targets and unit."),
});
export type FCVolumeSource = Infer<typeof fcVolumeSourceSchema>;

export const flexVolumeSourceSchema = struct(
  "io.k8s.api.core.v1.FlexVolumeSource",
  "A volume by an exec driver. CSI has taken its place.",
  {
    driver: field(1, t.string, "Name of the driver.", { required: true }),
    fsType: field(2, t.string, "File system to mount, for example ext4."),
    secretRef: field(3, localObjectReferenceSchema, "Secret with the credentials."),
    readOnly: field(4, t.bool, "Mount it so that it cannot be written to."),
    options: field(5, map(t.string), "Settings for the driver."),
  },
);
export type FlexVolumeSource = Infer<typeof flexVolumeSourceSchema>;

export const flockerVolumeSourceSchema = struct(
  "io.k8s.api.core.v1.FlockerVolumeSource",
  "A Flocker dataset. No longer supported.",
  {
    datasetName: field(1, t.string, "Name of the dataset."),
    datasetUUID: field(2, t.string, "Identity of the dataset."),
  },
);
export type FlockerVolumeSource = Infer<typeof flockerVolumeSourceSchema>;

export const gcePersistentDiskVolumeSourceSchema = struct(
  "io.k8s.api.core.v1.GCEPersistentDiskVolumeSource",
  "A disk at Google. Needs a CSI driver.",
  {
    pdName: field(1, t.string, "Name of the disk.", { required: true }),
    fsType: field(2, t.string, "File system to mount, for example ext4."),
    partition: field(3, t.int32, "Partition to mount; 0 for the whole disk."),
    readOnly: field(4, t.bool, "Mount it so that it cannot be written to."),
  },
);
export type GCEPersistentDiskVolumeSource = Infer<typeof gcePersistentDiskVolumeSourceSchema>;

export const gitRepoVolumeSourceSchema = struct(
  "io.k8s.api.core.v1.GitRepoVolumeSource",
  "A clone of a repository. No longer supported.",
  {
    repository: field(1, t.string, "Address of the repository.", { required: true }),
    revision: field(2, t.string, "Commit to check out."),
    directory: field(3, t.string, "Directory to clone into."),
  },
);
export type GitRepoVolumeSource = Infer<typeof gitRepoVolumeSourceSchema>;

export const glusterfsVolumeSourceSchema = struct(
  "io.k8s.api.core.v1.GlusterfsVolumeSource",
  "A Gluster volume. No longer supported.",
  {
    endpoints: field(1, t.string, "Endpoints object with the servers.", { required: true }),
    path: field(2, t.string, "Name of the volume.", { required: true }),
    readOnly: field(3, t.bool, "Mount it so that it cannot be written to."),
  },
);
export type GlusterfsVolumeSource = Infer<typeof glusterfsVolumeSourceSchema>;

export const iscsiVolumeSourceSchema = struct("io.k8s.api.core.v1.ISCSIVolumeSource", "An iSCSI disk.", {
  targetPortal: field(1, t.string, "Address of the target.", { required: true }),
  iqn: field(2, t.string, "Name of the target.", { required: true }),
  lun: field(3, t.int32, "Unit number.", { required: true }),
  iscsiInterface: field(4, t.string, "Interface to use.", { default: "default" }),
  fsType: field(5, t.string, "File system to mount, for example ext4."),
  readOnly: field(6, t.bool, "Mount it so that it cannot be written to."),
  portals: field(7, list(t.string), "Further addresses."),
  chapAuthDiscovery: field(8, t.bool, "Log in for discovery."),
  chapAuthSession: field(11, t.bool, "Log in for sessions."),
  secretRef: field(10, localObjectReferenceSchema, "Secret with the credentials."),
  initiatorName: field(12, t.string, "Name of the initiator.", { keepEmpty: true }),
});
export type ISCSIVolumeSource = Infer<typeof iscsiVolumeSourceSchema>;

export const photonPersistentDiskVolumeSourceSchema = struct(
  "io.k8s.api.core.v1.PhotonPersistentDiskVolumeSource",
  "A Photon disk. No longer supported.",
  {
    pdID: field(1, t.string, "Identity of the disk.", { required: true }),
    fsType: field(2, t.string, "File system to mount, for example ext4."),
  },
);
export type PhotonPersistentDiskVolumeSource = Infer<typeof photonPersistentDiskVolumeSourceSchema>;

export const portworxVolumeSourceSchema = struct(
  "io.k8s.api.core.v1.PortworxVolumeSource",
  "A Portworx volume. Needs a CSI driver.",
  {
    volumeID: field(1, t.string, "Identity of the volume at its provider.", { required: true }),
    fsType: field(2, t.string, "File system to mount, for example ext4."),
    readOnly: field(3, t.bool, "Mount it so that it cannot be written to."),
  },
);
export type PortworxVolumeSource = Infer<typeof portworxVolumeSourceSchema>;

export const quobyteVolumeSourceSchema = struct(
  "io.k8s.api.core.v1.QuobyteVolumeSource",
  "A Quobyte volume. No longer supported.",
  {
    registry: field(1, t.string, "Addresses of the registry.", { required: true }),
    volume: field(2, t.string, "Name of the volume.", { required: true }),
    readOnly: field(3, t.bool, "Mount it so that it cannot be written to."),
    user: field(4, t.string, "User to access it as."),
    group: field(5, t.string, "Group to access it as."),
    tenant: field(6, t.string, "Tenant it belongs to."),
  },
);
export type QuobyteVolumeSource = Infer<typeof quobyteVolumeSourceSchema>;

export const rbdVolumeSourceSchema = struct(
  "io.k8s.api.core.v1.RBDVolumeSource",
  "A Ceph block device. No longer supported.",
  {
    monitors: field(1, list(t.string), "Addresses of the monitors.", { required: true }),
    image: field(2, t.string, "Name of the image.", { required: true }),
    fsType: field(3, t.string, "File system to mount, for example ext4."),
    pool: field(4, t.string, "Name of the pool.", { default: "rbd" }),
    user: field(5, t.string, "User of Ceph.", { default: "admin" }),
    keyring: field(6, t.string, "File with the key.", { default: "/etc/ceph/keyring" }),
    secretRef: field(7, localObjectReferenceSchema, "Secret with the credentials."),
    readOnly: field(8, t.bool, "Mount it so that it cannot be written to."),
  },
);
export type RBDVolumeSource = Infer<typeof rbdVolumeSourceSchema>;

export const scaleIOVolumeSourceSchema = struct(
  "io.k8s.api.core.v1.ScaleIOVolumeSource",
  "A ScaleIO volume. No longer supported.",
  {
    gateway: field(1, t.string, "Address of the gateway.", { required: true }),
    system: field(2, t.string, "Name of the system.", { required: true }),
    secretRef: field(3, localObjectReferenceSchema, "Secret with the credentials.", { required: true }),
    sslEnabled: field(4, t.bool, "Whether TLS is used."),
    protectionDomain: field(5, t.string, "Name of the protection domain."),
    storagePool: field(6, t.string, "Name of the storage pool."),
    storageMode: field(7, t.string, "ThickProvisioned or ThinProvisioned.", { default: "ThinProvisioned" }),
    volumeName: field(8, t.string, "Name of the volume."),
    fsType: field(9, t.string, "File system to mount, for example ext4.", { default: "xfs" }),
    readOnly: field(10, t.bool, "Mount it so that it cannot be written to."),
  },
);
export type ScaleIOVolumeSource = Infer<typeof scaleIOVolumeSourceSchema>;

export const storageOSVolumeSourceSchema = struct(
  "io.k8s.api.core.v1.StorageOSVolumeSource",
  "A StorageOS volume. No longer supported.",
  {
    volumeName: field(1, t.string, "Name of the volume."),
    volumeNamespace: field(2, t.string, "Namespace of the volume."),
    fsType: field(3, t.string, "File system to mount, for example ext4."),
    readOnly: field(4, t.bool, "Mount it so that it cannot be written to."),
    secretRef: field(5, localObjectReferenceSchema, "Secret with the credentials."),
  },
);
export type StorageOSVolumeSource = Infer<typeof storageOSVolumeSourceSchema>;

export const vsphereVirtualDiskVolumeSourceSchema = struct(
  "io.k8s.api.core.v1.VsphereVirtualDiskVolumeSource",
  "A vSphere disk. Needs a CSI driver.",
  {
    volumePath: field(1, t.string, "Path of the disk.", { required: true }),
    fsType: field(2, t.string, "File system to mount, for example ext4."),
    storagePolicyName: field(3, t.string, "Name of the storage policy."),
    storagePolicyID: field(4, t.string, "Identity of the storage policy."),
  },
);
export type VsphereVirtualDiskVolumeSource = Infer<typeof vsphereVirtualDiskVolumeSourceSchema>;
