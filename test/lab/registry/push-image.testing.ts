import * as http from "node:http";
import * as https from "node:https";
import { text } from "node:stream/consumers";
import { MANIFEST_MEDIA_TYPE, type OciBlob, type OciImage } from "../../../src/images/oci-archive.ts";

/** Where to push, and as whom. */
export interface PushTarget {
  /** `http://127.0.0.1:5000`. */
  readonly url: string;
  readonly user?: { readonly name: string; readonly password: string };
  /** PEM of who has signed the registry's certificate. */
  readonly ca?: string;
}

interface Answer {
  readonly status: number;
  readonly location: string | undefined;
  readonly body: string;
}

/**
 * Puts an image into a registry under a repository and a tag, in place of what had the tag.
 *
 * Source: OCI distribution specification 1.1, "Push".
 */
export async function pushImage(target: PushTarget, repository: string, tag: string, image: OciImage): Promise<void> {
  for (const blob of image.blobs) await pushBlob(target, repository, blob);
  const type = { "Content-Type": MANIFEST_MEDIA_TYPE };
  await expect(201, request(target, "PUT", `/v2/${repository}/manifests/${tag}`, image.manifest.bytes, type));
}

async function pushBlob(target: PushTarget, repository: string, { digest, bytes }: OciBlob): Promise<void> {
  const there = await request(target, "HEAD", `/v2/${repository}/blobs/${digest}`);
  if (there.status === 200) return;
  const begun = await expect(202, request(target, "POST", `/v2/${repository}/blobs/uploads/`));
  const upload = new URL(begun.location ?? "", target.url);
  upload.searchParams.set("digest", digest);
  const type = { "Content-Type": "application/octet-stream" };
  await expect(201, request(target, "PUT", `${upload.pathname}${upload.search}`, bytes, type));
}

async function expect(status: number, answered: Promise<Answer>): Promise<Answer> {
  const answer = await answered;
  if (answer.status !== status) throw new Error(`The registry answered ${answer.status}: ${answer.body}`);
  return answer;
}

async function request(
  { url, user, ca }: PushTarget,
  method: string,
  path: string,
  body?: Buffer,
  headers: http.OutgoingHttpHeaders = {},
): Promise<Answer> {
  const options = { method, headers, ...(user && { auth: `${user.name}:${user.password}` }), ...(ca && { ca }) };
  const { promise, resolve, reject } = Promise.withResolvers<http.IncomingMessage>();
  const sent = (url.startsWith("https:") ? https : http).request(new URL(path, url), options, resolve);
  sent.once("error", reject).end(body);
  const response = await promise;
  return { status: response.statusCode ?? 0, location: response.headers.location, body: await text(response) };
}
