/** The names that a cluster of this size has. */
export interface BenchNames {
  readonly services: number;
  /** Of one StatefulSet with a headless Service. */
  readonly pods: number;
}

/** `s0.bench.svc.cluster.local`. */
export function serviceName(i: number): string {
  return `s${i}.bench.svc.cluster.local`;
}

export function serviceAddress(i: number): string {
  return `10.96.${i >> 8}.${i & 255}`;
}

/** `db-0.db.bench.svc.cluster.local`. */
export function podName(i: number): string {
  return `db-${i}.db.bench.svc.cluster.local`;
}

export function podAddress(i: number): string {
  return `10.244.${i >> 8}.${i & 255}`;
}

/** Every name with its address. */
export function addresses({ services, pods }: BenchNames): readonly (readonly [name: string, address: string])[] {
  return [
    ...Array.from({ length: services }, (_, i) => [serviceName(i), serviceAddress(i)] as const),
    ...Array.from({ length: pods }, (_, i) => [podName(i), podAddress(i)] as const),
  ];
}

/** `NAME TYPE` as dnsperf reads it: the address of each name, and the IPv6 one that Services lack, in no order. */
export function questions(names: BenchNames): readonly string[] {
  const all = [
    ...addresses(names).map(([name]) => `${name} A`),
    ...Array.from({ length: names.services }, (_, i) => `${serviceName(i)} AAAA`),
  ];
  // A step that has no divisor in common with the length visits each once.
  const step = 7_919;
  return Array.from({ length: all.length }, (_, i) => all[(i * step) % all.length] ?? "");
}
