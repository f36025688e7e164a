import { execFileSync } from "node:child_process";
import path from "node:path";
import { imageArchitecture } from "../../../src/images/image-architecture.ts";
import { folderEntries, type LayerEntry } from "../../../src/images/layer.ts";
import type { ImageConfig, ImageDescription } from "../../../src/images/oci-archive.ts";
import { type TestPackages, unpackedPackages } from "./debian-packages.testing.ts";

/** What an image of the tests is made of. */
export interface TestImage {
  /** Their files are the image's root, and every command of busybox is there beside them. */
  readonly packages: TestPackages;
  /** In place of files of the packages that have the same path, and besides them. */
  readonly files?: readonly LayerEntry[];
  readonly config: ImageConfig;
}

/** Images that stand for the well-known ones of their names, and start as those do. */
export const TEST_IMAGES = {
  busybox: { packages: "busybox", config: { cmd: ["sh"] } },
  redis: {
    packages: "redis",
    files: [
      {
        type: "text",
        path: "/usr/local/bin/docker-entrypoint.sh",
        mode: 0o755,
        // Debian's server answers only the container itself as long as it has no password.
        text: '#!/bin/sh\ncase $1 in -* | *.conf) set -- redis-server "$@" ;; esac\n[ "$1" = redis-server ] && set -- "$@" --protected-mode no\nexec "$@"\n',
      },
      { type: "directory", path: "/data" },
    ],
    config: { entrypoint: ["docker-entrypoint.sh"], cmd: ["redis-server"], workingDir: "/data" },
  },
  nginx: {
    packages: "nginx",
    files: [
      { type: "text", path: "/etc/nginx/nginx.conf", text: nginxConfiguration() },
      {
        type: "text",
        path: "/usr/share/nginx/html/index.html",
        text: "<!DOCTYPE html>\n<title>Welcome to nginx!</title>\n<h1>Welcome to nginx!</h1>\n",
      },
      { type: "directory", path: "/etc/nginx/conf.d" },
      { type: "directory", path: "/var/log/nginx" },
      { type: "directory", path: "/var/lib/nginx" },
    ],
    config: { cmd: ["nginx", "-g", "daemon off;"] },
  },
  /** A system with bash, curl and nslookup (BIND's), to start others from. */
  base: { packages: "base", config: { cmd: ["bash"] } },
} as const satisfies Readonly<Record<string, TestImage>>;

function nginxConfiguration(): string {
  return `user www-data;
worker_processes 1;
pid /run/nginx.pid;
error_log /dev/stderr notice;
events { worker_connections 256; }
http {
  include /etc/nginx/mime.types;
  access_log /dev/stdout;
  server {
    listen 80 default_server;
    root /usr/share/nginx/html;
  }
  include /etc/nginx/conf.d/*.conf;
}
`;
}

/** Fetches every package that images are made of, where there may be a network. */
export function fetchTestImages(): void {
  for (const { packages } of Object.values(TEST_IMAGES)) unpackedPackages(packages);
}

/** The image as `src/images` makes it: one layer. */
export async function describeImage(reference: string, image: TestImage): Promise<ImageDescription> {
  const root = unpackedPackages(image.packages);
  return {
    reference,
    architecture: imageArchitecture(),
    config: image.config,
    // The first mention of a path wins.
    layers: [[...(image.files ?? []), ...SYSTEM, ...(await folderEntries(root)), ...busyboxCommands(root)]],
  };
}

/** Behind the files of the packages, so that a command of busybox gives way to Debian's own. */
function busyboxCommands(root: string): LayerEntry[] {
  const applets = execFileSync(path.join(root, "bin/busybox"), ["--list"], { encoding: "utf8" }).trim().split("\n");
  return applets.map((applet): LayerEntry => ({ type: "symlink", path: `/usr/bin/${applet}`, target: "busybox" }));
}

/** What Debian's packages leave to the installation. */
const SYSTEM: readonly LayerEntry[] = [
  {
    type: "text",
    path: "/etc/passwd",
    text: "root:x:0:0:root:/root:/bin/sh\nwww-data:x:33:33:www-data:/var/www:/bin/false\nnobody:x:65534:65534:nobody:/:/bin/false\n",
  },
  { type: "text", path: "/etc/group", text: "root:x:0:\nwww-data:x:33:\nnogroup:x:65534:\n" },
  { type: "text", path: "/etc/nsswitch.conf", text: "passwd: files\ngroup: files\nhosts: files dns\n" },
  { type: "directory", path: "/root", mode: 0o700 },
  { type: "directory", path: "/tmp", mode: 0o1777 },
  ...["/dev", "/proc", "/run", "/sys", "/var/www"].map((folder): LayerEntry => ({ type: "directory", path: folder })),
];
