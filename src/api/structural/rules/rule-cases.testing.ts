import type { JsonSchema } from "../json-schema.ts";

const TEXT: JsonSchema = { type: "string" };
const INTEGER: JsonSchema = { type: "integer" };

/** The schema of the value that the expressions of {@link TRUE_RULES} are about. */
export const CASE_SCHEMA: JsonSchema = {
  type: "object",
  properties: {
    name: TEXT,
    long: { type: "string", maxLength: 20 },
    count: INTEGER,
    ratio: { type: "number" },
    on: { type: "boolean" },
    port: { "x-kubernetes-int-or-string": true },
    data: { type: "string", format: "byte" },
    wait: { type: "string", format: "duration" },
    born: { type: "string", format: "date-time" },
    day: { type: "string", format: "date" },
    "a-b.c/d": TEXT,
    namespace: TEXT,
    __odd: TEXT,
    missing: TEXT,
    empty: { type: "string", nullable: true },
    words: { type: "array", items: TEXT },
    numbers: { type: "array", maxItems: 10, items: INTEGER },
    colors: { type: "array", items: TEXT, "x-kubernetes-list-type": "set" },
    ports: {
      type: "array",
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["id"],
      items: { type: "object", properties: { id: INTEGER, tag: TEXT } },
    },
    labels: { type: "object", additionalProperties: TEXT },
    free: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
    template: {
      type: "object",
      "x-kubernetes-embedded-resource": true,
      properties: { spec: { type: "object", properties: { size: INTEGER } } },
    },
  },
};

/** A value of {@link CASE_SCHEMA}. */
export const CASE_VALUE = {
  name: "größe 大",
  long: "abcdefgh",
  count: 42,
  ratio: 2,
  on: true,
  port: "http",
  data: "aGVsbG8=",
  wait: "1h30m",
  born: "2024-02-29T12:30:45.25Z",
  day: "2024-03-01",
  "a-b.c/d": "dashed",
  namespace: "kube-system",
  __odd: "odd",
  empty: null,
  words: ["b", "a", "c"],
  numbers: [3, 1, 2],
  colors: ["red", "green"],
  ports: [
    { id: 1, tag: "x" },
    { id: 2, tag: "y" },
  ],
  labels: { app: "web", "tier/one": "front" },
  free: { a: { b: 1 } },
  template: { apiVersion: "v1", kind: "Pod", metadata: { name: "p" }, spec: { size: 7 } },
};

/** A rule, what its evaluation costs, and what it may cost by the schema. */
export type CostedRule = readonly [rule: string, cost: number, maxCost: number];

/** Rules that {@link CASE_VALUE} fulfils. Costs are those of Kubernetes 1.35. */
export const TRUE_RULES: readonly CostedRule[] = [
  // Fields
  ["self.name == 'gr\\u00f6\\u00dfe \\U00005927'", 3, 3],
  ["self.a__dash__b__dot__c__slash__d == 'dashed'", 3, 3],
  ["self.__namespace__ == 'kube-system' && self.namespace.startsWith('kube')", 8, 7],
  ["self.__underscores__odd == 'odd'", 3, 3],
  ["!has(self.missing) && !has(self.empty) && has(self.on)", 5, 5],
  ["self.template.metadata.name == 'p' && self.template.kind == 'Pod' && self.template.spec.size == 7", 14, 13],
  ["self.ratio == 2.0 && self.ratio > 1 && type(self.ratio) == double", 10, 9],
  ["self.port == 'http' && type(self.port) == string", 7, 7],
  ["self.data == b'hello' && size(self.data) == 5", 7, 7],
  ["self.wait == duration('90m') && self.wait > duration('1h')", 6, 8],
  ["self.born.getFullYear() == 2024 && self.born.getDayOfMonth() == 28 && self.born.getDate() == 29", 12, 12],
  ["self.born < timestamp('2024-03-01T00:00:00Z') && self.day - self.born < duration('24h')", 9, 11],
  ["self.born.getHours('+02:00') == 14 && self.born.getMinutes('Europe/Berlin') == 30", 8, 8],
  ["self.wait.getMinutes() == 90 && self.wait.getSeconds() == 5400", 8, 8],
  ["string(timestamp('2024-01-01T01:30:00.5+01:30') + duration('1h')) == '2024-01-01T02:30:00.5+01:30'", 5, 7],
  // Lists and maps
  ["self.words[1] == 'a' && self.words + ['d'] == ['b', 'a', 'c', 'd'] && 'c' in self.words", 13, 1048605],
  ["self.colors == ['green', 'red'] && self.colors + ['red', 'blue'] == ['red', 'green', 'blue']", 7, 37],
  ["self.ports == [self.ports[1], self.ports[0]] && self.ports + [self.ports[0]] == self.ports", 38, 104895],
  [
    "self.ports.all(p, p.id > 0) && self.ports.exists(p, p.tag == 'y') && self.ports.exists_one(p, p.id == 2)",
    44,
    17825785,
  ],
  ["self.words.map(w, w + '!') == ['b!', 'a!', 'c!'] && self.numbers.filter(n, n > 1) == [3, 2]", 82, 329867015148],
  ["self.numbers.map(n, n > 1, n * 10) == [30, 20]", 38, 184],
  ["self.words.all(i, w, i < 3 && w != '') && self.labels.all(k, v, size(k) > 2 && size(v) < 9)", 42, 9830391],
  ["self.words.transformList(i, w, w + string(i)) == ['b0', 'a1', 'c2']", 52, 2 ** 64],
  ["self.labels.transformMap(k, v, v.upperAscii()) == {'app': 'WEB', 'tier/one': 'FRONT'}", 14, 123696395119],
  ["self.labels.app == 'web' && self.labels['tier/one'] == 'front' && !('x' in self.labels)", 12, 12],
  ["size(self.labels) == 2 && self.labels.all(k, k != '')", 15, 1572867],
  ["self.words.sort() == ['a', 'b', 'c'] && self.ports.sortBy(p, -p.id)[0].id == 2", 90, 4508004804251],
  ["self.numbers.sum() == 6 && self.numbers.max() == 3 && self.numbers.min() == 1 && !self.numbers.isSorted()", 24, 52],
  ["self.words.indexOf('c') == 2 && self.words.lastIndexOf('z') == -1", 6, 659708864106],
  ["self.words.slice(1, 3) == ['a', 'c'] && self.words.reverse() == ['c', 'a', 'b']", 33, 1048625],
  ["[[1, 2], [3]].flatten() == lists.range(3).map(n, n + 1) && [1, 1, 2].distinct() == [1, 2]", 101, 161],
  [
    "sets.contains(self.words, ['c']) && sets.intersects(self.words, ['z', 'a']) && sets.equivalent([1, 1], [1])",
    20,
    3145776,
  ],
  ["self.free == self.free", 5, 4],
  // Optional values
  [
    "self.?missing.orValue('none') == 'none' && self.?name.hasValue() && self.words[?9].or(optional.of('x')).value() == 'x'",
    10,
    14,
  ],
  [
    "self.labels[?'app'].optMap(v, v + '!').orValue('') == 'web!' && !optional.none().hasValue()",
    15,
    1844674407370955300,
  ],
  ["[?self.?missing, 'b'] == ['b'] && {?'a': self.?name, 'b': ''}.size() == 2", 46, 57],
  // Numbers
  ["self.count / 5 == 8 && -7 / 2 == -3 && -7 % 2 == -1 && 7.0 / 2.0 == 3.5 && 5u - 2u == 3u", 12, 12],
  ["dyn(1) == 1.0 && dyn(1u) == 1 && 2 > 1.5 && 9223372036854775807 > 1.0 && 0x1F == 31 && 1e3 == 1000.0", 6, 8],
  ["int('42') == self.count && int(2.9) == 2 && double('1.5') == 1.5 && uint(3) == 3u && string(1.5) == '1.5'", 7, 11],
  // Texts
  [
    "size(self.name) == 7 && self.name.contains('ö') && self.name.endsWith('大') && self.name.matches('^gr.*e')",
    14,
    943730,
  ],
  ["self.long.substring(2, 4) == 'cd' && self.long.indexOf('d') == 3 && self.long.charAt(1) == 'b'", 11, 26],
  ["' a '.trim() == 'a' && 'a,b'.split(',') == ['a', 'b'] && self.words.join('-') == 'b-a-c'", 8, 329853068920],
  ["'abab'.replace('b', 'c', 1) == 'acab' && 'AbC'.lowerAscii() == 'abc' && 'tacocat'.lastIndexOf('a') == 5", 5, 6],
  ["'%s %d %.2f %x %b'.format(['a', 7, 1.5, 255, 5]) == 'a 7 1.50 ff 101'", 4, 14],
  ["'a1b22'.find('[0-9]+') == '1' && 'a1b22'.findAll('[0-9]+') == ['1', '22']", 6, 16],
  ["r'\\d' == '\\\\d' && '''it's''' == 'it\\'s' && \"\\x41\\101\" == 'AA' && b'\\xff' != b'\\303'", 4, 4],
  // Kinds of Kubernetes
  ["url('https://example.com:8080/a?b=c').getHost() == 'example.com:8080' && isURL('/x') && !isURL('x y')", 9, 9],
  ["quantity('1Gi').isGreaterThan(quantity('1G')) && isQuantity('100m') && quantity('2k').asInteger() == 2000", 7, 7],
  ["ip('10.0.0.1').family() == 4 && cidr('10.0.0.0/8').containsIP('10.1.2.3') && !isIP('10.0.0.300')", 8, 11],
  ["cidr('10.0.0.0/8').containsCIDR(cidr('10.1.0.0/16')) && cidr('10.1.2.3/8').masked() == cidr('10.0.0.0/8')", 10, 14],
  ["semver('1.2.3').isLessThan(semver('1.10.0')) && isSemver('1.0.0-rc.1') && !isSemver('v1')", 6, 6],
  [
    "!format.dns1123Label().validate('my-name').hasValue() && format.named('uuid').value().validate('x').hasValue()",
    32,
    70,
  ],
  // Logic
  ["true || self.words[9] == 'x'", 0, 4],
  ["!(false && 1 / 0 == 1) && (self.on ? true : self.words[9] == 'x')", 3, 9],
  ["[1, 2, 3].exists(n, 1 / (n - 2) == 1) && !(!(true))", 27, 37],
  ["'a' in ['a', 'b'] && !('x' in []) && 3 in self.numbers && 'app' in self.labels", 9, 38],
  ["type(self.words) == list && type(self.labels) == map && type(null) == null_type && type(type(1)) == type", 10, 13],
];

/** Expressions that do not compile, and what is wrong with them in the words of Kubernetes 1.35. */
export const WRONG_RULES: readonly (readonly [rule: string, error: string])[] = [
  ["self.nme == ''", "1:5: undefined field 'nme'\n | self.nme == ''\n | ....^"],
  [
    "self.name == 1 || self.count == 'x'",
    "1:11: found no matching overload for '_==_' applied to '(string, int)'\n | self.name == 1 || self.count == 'x'\n | ..........^\nERROR: <input>:1:30: found no matching overload for '_==_' applied to '(int, string)'\n | self.name == 1 || self.count == 'x'\n | .............................^",
  ],
  [
    "other.name == ''\n&& size(self.count) > 1",
    "1:1: undeclared reference to 'other' (in container '')\n | other.name == ''\n | ^\nERROR: <input>:2:8: found no matching overload for 'size' applied to '(int)'\n | && size(self.count) > 1\n | .......^",
  ],
  [
    "nothing(self.name)",
    "1:8: undeclared reference to 'nothing' (in container '')\n | nothing(self.name)\n | .......^",
  ],
  [
    "self.words.all(w, w)",
    "1:19: expected type 'bool' but found 'string'\n | self.words.all(w, w)\n | ..................^",
  ],
  ["[1, 'a', 2.0] == []", "1:5: expected type 'int' but found 'string'\n | [1, 'a', 2.0] == []\n | ....^"],
  [
    "{'a': 1, 2: 'b'} == {}",
    "1:10: expected type 'string' but found 'int'\n | {'a': 1, 2: 'b'} == {}\n | .........^\nERROR: <input>:1:13: expected type 'int' but found 'string'\n | {'a': 1, 2: 'b'} == {}\n | ............^",
  ],
  ["self.name.matches('(')", "1:19: invalid matches argument\n | self.name.matches('(')\n | ..................^"],
  [
    "self.wait < duration('1x')",
    "1:22: invalid duration argument\n | self.wait < duration('1x')\n | .....................^",
  ],
  [
    "self.count.exists(c, true)",
    "1:5: expression of type 'int' cannot be range of a comprehension (must be list, map, or dynamic)\n | self.count.exists(c, true)\n | ....^",
  ],
  [
    "'%d'.format([self.name]) == ''",
    "1:18: error during formatting: decimal clause can only be used on integers, was given string\n | '%d'.format([self.name]) == ''\n | .................^",
  ],
  ["'%s %s'.format([1]) == ''", "1:15: index 1 out of range\n | '%s %s'.format([1]) == ''\n | ..............^"],
  [
    "'%s'.format([1, 2]) == ''",
    "1:12: too many arguments supplied to string.format (expected 1, got 2)\n | '%s'.format([1, 2]) == ''\n | ...........^",
  ],
  [
    "'%q'.format([1]) == ''",
    "1:12: could not parse formatting clause: unrecognized formatting clause \"q\"\n | '%q'.format([1]) == ''\n | ...........^",
  ],
  ["'%'.format([1]) == ''", "1:11: unexpected end of string\n | '%'.format([1]) == ''\n | ..........^"],
  ["has(self)", "1:5: invalid argument to has() macro\n | has(self)\n | ....^"],
  [
    "self.words.all(w.x, true)",
    "1:17: argument must be a simple name\n | self.words.all(w.x, true)\n | ................^",
  ],
  ["if == 1", "1:1: reserved identifier: if\n | if == 1\n | ^"],
  ["9223372036854775808 > 1", "1:1: invalid int literal\n | 9223372036854775808 > 1\n | ^"],
  ["self.true", "1:6: Syntax error: mismatched input 'true' expecting IDENTIFIER\n | self.true\n | .....^"],
];
