import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { temporaryFolder } from "@fairlead/lib/temporary-folder.testing";
import { registryAuthToml } from "../registries/hosts-files.ts";
import { containerdConfig } from "./containerd-config.ts";

const options = {
  socket: "/run/fairlead/containerd.sock",
  sandboxImage: "registry.fairlead.local/pause:1",
  cniConfigFolder: "/etc/cni/net.d",
  cniPluginFolder: "/usr/lib/cni",
  registryConfigFolders: ["/etc/fairlead/registry", "/etc/fairlead/certs.d"],
  registryAuth: registryAuthToml({
    mirrors: [],
    hosts: [
      { host: "registry.example:5000", auth: { username: "a", password: 'p"q' } },
      { host: "docker.io", auth: { identityToken: "t" } },
    ],
  }),
};

const lines: { name: string; want: string }[] = [
  { name: "its socket is where the host sees it too", want: 'address = "/run/fairlead/containerd.sock"' },
  { name: "its sandboxes are of our own image", want: 'sandbox_image = "registry.fairlead.local/pause:1"' },
  { name: "it finds the network's configuration", want: 'conf_dir = "/etc/cni/net.d"' },
  { name: "it finds the network's plugins", want: 'bin_dir = "/usr/lib/cni"' },
  {
    name: "it finds mirrors and certificates of registries",
    want: 'config_path = "/etc/fairlead/registry:/etc/fairlead/certs.d"',
  },
  { name: "it leaves cgroups to the kubelet", want: "SystemdCgroup = false" },
];
for (const { name, want } of lines) {
  test(`containerdConfig: ${name}`, () => {
    assert.ok(
      containerdConfig(options)
        .split("\n")
        .some((line) => line.trim() === want),
      want,
    );
  });
}

test("quotes and backslashes in a path stay inside their string", () => {
  assert.ok(containerdConfig({ ...options, cniPluginFolder: 'a"b\\c' }).includes('bin_dir = "a\\"b\\\\c"'));
});

test("containerd itself reads it", async (t) => {
  const file = path.join(await temporaryFolder(t), "containerd.toml");
  await writeFile(file, containerdConfig(options));
  const { stdout } = await promisify(execFile)("containerd", ["--config", file, "config", "dump"]);
  assert.match(stdout, /sandbox_image = ["']registry\.fairlead\.local\/pause:1["']/);
  assert.match(stdout, /restrict_oom_score_adj = true/);
  for (const host of ["registry\\.example:5000", "docker\\.io", "registry-1\\.docker\\.io"]) {
    assert.match(stdout, new RegExp(`registry\\.configs\\.["']${host}["']\\.auth\\]`));
  }
});
