/**
 * The full reference that a short image name stands for: `redis` is `docker.io/library/redis:latest`.
 *
 * The rules are those of Docker's reference grammar (github.com/distribution/reference): the part before the first
 * slash is a registry when it has a dot or a colon, or is `localhost`.
 */
export function fullReference(name: string): string {
  const [first = "", ...rest] = name.split("/");
  const hasRegistry = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  const registry = hasRegistry ? first : "docker.io";
  const repository = hasRegistry ? rest.join("/") : name;
  const qualified = registry === "docker.io" && !repository.includes("/") ? `library/${repository}` : repository;
  const hasTag = /[:@]/.test(qualified.slice(qualified.lastIndexOf("/") + 1));
  return `${registry}/${qualified}${hasTag ? "" : ":latest"}`;
}
