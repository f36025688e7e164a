import assert from "node:assert/strict";
import { test } from "node:test";
import { exportedFile, packageOf, partImport } from "./packages.testing.ts";

const exports = {
  "./policy": "./policy.ts",
  "./http/*": "./http/*.ts",
  "./http/inner/*": null,
  "./*.testing": "./*.testing.ts",
  "./*.test": null,
  "./closed.testing": null,
};

const files: readonly { readonly subpath: string; readonly want: string | undefined }[] = [
  { subpath: "./policy", want: "policy.ts" },
  { subpath: "./policy.ts", want: undefined },
  { subpath: "./server", want: undefined },
  { subpath: "./http/listen", want: "http/listen.ts" },
  { subpath: "./http/body/read", want: "http/body/read.ts" },
  { subpath: "./http/", want: undefined },
  { subpath: "./http/inner/queue", want: undefined },
  { subpath: "./registry/objects.testing", want: "registry/objects.testing.ts" },
  { subpath: "./registry/objects.test", want: undefined },
  { subpath: "./closed.testing", want: undefined },
];

for (const { subpath, want } of files) {
  test(`${subpath} is ${want ?? "not exported"}`, () => {
    assert.equal(exportedFile(exports, subpath), want);
  });
}

const imports: readonly { readonly specifier: string; readonly part: unknown; readonly ofPackage: string }[] = [
  {
    specifier: "@fairlead/api/core/v1/pod/pod",
    part: { part: "api", subpath: "./core/v1/pod/pod" },
    ofPackage: "@fairlead/api",
  },
  { specifier: "@fairlead/lib", part: { part: "lib", subpath: "." }, ofPackage: "@fairlead/lib" },
  { specifier: "@peculiar/x509", part: undefined, ofPackage: "@peculiar/x509" },
  { specifier: "protobufjs/light.js", part: undefined, ofPackage: "protobufjs" },
];

for (const { specifier, part, ofPackage } of imports) {
  test(`import of ${specifier}`, () => {
    assert.deepEqual(partImport(specifier), part);
    assert.equal(packageOf(specifier), ofPackage);
  });
}
