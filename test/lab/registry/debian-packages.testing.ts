import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";

/** Debian packages that are unpacked together into one folder. */
interface PackageSet {
  readonly packages: readonly string[];
  /** Whether everything that they depend on lies beside them, so that the folder can be the root of an image. */
  readonly whole: boolean;
}

/** Every Debian package that only tests and benches use. They are fetched and unpacked, never installed. */
export const TEST_PACKAGES = {
  "kubectl-1.20": { packages: ["kubernetes-client"], whole: false },
  shells: { packages: ["zsh", "zsh-common", "fish", "fish-common", "libpcre2-32-0"], whole: false },
  faketime: { packages: ["libfaketime"], whole: false },
  registry: { packages: ["docker-registry"], whole: false },
  busybox: { packages: ["busybox-static"], whole: true },
  resolved: { packages: ["dbus-daemon", "systemd-resolved"], whole: true },
  redis: { packages: ["bash", "busybox-static", "redis-server"], whole: true },
  nginx: { packages: ["bash", "busybox-static", "nginx-light"], whole: true },
  "dns-clients": { packages: ["bind9-dnsutils", "knot-dnsutils"], whole: true },
  "dns-yardsticks": { packages: ["dnsperf", "knot", "unbound"], whole: true },
  base: { packages: ["bash", "bind9-dnsutils", "busybox-static", "ca-certificates", "curl", "netbase"], whole: true },
} as const satisfies Readonly<Record<string, PackageSet>>;

export type TestPackages = keyof typeof TEST_PACKAGES;

/** Where sets of packages are kept between test runs. */
function cacheFolder(): string {
  return path.join(process.env.XDG_CACHE_HOME ?? path.join(homedir(), ".cache"), "fairlead-test");
}

/**
 * The folder with the files of a set of packages. Fetches and unpacks them where they are not there yet: call it for the
 * first time where there may be a network.
 */
export function unpackedPackages(name: TestPackages): string {
  const set: PackageSet = TEST_PACKAGES[name];
  const mark = createHash("sha256")
    .update(JSON.stringify([set, UNPACK]))
    .digest("hex")
    .slice(0, 8);
  const folder = path.join(cacheFolder(), `${name}-${mark}`);
  if (existsSync(folder)) return folder;
  // Made under a name of its own first: half a folder is never taken for a whole one.
  const making = `${folder}.${process.pid}`;
  mkdirSync(making, { recursive: true });
  const script = [UNLESS_THERE, set.whole ? FETCH_WHOLE : FETCH, UNPACK, PUT].join("\n");
  try {
    // One at a time: apt locks its lists without waiting, and several tests may need the same packages.
    execFileSync("flock", [path.join(cacheFolder(), "lock"), "sh", "-euc", script, "sh", ...set.packages], {
      cwd: making,
      stdio: ["ignore", "ignore", "inherit"],
      env: { ...process.env, LC_ALL: "C", MAKING: making, FOLDER: folder },
    });
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
  return folder;
}

const UNLESS_THERE = '[ ! -e "$FOLDER" ] || exit 0';
const PUT = 'mv -T "$MAKING" "$FOLDER"';

/** A fresh machine has no package lists yet. */
const FETCH = `
fetch() { apt-get download -qq -o APT::Sandbox::User=root "$@"; }
fetch "$@" || { apt-get update -qq; fetch "$@"; }`;

/** As if nothing was installed on this machine: so what apt chooses is everything that the packages need. */
const FETCH_WHOLE = `
: > status
mkdir -p archives/partial
fetch() {
  apt-get -qq -y --no-install-recommends --download-only -o Debug::NoLocking=1 -o APT::Sandbox::User=root \\
    -o Dir::State::status="$PWD/status" -o Dir::Cache::archives="$PWD/archives" install usr-is-merged "$@"
}
fetch "$@" || { apt-get update -qq; fetch "$@"; }
mv archives/*.deb .
rm -r archives status`;

/** Files that only the installation of packages needs, and documentation, are left out. */
const UNPACK = `
mkdir -p usr/bin usr/sbin usr/lib usr/lib64
ln -s usr/bin usr/sbin usr/lib usr/lib64 .
for package in *.deb; do
  case $package in
    adduser_* | debconf_* | dpkg_* | init-system-helpers_* | libpam* | libsemanage* | libsepol* | lsb-base_* | mawk_* | passwd_* | perl-base_*) ;;
    # dpkg-deb --extract would put folders where the links are.
    *) dpkg-deb --fsys-tarfile "$package" | tar -x --keep-directory-symlink ;;
  esac
done
rm *.deb
for name in doc man locale info lintian bash-completion; do rm -rf "usr/share/$name"; done
rm -rf usr/lib/*/gconv`;
