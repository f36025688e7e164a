import assert from "node:assert/strict";
import { test } from "node:test";
import { podOf } from "./admission-request.testing.ts";
import { apiObjectReference } from "./api-object-reference.ts";

const volume = (source: object) => ({ volumes: [{ name: "v", ...source }] });
const projected = (source: object) => volume({ projected: { sources: [{ downwardAPI: {} }, source] } });

const cases: readonly { readonly name: string; readonly spec: object; readonly want: string | undefined }[] = [
  { name: "nothing", spec: {}, want: undefined },
  { name: "a folder of the node", spec: volume({ hostPath: { path: "/etc" } }), want: undefined },
  { name: "an empty directory", spec: volume({ emptyDir: {} }), want: undefined },
  { name: "facts about itself", spec: projected({ downwardAPI: {} }), want: undefined },
  { name: "a service account", spec: { serviceAccountName: "robot" }, want: "serviceaccounts" },
  { name: "a Secret for its image", spec: { imagePullSecrets: [{ name: "pull" }] }, want: "secrets" },
  { name: "a Secret of a volume", spec: volume({ secret: { secretName: "s" } }), want: "secrets" },
  { name: "a Secret of a CSI volume", spec: volume({ csi: { nodePublishSecretRef: { name: "s" } } }), want: "secrets" },
  { name: "a ConfigMap of a volume", spec: volume({ configMap: { name: "c" } }), want: "configmaps" },
  { name: "a ConfigMap without a name", spec: volume({ configMap: {} }), want: "configmaps (via configmap volumes)" },
  { name: "a Secret without a name", spec: projected({ secret: {} }), want: "secrets (via projected volumes)" },
  { name: "a ResourceClaim", spec: { resourceClaims: [{ name: "gpu" }] }, want: "resourceclaims" },
  { name: "a CSI driver", spec: volume({ csi: { driver: "d" } }), want: "csidrivers (via CSI volumes)" },
  { name: "Endpoints", spec: volume({ glusterfs: { endpoints: "e" } }), want: "endpoints (via glusterFS volumes)" },
  { name: "a claim", spec: volume({ persistentVolumeClaim: { claimName: "c" } }), want: "persistentvolumeclaims" },
  {
    name: "a claim of its own",
    spec: volume({ ephemeral: {} }),
    want: "persistentvolumeclaims (via ephemeral volumes)",
  },
  {
    name: "a token",
    spec: projected({ serviceAccountToken: { path: "token" } }),
    want: "serviceaccounts (via projected volumes)",
  },
  { name: "trust anchors", spec: projected({ clusterTrustBundle: { path: "ca" } }), want: "clustertrustbundles" },
  { name: "a certificate", spec: projected({ podCertificate: { signerName: "s" } }), want: "podcertificates" },
];

for (const { name, spec, want } of cases) {
  test(`apiObjectReference: ${name}`, () => assert.equal(apiObjectReference(podOf(spec)), want));
}
