import { BETA_LABEL, LABEL } from "@fairlead/api/well-known";
/** The labels that every node has, as upstream's kubelet writes them, under those that were asked for. */
export function nodeLabels(
  { hostname, os, arch }: { readonly hostname: string; readonly os: string; readonly arch: string },
  asked: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return {
    [BETA_LABEL.arch]: arch,
    [BETA_LABEL.os]: os,
    [LABEL.arch]: arch,
    [LABEL.hostname]: hostname,
    [LABEL.os]: os,
    ...asked,
  };
}
