import type { Score } from "../state/cluster-state.ts";
import { SCORE_MAX } from "./normalize.ts";

const MIB = 1024 * 1024;
/** Less than this on a node is not worth anything; upstream's figures. */
const FROM_BYTES = 23 * MIB;
const PER_CONTAINER_MAX_BYTES = 1000 * MIB;

/** Prefers nodes that have the pod's images; an image counts for less the fewer nodes have it, so that not all pods go there. */
export const imageLocality: Score = ({ pod }, cluster, nodes) => {
  const containers = [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
  const images = containers.map(({ image }) => withTag(image));
  const most = PER_CONTAINER_MAX_BYTES * containers.length;
  return nodes.map((node) => {
    const bytes = images.reduce((total, image) => {
      const size = node.images.get(image);
      return size === undefined ? total : total + Math.floor(size * (cluster.imageNodes(image) / cluster.nodes.length));
    }, 0);
    const clamped = Math.min(most, Math.max(FROM_BYTES, bytes));
    return Math.floor((SCORE_MAX * (clamped - FROM_BYTES)) / (most - FROM_BYTES));
  });
};

/** `busybox` → `busybox:latest`; a port in the registry's name is no tag. */
function withTag(image: string): string {
  return image.lastIndexOf(":") <= image.lastIndexOf("/") ? `${image}:latest` : image;
}
