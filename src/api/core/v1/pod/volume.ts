import { labelSelectorSchema } from "../../../meta/v1/label-selector.ts";
import { objectMetaSchema } from "../../../meta/v1/object-meta.ts";
import type { Infer } from "../../../schema.ts";
import { field, inlined, list, map, struct, t } from "../../../schema.ts";
import { localObjectReferenceSchema } from "../references.ts";
import { objectFieldSelectorSchema, resourceFieldSelectorSchema } from "./env.ts";
import { persistentVolumeClaimSpecSchema } from "./persistentvolumeclaim-spec.ts";

export const awsElasticBlockStoreVolumeSourceSchema = struct(
  "io.k8s.api.core.v1.AWSElasticBlockStoreVolumeSource",
  "",
  {
    volumeID: field(1, t.string, "", { required: true }),
    fsType: field(2, t.string, ""),
    partition: field(3, t.int32, ""),
    readOnly: field(4, t.bool, ""),
  },
);
export type AWSElasticBlockStoreVolumeSource = Infer<typeof awsElasticBlockStoreVolumeSourceSchema>;

export const azureDiskVolumeSourceSchema = struct("io.k8s.api.core.v1.AzureDiskVolumeSource", "", {
  diskName: field(1, t.string, "", { required: true }),
  diskURI: field(2, t.string, "", { required: true }),
  cachingMode: field(3, t.string, "", { default: "ReadWrite" }),
  fsType: field(4, t.string, "", { default: "ext4" }),
  readOnly: field(5, t.bool, "", { keepEmpty: true }),
  kind: field(6, t.string, "", { default: "Shared" }),
});
export type AzureDiskVolumeSource = Infer<typeof azureDiskVolumeSourceSchema>;

export const azureFileVolumeSourceSchema = struct("io.k8s.api.core.v1.AzureFileVolumeSource", "", {
  secretName: field(1, t.string, "", { required: true }),
  shareName: field(2, t.string, "", { required: true }),
  readOnly: field(3, t.bool, ""),
});
export type AzureFileVolumeSource = Infer<typeof azureFileVolumeSourceSchema>;

export const csiVolumeSourceSchema = struct("io.k8s.api.core.v1.CSIVolumeSource", "", {
  driver: field(1, t.string, "", { required: true }),
  readOnly: field(2, t.bool, "", { keepEmpty: true }),
  fsType: field(3, t.string, "", { keepEmpty: true }),
  volumeAttributes: field(4, map(t.string), ""),
  nodePublishSecretRef: field(5, localObjectReferenceSchema, ""),
});
export type CSIVolumeSource = Infer<typeof csiVolumeSourceSchema>;

export const cephFSVolumeSourceSchema = struct("io.k8s.api.core.v1.CephFSVolumeSource", "", {
  monitors: field(1, list(t.string), "", { required: true }),
  path: field(2, t.string, ""),
  user: field(3, t.string, ""),
  secretFile: field(4, t.string, ""),
  secretRef: field(5, localObjectReferenceSchema, ""),
  readOnly: field(6, t.bool, ""),
});
export type CephFSVolumeSource = Infer<typeof cephFSVolumeSourceSchema>;

export const cinderVolumeSourceSchema = struct("io.k8s.api.core.v1.CinderVolumeSource", "", {
  volumeID: field(1, t.string, "", { required: true }),
  fsType: field(2, t.string, ""),
  readOnly: field(3, t.bool, ""),
  secretRef: field(4, localObjectReferenceSchema, ""),
});
export type CinderVolumeSource = Infer<typeof cinderVolumeSourceSchema>;

export const keyToPathSchema = struct("io.k8s.api.core.v1.KeyToPath", "", {
  key: field(1, t.string, "", { required: true }),
  path: field(2, t.string, "", { required: true }),
  mode: field(3, t.int32, "", { keepEmpty: true }),
});
export type KeyToPath = Infer<typeof keyToPathSchema>;

export const configMapVolumeSourceSchema = struct("io.k8s.api.core.v1.ConfigMapVolumeSource", "", {
  ...inlined(1, localObjectReferenceSchema),
  items: field(2, list(keyToPathSchema), ""),
  defaultMode: field(3, t.int32, "", { default: 0o644 }),
  optional: field(4, t.bool, "", { keepEmpty: true }),
});
export type ConfigMapVolumeSource = Infer<typeof configMapVolumeSourceSchema>;

export const downwardAPIVolumeFileSchema = struct("io.k8s.api.core.v1.DownwardAPIVolumeFile", "", {
  path: field(1, t.string, "", { required: true }),
  fieldRef: field(2, objectFieldSelectorSchema, ""),
  resourceFieldRef: field(3, resourceFieldSelectorSchema, ""),
  mode: field(4, t.int32, "", { keepEmpty: true }),
});
export type DownwardAPIVolumeFile = Infer<typeof downwardAPIVolumeFileSchema>;

export const downwardAPIVolumeSourceSchema = struct("io.k8s.api.core.v1.DownwardAPIVolumeSource", "", {
  items: field(1, list(downwardAPIVolumeFileSchema), ""),
  defaultMode: field(2, t.int32, "", { default: 0o644 }),
});
export type DownwardAPIVolumeSource = Infer<typeof downwardAPIVolumeSourceSchema>;

export const emptyDirVolumeSourceSchema = struct("io.k8s.api.core.v1.EmptyDirVolumeSource", "", {
  medium: field(1, t.string, ""),
  sizeLimit: field(2, t.quantity, ""),
});
export type EmptyDirVolumeSource = Infer<typeof emptyDirVolumeSourceSchema>;

export const persistentVolumeClaimTemplateSchema = struct("io.k8s.api.core.v1.PersistentVolumeClaimTemplate", "", {
  metadata: field(1, objectMetaSchema, ""),
  spec: field(2, persistentVolumeClaimSpecSchema, "", { required: true }),
});
export type PersistentVolumeClaimTemplate = Infer<typeof persistentVolumeClaimTemplateSchema>;

export const ephemeralVolumeSourceSchema = struct("io.k8s.api.core.v1.EphemeralVolumeSource", "", {
  volumeClaimTemplate: field(1, persistentVolumeClaimTemplateSchema, ""),
});
export type EphemeralVolumeSource = Infer<typeof ephemeralVolumeSourceSchema>;

export const fcVolumeSourceSchema = struct("io.k8s.api.core.v1.FCVolumeSource", "", {
  targetWWNs: field(1, list(t.string), ""),
  lun: field(2, t.int32, "", { keepEmpty: true }),
  fsType: field(3, t.string, ""),
  readOnly: field(4, t.bool, ""),
  wwids: field(5, list(t.string), ""),
});
export type FCVolumeSource = Infer<typeof fcVolumeSourceSchema>;

export const flexVolumeSourceSchema = struct("io.k8s.api.core.v1.FlexVolumeSource", "", {
  driver: field(1, t.string, "", { required: true }),
  fsType: field(2, t.string, ""),
  secretRef: field(3, localObjectReferenceSchema, ""),
  readOnly: field(4, t.bool, ""),
  options: field(5, map(t.string), ""),
});
export type FlexVolumeSource = Infer<typeof flexVolumeSourceSchema>;

export const flockerVolumeSourceSchema = struct("io.k8s.api.core.v1.FlockerVolumeSource", "", {
  datasetName: field(1, t.string, ""),
  datasetUUID: field(2, t.string, ""),
});
export type FlockerVolumeSource = Infer<typeof flockerVolumeSourceSchema>;

export const gcePersistentDiskVolumeSourceSchema = struct("io.k8s.api.core.v1.GCEPersistentDiskVolumeSource", "", {
  pdName: field(1, t.string, "", { required: true }),
  fsType: field(2, t.string, ""),
  partition: field(3, t.int32, ""),
  readOnly: field(4, t.bool, ""),
});
export type GCEPersistentDiskVolumeSource = Infer<typeof gcePersistentDiskVolumeSourceSchema>;

export const gitRepoVolumeSourceSchema = struct("io.k8s.api.core.v1.GitRepoVolumeSource", "", {
  repository: field(1, t.string, "", { required: true }),
  revision: field(2, t.string, ""),
  directory: field(3, t.string, ""),
});
export type GitRepoVolumeSource = Infer<typeof gitRepoVolumeSourceSchema>;

export const glusterfsVolumeSourceSchema = struct("io.k8s.api.core.v1.GlusterfsVolumeSource", "", {
  endpoints: field(1, t.string, "", { required: true }),
  path: field(2, t.string, "", { required: true }),
  readOnly: field(3, t.bool, ""),
});
export type GlusterfsVolumeSource = Infer<typeof glusterfsVolumeSourceSchema>;

export const hostPathVolumeSourceSchema = struct("io.k8s.api.core.v1.HostPathVolumeSource", "", {
  path: field(1, t.string, "", { required: true }),
  type: field(2, t.string, "", { default: "" }),
});
export type HostPathVolumeSource = Infer<typeof hostPathVolumeSourceSchema>;

export const iscsiVolumeSourceSchema = struct("io.k8s.api.core.v1.ISCSIVolumeSource", "", {
  targetPortal: field(1, t.string, "", { required: true }),
  iqn: field(2, t.string, "", { required: true }),
  lun: field(3, t.int32, "", { required: true }),
  iscsiInterface: field(4, t.string, "", { default: "default" }),
  fsType: field(5, t.string, ""),
  readOnly: field(6, t.bool, ""),
  portals: field(7, list(t.string), ""),
  chapAuthDiscovery: field(8, t.bool, ""),
  chapAuthSession: field(11, t.bool, ""),
  secretRef: field(10, localObjectReferenceSchema, ""),
  initiatorName: field(12, t.string, "", { keepEmpty: true }),
});
export type ISCSIVolumeSource = Infer<typeof iscsiVolumeSourceSchema>;

export const imageVolumeSourceSchema = struct("io.k8s.api.core.v1.ImageVolumeSource", "", {
  reference: field(1, t.string, ""),
  pullPolicy: field(2, t.string, ""),
});
export type ImageVolumeSource = Infer<typeof imageVolumeSourceSchema>;

export const nfsVolumeSourceSchema = struct("io.k8s.api.core.v1.NFSVolumeSource", "", {
  server: field(1, t.string, "", { required: true }),
  path: field(2, t.string, "", { required: true }),
  readOnly: field(3, t.bool, ""),
});
export type NFSVolumeSource = Infer<typeof nfsVolumeSourceSchema>;

export const persistentVolumeClaimVolumeSourceSchema = struct(
  "io.k8s.api.core.v1.PersistentVolumeClaimVolumeSource",
  "",
  {
    claimName: field(1, t.string, "", { required: true }),
    readOnly: field(2, t.bool, ""),
  },
);
export type PersistentVolumeClaimVolumeSource = Infer<typeof persistentVolumeClaimVolumeSourceSchema>;

export const photonPersistentDiskVolumeSourceSchema = struct(
  "io.k8s.api.core.v1.PhotonPersistentDiskVolumeSource",
  "",
  {
    pdID: field(1, t.string, "", { required: true }),
    fsType: field(2, t.string, ""),
  },
);
export type PhotonPersistentDiskVolumeSource = Infer<typeof photonPersistentDiskVolumeSourceSchema>;

export const portworxVolumeSourceSchema = struct("io.k8s.api.core.v1.PortworxVolumeSource", "", {
  volumeID: field(1, t.string, "", { required: true }),
  fsType: field(2, t.string, ""),
  readOnly: field(3, t.bool, ""),
});
export type PortworxVolumeSource = Infer<typeof portworxVolumeSourceSchema>;

export const clusterTrustBundleProjectionSchema = struct("io.k8s.api.core.v1.ClusterTrustBundleProjection", "", {
  name: field(1, t.string, "", { keepEmpty: true }),
  signerName: field(2, t.string, "", { keepEmpty: true }),
  labelSelector: field(3, labelSelectorSchema, ""),
  optional: field(5, t.bool, "", { keepEmpty: true }),
  path: field(4, t.string, "", { required: true }),
});
export type ClusterTrustBundleProjection = Infer<typeof clusterTrustBundleProjectionSchema>;

export const configMapProjectionSchema = struct("io.k8s.api.core.v1.ConfigMapProjection", "", {
  ...inlined(1, localObjectReferenceSchema),
  items: field(2, list(keyToPathSchema), ""),
  optional: field(4, t.bool, "", { keepEmpty: true }),
});
export type ConfigMapProjection = Infer<typeof configMapProjectionSchema>;

export const downwardAPIProjectionSchema = struct("io.k8s.api.core.v1.DownwardAPIProjection", "", {
  items: field(1, list(downwardAPIVolumeFileSchema), ""),
});
export type DownwardAPIProjection = Infer<typeof downwardAPIProjectionSchema>;

export const podCertificateProjectionSchema = struct("io.k8s.api.core.v1.PodCertificateProjection", "", {
  signerName: field(1, t.string, "", { required: true }),
  keyType: field(2, t.string, "", { required: true }),
  maxExpirationSeconds: field(3, t.int32, "", { keepEmpty: true }),
  credentialBundlePath: field(4, t.string, ""),
  keyPath: field(5, t.string, ""),
  certificateChainPath: field(6, t.string, ""),
  userAnnotations: field(7, map(t.string), ""),
});
export type PodCertificateProjection = Infer<typeof podCertificateProjectionSchema>;

export const secretProjectionSchema = struct("io.k8s.api.core.v1.SecretProjection", "", {
  ...inlined(1, localObjectReferenceSchema),
  items: field(2, list(keyToPathSchema), ""),
  optional: field(4, t.bool, "", { keepEmpty: true }),
});
export type SecretProjection = Infer<typeof secretProjectionSchema>;

export const serviceAccountTokenProjectionSchema = struct("io.k8s.api.core.v1.ServiceAccountTokenProjection", "", {
  audience: field(1, t.string, ""),
  expirationSeconds: field(2, t.int64, "", { default: 3600 }),
  path: field(3, t.string, "", { required: true }),
});
export type ServiceAccountTokenProjection = Infer<typeof serviceAccountTokenProjectionSchema>;

export const volumeProjectionSchema = struct("io.k8s.api.core.v1.VolumeProjection", "", {
  secret: field(1, secretProjectionSchema, ""),
  downwardAPI: field(2, downwardAPIProjectionSchema, ""),
  configMap: field(3, configMapProjectionSchema, ""),
  serviceAccountToken: field(4, serviceAccountTokenProjectionSchema, ""),
  clusterTrustBundle: field(5, clusterTrustBundleProjectionSchema, ""),
  podCertificate: field(6, podCertificateProjectionSchema, ""),
});
export type VolumeProjection = Infer<typeof volumeProjectionSchema>;

export const projectedVolumeSourceSchema = struct("io.k8s.api.core.v1.ProjectedVolumeSource", "", {
  sources: field(1, list(volumeProjectionSchema), ""),
  defaultMode: field(2, t.int32, "", { default: 0o644 }),
});
export type ProjectedVolumeSource = Infer<typeof projectedVolumeSourceSchema>;

export const quobyteVolumeSourceSchema = struct("io.k8s.api.core.v1.QuobyteVolumeSource", "", {
  registry: field(1, t.string, "", { required: true }),
  volume: field(2, t.string, "", { required: true }),
  readOnly: field(3, t.bool, ""),
  user: field(4, t.string, ""),
  group: field(5, t.string, ""),
  tenant: field(6, t.string, ""),
});
export type QuobyteVolumeSource = Infer<typeof quobyteVolumeSourceSchema>;

export const rbdVolumeSourceSchema = struct("io.k8s.api.core.v1.RBDVolumeSource", "", {
  monitors: field(1, list(t.string), "", { required: true }),
  image: field(2, t.string, "", { required: true }),
  fsType: field(3, t.string, ""),
  pool: field(4, t.string, "", { default: "rbd" }),
  user: field(5, t.string, "", { default: "admin" }),
  keyring: field(6, t.string, "", { default: "/etc/ceph/keyring" }),
  secretRef: field(7, localObjectReferenceSchema, ""),
  readOnly: field(8, t.bool, ""),
});
export type RBDVolumeSource = Infer<typeof rbdVolumeSourceSchema>;

export const scaleIOVolumeSourceSchema = struct("io.k8s.api.core.v1.ScaleIOVolumeSource", "", {
  gateway: field(1, t.string, "", { required: true }),
  system: field(2, t.string, "", { required: true }),
  secretRef: field(3, localObjectReferenceSchema, "", { required: true }),
  sslEnabled: field(4, t.bool, ""),
  protectionDomain: field(5, t.string, ""),
  storagePool: field(6, t.string, ""),
  storageMode: field(7, t.string, "", { default: "ThinProvisioned" }),
  volumeName: field(8, t.string, ""),
  fsType: field(9, t.string, "", { default: "xfs" }),
  readOnly: field(10, t.bool, ""),
});
export type ScaleIOVolumeSource = Infer<typeof scaleIOVolumeSourceSchema>;

export const secretVolumeSourceSchema = struct("io.k8s.api.core.v1.SecretVolumeSource", "", {
  secretName: field(1, t.string, ""),
  items: field(2, list(keyToPathSchema), ""),
  defaultMode: field(3, t.int32, "", { default: 0o644 }),
  optional: field(4, t.bool, "", { keepEmpty: true }),
});
export type SecretVolumeSource = Infer<typeof secretVolumeSourceSchema>;

export const storageOSVolumeSourceSchema = struct("io.k8s.api.core.v1.StorageOSVolumeSource", "", {
  volumeName: field(1, t.string, ""),
  volumeNamespace: field(2, t.string, ""),
  fsType: field(3, t.string, ""),
  readOnly: field(4, t.bool, ""),
  secretRef: field(5, localObjectReferenceSchema, ""),
});
export type StorageOSVolumeSource = Infer<typeof storageOSVolumeSourceSchema>;

export const vsphereVirtualDiskVolumeSourceSchema = struct("io.k8s.api.core.v1.VsphereVirtualDiskVolumeSource", "", {
  volumePath: field(1, t.string, "", { required: true }),
  fsType: field(2, t.string, ""),
  storagePolicyName: field(3, t.string, ""),
  storagePolicyID: field(4, t.string, ""),
});
export type VsphereVirtualDiskVolumeSource = Infer<typeof vsphereVirtualDiskVolumeSourceSchema>;

export const volumeSourceSchema = struct("io.k8s.api.core.v1.VolumeSource", "", {
  hostPath: field(1, hostPathVolumeSourceSchema, ""),
  emptyDir: field(2, emptyDirVolumeSourceSchema, ""),
  gcePersistentDisk: field(3, gcePersistentDiskVolumeSourceSchema, ""),
  awsElasticBlockStore: field(4, awsElasticBlockStoreVolumeSourceSchema, ""),
  gitRepo: field(5, gitRepoVolumeSourceSchema, ""),
  secret: field(6, secretVolumeSourceSchema, ""),
  nfs: field(7, nfsVolumeSourceSchema, ""),
  iscsi: field(8, iscsiVolumeSourceSchema, ""),
  glusterfs: field(9, glusterfsVolumeSourceSchema, ""),
  persistentVolumeClaim: field(10, persistentVolumeClaimVolumeSourceSchema, ""),
  rbd: field(11, rbdVolumeSourceSchema, ""),
  flexVolume: field(12, flexVolumeSourceSchema, ""),
  cinder: field(13, cinderVolumeSourceSchema, ""),
  cephfs: field(14, cephFSVolumeSourceSchema, ""),
  flocker: field(15, flockerVolumeSourceSchema, ""),
  downwardAPI: field(16, downwardAPIVolumeSourceSchema, ""),
  fc: field(17, fcVolumeSourceSchema, ""),
  azureFile: field(18, azureFileVolumeSourceSchema, ""),
  configMap: field(19, configMapVolumeSourceSchema, ""),
  vsphereVolume: field(20, vsphereVirtualDiskVolumeSourceSchema, ""),
  quobyte: field(21, quobyteVolumeSourceSchema, ""),
  azureDisk: field(22, azureDiskVolumeSourceSchema, ""),
  photonPersistentDisk: field(23, photonPersistentDiskVolumeSourceSchema, ""),
  projected: field(26, projectedVolumeSourceSchema, ""),
  portworxVolume: field(24, portworxVolumeSourceSchema, ""),
  scaleIO: field(25, scaleIOVolumeSourceSchema, ""),
  storageos: field(27, storageOSVolumeSourceSchema, ""),
  csi: field(28, csiVolumeSourceSchema, ""),
  ephemeral: field(29, ephemeralVolumeSourceSchema, ""),
  image: field(30, imageVolumeSourceSchema, ""),
});
export type VolumeSource = Infer<typeof volumeSourceSchema>;

export const volumeSchema = struct("io.k8s.api.core.v1.Volume", "", {
  name: field(1, t.string, "", { required: true }),
  ...inlined(2, volumeSourceSchema),
});
export type Volume = Infer<typeof volumeSchema>;
