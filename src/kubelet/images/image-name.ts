/** An image reference in full, as runtimes want it; or why it is none. */
export type ImageName =
  | {
      readonly name: string;
      /** Without tag and digest: `docker.io/library/nginx`. */
      readonly repository: string;
    }
  | { readonly error: string };

const DOMAIN =
  /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*(?::\d+)?$|^\[[0-9a-fA-F:]+\](?::\d+)?$/;
const PATH_PART = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
/** Without the domain. */
const PATH_LENGTH_MAX = 255;
const TAG = /^[\w][\w.-]{0,127}$/;
const DIGEST = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/;

/**
 * `nginx` is `docker.io/library/nginx:latest`, as Docker's reference grammar has it.
 *
 * @returns `error` in upstream's words, for the waiting reason `InvalidImageName`.
 */
export function imageName(reference: string): ImageName {
  const [beforeDigest = "", digest] = splitOnce(reference, "@");
  const slash = beforeDigest.indexOf("/");
  const first = slash === -1 ? "" : beforeDigest.slice(0, slash);
  const hasDomain = slash !== -1 && (/[.:[]/.test(first) || first === "localhost" || first.toLowerCase() !== first);
  const domain = !hasDomain || first === "index.docker.io" ? "docker.io" : first;
  const rest = hasDomain ? beforeDigest.slice(slash + 1) : beforeDigest;
  if (/^[0-9a-f]{64}$/.test(reference))
    return refused(reference, `invalid repository name (${reference}), cannot specify 64-byte hexadecimal strings`);
  const [path = "", tag] = splitOnce(rest, ":");
  const full = domain === "docker.io" && !path.includes("/") ? `library/${path}` : path;

  if (path.toLowerCase() !== path)
    return refused(reference, `invalid reference format: repository name (${full}) must be lowercase`);
  const valid =
    DOMAIN.test(domain) &&
    full.split("/").every((part) => PATH_PART.test(part)) &&
    (tag === undefined || TAG.test(tag)) &&
    (digest === undefined || DIGEST.test(digest));
  if (!valid) return refused(reference, "invalid reference format");
  if (full.length > PATH_LENGTH_MAX)
    return refused(reference, `repository name must not be more than ${PATH_LENGTH_MAX} characters`);
  const suffix = digest === undefined ? `:${tag ?? "latest"}` : `@${digest}`;
  const repository = `${domain}/${full}`;
  return { name: `${repository}${suffix}`, repository };
}

function refused(reference: string, why: string): ImageName {
  return {
    error: `Failed to apply default image tag "${reference}": couldn't parse image name "${reference}": ${why}`,
  };
}

function splitOnce(text: string, separator: string): readonly (string | undefined)[] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
