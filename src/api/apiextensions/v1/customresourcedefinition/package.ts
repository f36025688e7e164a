/** Upstream's prefix of the names of types in apiextensions.k8s.io/v1. */
export const PACKAGE = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1";
