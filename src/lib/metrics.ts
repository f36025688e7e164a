/**
 * What a process counts of itself, in Prometheus' text format 0.0.4. Passed to its parts as clock and log are.
 *
 * https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
export interface Metrics {
  /** Adds a counter, or returns the one of this name. @param labels - Names of its labels. */
  counter(name: string, help: string, labels?: readonly string[]): Counter;
  /** Adds a gauge, or returns the one of this name. */
  gauge(name: string, help: string, labels?: readonly string[]): Gauge;
  /** Adds a metric whose value is read when it is asked for. A later one of the name takes its place. */
  measure(type: "counter" | "gauge", name: string, help: string, read: () => number): void;
  /** As {@link measure}, with a value for each set of labels. @param label - The name of the one label that they have. */
  measureEach(
    type: "counter" | "gauge",
    name: string,
    help: string,
    { label, read }: { readonly label: string; readonly read: () => ReadonlyMap<string, number> },
  ): void;
  /** Adds a histogram, or returns the one of this name. @param buckets - Upper bounds, ascending. */
  histogram(name: string, help: string, buckets: readonly number[], labels?: readonly string[]): Histogram;
  /** Returns all of them, in order of name. */
  text(): string;
}

/** Goes up only. Values of labels are given in the order of their names. */
export interface Counter {
  inc(...labels: readonly string[]): void;
  add(amount: number, ...labels: readonly string[]): void;
  /** Returns the value of one set of labels, which starts at zero. For hot paths: the set is looked up once. */
  with(...labels: readonly string[]): CounterValue;
}

/** The value of a {@link Counter} under one set of labels. */
export interface CounterValue {
  inc(): void;
}

export interface Gauge {
  set(value: number, ...labels: readonly string[]): void;
  add(amount: number, ...labels: readonly string[]): void;
}

/** Counts observations below each of some bounds. */
export interface Histogram {
  observe(value: number, ...labels: readonly string[]): void;
  /** Returns the distribution of one set of labels, which starts empty. For hot paths: the set is looked up once. */
  with(...labels: readonly string[]): HistogramValue;
}

/** The distribution of a {@link Histogram} under one set of labels. */
export interface HistogramValue {
  observe(value: number): void;
}

/** The media type of {@link Metrics.text}. */
export const METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** Sets of labels that one metric may have: further ones are counted together, under {@link OTHERS}. Clients may choose some. */
const LABEL_SETS_MAX = 5_000;
const OTHERS = "other";

/** The values of one metric, by what is written between its braces. */
interface Family {
  readonly type: "counter" | "gauge" | "histogram";
  readonly help: string;
  lines(name: string): readonly string[];
}

/** Metrics that all start at zero. */
export function createMetrics(): Metrics {
  const families = new Map<string, Family>();

  function family<T extends Family>(name: string, make: () => T): T {
    const known = families.get(name);
    // One name has one type: parts that share it are written together.
    if (known !== undefined) return known as T;
    const made = make();
    families.set(name, made);
    return made;
  }

  return {
    counter: (name, help, labels = []) => family(name, () => numbers("counter", help, labels)),
    gauge: (name, help, labels = []) => family(name, () => numbers("gauge", help, labels)),
    measure(type, name, help, read) {
      families.set(name, { type, help, lines: () => [`${name} ${read()}`] });
    },
    measureEach(type, name, help, { label, read }) {
      const lines = () => [...read()].map(([of, value]) => `${name}${braced(keyText([label], [of]))} ${value}`);
      families.set(name, { type, help, lines });
    },
    histogram: (name, help, buckets, labels = []) => family(name, () => durations(help, buckets, labels)),
    text() {
      const names = [...families.keys()].sort();
      return names
        .flatMap((name) => {
          const { type, help, lines } = families.get(name) as Family;
          return [`# HELP ${name} ${escapedHelp(help)}`, `# TYPE ${name} ${type}`, ...lines(name)];
        })
        .map((line) => `${line}\n`)
        .join("");
    },
  };
}

function numbers(type: "counter" | "gauge", help: string, labels: readonly string[]) {
  const values = new Map<string, { value: number }>();
  const at = valuesByLabels(labels, values, () => ({ value: 0 }));
  // Without labels there is a value from the start.
  if (labels.length === 0) at([]);
  const add = (amount: number, ...given: readonly string[]) => {
    at(given).value += amount;
  };
  return {
    type,
    help,
    add,
    inc: (...given: readonly string[]) => add(1, ...given),
    set(value: number, ...given: readonly string[]) {
      at(given).value = value;
    },
    with(...given: readonly string[]): CounterValue {
      const known = at(given);
      return {
        inc() {
          known.value += 1;
        },
      };
    },
    lines: (name: string) => [...values].map(([key, { value }]) => `${name}${braced(key)} ${value}`),
  };
}

interface Distribution {
  readonly counts: number[];
  sum: number;
  count: number;
}

function durations(help: string, buckets: readonly number[], labels: readonly string[]) {
  const values = new Map<string, Distribution>();
  const at = valuesByLabels(labels, values, () => ({ counts: buckets.map(() => 0), sum: 0, count: 0 }));
  return {
    type: "histogram" as const,
    help,
    observe: (value: number, ...given: readonly string[]) => addTo(at(given), buckets, value),
    with(...given: readonly string[]): HistogramValue {
      const known = at(given);
      return { observe: (value) => addTo(known, buckets, value) };
    },
    lines: (name: string) => [...values].flatMap(([key, known]) => distributionLines(name, key, { buckets, ...known })),
  };
}

function addTo(known: Distribution, buckets: readonly number[], value: number): void {
  known.sum += value;
  known.count += 1;
  for (let index = 0; index < buckets.length; index++) {
    if (value > (buckets[index] ?? Number.POSITIVE_INFINITY)) continue;
    known.counts[index] = (known.counts[index] ?? 0) + 1;
    return;
  }
}

function distributionLines(
  name: string,
  key: string,
  { buckets, counts, sum, count }: Distribution & { readonly buckets: readonly number[] },
): readonly string[] {
  const start = key === "" ? "" : `${key},`;
  let below = 0;
  const lines = buckets.map((bound, index) => {
    below += counts[index] ?? 0;
    return `${name}_bucket{${start}le="${bound}"} ${below}`;
  });
  return [
    ...lines,
    `${name}_bucket{${start}le="+Inf"} ${count}`,
    `${name}_sum${braced(key)} ${sum}`,
    `${name}_count${braced(key)} ${count}`,
  ];
}

/** Values by their labels: below the root by the first label, below that by the second, and so on. */
interface LabelNode<T> {
  below?: Map<string, LabelNode<T>>;
  value?: T;
}

/**
 * Returns a function that finds or makes the value of a set of labels. Sets beyond the limit share one.
 *
 * A known set is found by walking down from label to label: its text, the key of `known`, would take ten times as long to write.
 */
function valuesByLabels<T>(names: readonly string[], known: Map<string, T>, make: () => T) {
  const root: LabelNode<T> = {};
  const others = names.map(() => OTHERS);

  const find = (labels: readonly string[]): T | undefined => {
    let node: LabelNode<T> | undefined = root;
    for (let index = 0; index < names.length; index++) node = node?.below?.get(labels[index] ?? "");
    return node?.value;
  };
  const add = (labels: readonly string[]): T => {
    let node = root;
    for (let index = 0; index < names.length; index++) {
      const label = labels[index] ?? "";
      node.below ??= new Map();
      const next: LabelNode<T> = node.below.get(label) ?? {};
      node.below.set(label, next);
      node = next;
    }
    node.value = make();
    known.set(keyText(names, labels), node.value);
    return node.value;
  };
  return (labels: readonly string[]): T =>
    find(labels) ?? (known.size < LABEL_SETS_MAX ? add(labels) : (find(others) ?? add(others)));
}

function keyText(names: readonly string[], values: readonly string[]): string {
  let text = "";
  for (let index = 0; index < names.length; index++) {
    text += `${index === 0 ? "" : ","}${names[index]}="${escaped(values[index] ?? "")}"`;
  }
  return text;
}

const TO_ESCAPE = /[\\"\n]/;

function escaped(value: string): string {
  if (!TO_ESCAPE.test(value)) return value;
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

function escapedHelp(help: string): string {
  return help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}

function braced(key: string): string {
  return key === "" ? "" : `{${key}}`;
}
