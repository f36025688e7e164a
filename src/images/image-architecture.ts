/** Go's names of the processors that Node names otherwise. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };

/** This machine's processor, as image manifests name it. */
export function imageArchitecture(): string {
  return ARCHITECTURES[process.arch] ?? process.arch;
}
