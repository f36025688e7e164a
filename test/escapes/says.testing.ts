/** Upstream's sentences that many rows share. */

/** What an authorizer is asked, besides the user: empty for what does not apply. */
interface Asked {
  readonly group?: string;
  readonly namespace?: string;
  readonly name?: string;
  /** What an authorizer gave as its reason. */
  readonly because?: string;
}

/** `cannot get resource …`: no authorizer allows it. @param resource - With the subresource: `pods/log`. */
export function denied(user: string, verb: string, resource: string, asked: Asked = {}): string {
  const { group = "", namespace = "", name = "", because = "" } = asked;
  const [plural] = resource.split("/");
  const about = `${plural}${group && `.${group}`}${name && ` "${name}"`}`;
  const where = namespace === "" ? "at the cluster scope" : `in the namespace "${namespace}"`;
  const what = `${verb} resource "${resource}" in API group "${group}" ${where}`;
  return `Forbidden: ${about} is forbidden: User "${user}" cannot ${what}${because && `: ${because}`}`;
}

/** `cannot get path …`: no authorizer allows a request that is about no resource. */
export function deniedPath(user: string, verb: string, path: string): string {
  return `Forbidden: forbidden: User "${user}" cannot ${verb} path "${path}"`;
}

/** A 401, which says nothing; behind it what was wrong with the credentials. */
export function unauthorized(why: string): string {
  return `Unauthorized: Unauthorized (${why})`;
}

/** RBAC's refusal to grant more than one has. @param about - `roles "x"`. @param rules - Those that are not held. */
export function escalates(user: string, about: string, ...rules: readonly string[]): string {
  const [resource, name] = about.split(" ");
  const who = `user "${user}" (groups=["system:authenticated"])`;
  const grants = "is attempting to grant RBAC permissions not currently held";
  return `Forbidden: ${resource}.rbac.authorization.k8s.io ${name} is forbidden: ${who} ${grants}:\n${rules.join("\n")}`;
}

/** The refusal of an object whose one field is wrong. @param kind - With the group: `Role.rbac.authorization.k8s.io`. */
export function invalid(kind: string, name: string, problem: string): string {
  return `Invalid: ${kind} "${name}" is invalid: ${problem}`;
}

/** The refusal of a body whose kind cannot be read. @param shown - The beginning of the body. */
export function unrecognized(kind: string, problem: string, shown: string): string {
  return `BadRequest: the object provided is unrecognized (must be of type ${kind}): ${problem} (${shown})`;
}

/** An operation of a JSON patch that does not apply; behind it which, and why. */
export function doesNotApply(why: string): string {
  return `Invalid: the server rejected our request due to an error in our request (${why})`;
}

/** All rights that RBAC can give. */
export const EVERY_RIGHT = '{APIGroups:["*"], Resources:["*"], Verbs:["*"]}';
/** All rights at paths that are no resources. */
export const EVERY_PATH = '{NonResourceURLs:["*"], Verbs:["*"]}';

/** What names are refused with: `util/validation` of apimachinery. */
export const LABEL =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
export const SUBDOMAIN =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
export const DNS_1035 =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
export const LABEL_VALUE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
export const IP = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
