/** An attribute's value, by its place in the text of the tag. Without the quotes. */
export interface AttributeValue {
  /** Of the attribute, in lower case. */
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** Reads one start tag that comes in pieces. Reads each character once, however the pieces are cut. */
export interface StartTagReader {
  /**
   * Reads from `at`.
   *
   * @returns The position after the tag, or `undefined` if the tag does not end in this piece.
   */
  read(piece: string, at: number): number | undefined;
  /** Name of the element, in lower case, once it has been read. */
  element(): string;
  /** Values read so far. Where an attribute is named twice, the first counts. */
  values(): readonly AttributeValue[];
}

/** The part of a tag that the next character belongs to. */
type Part = "element" | "between" | "name" | "after name" | "before value" | "unquoted" | '"' | "'";

const REST: Readonly<Record<Part, RegExp>> = {
  element: /[^\t\n\f\r />]*/y,
  between: /[\t\n\f\r /]*/y,
  name: /[^\t\n\f\r />=]*/y,
  "after name": /[\t\n\f\r ]*/y,
  "before value": /[\t\n\f\r ]*/y,
  unquoted: /[^\t\n\f\r >]*/y,
  '"': /[^"]*/y,
  "'": /[^']*/y,
};

/** Parts that are values. */
const VALUES: ReadonlySet<Part> = new Set(["unquoted", '"', "'"]);

/** Limit of the names that are kept, in characters. Longer ones are cut, and are then none that HTML has. */
const NAME_MAX = 64;

/**
 * Reads as the HTML Standard's tokenizer does (sections 13.2.5.6 to 13.2.5.40), from the character after the `<`, which
 * has position 0 in the text of the tag.
 *
 * @param names - Attributes of an element whose values are kept.
 */
export function createStartTagReader(names: (element: string) => readonly string[]): StartTagReader {
  const values = new Map<string, AttributeValue>();
  let part: Part = "element";
  let element = "";
  let name = "";
  /** In the text of the tag. */
  let position = 1;
  let valueStart = 0;

  function keep(characters: string): void {
    if (part === "element") element = extended(element, characters);
    if (part === "name") name = extended(name, characters);
  }

  function endValue(): void {
    const attribute = name.toLowerCase();
    if (values.has(attribute) || !names(element.toLowerCase()).includes(attribute)) return;
    values.set(attribute, { name: attribute, start: valueStart, end: position });
  }

  /** Goes on to the next part at the first character that is not of this one. Returns how many characters that takes. */
  function change(character: string): number {
    const isQuote = character === '"' || character === "'";
    switch (part) {
      case "element":
        part = "between";
        return 0;
      case "between":
        part = "name";
        // A name may begin with an equals sign.
        name = character;
        return 1;
      case "name":
        part = "after name";
        return 0;
      case "after name":
        part = character === "=" ? "before value" : "between";
        return character === "=" ? 1 : 0;
      case "before value":
        part = isQuote ? character : "unquoted";
        return isQuote ? 1 : 0;
      case "unquoted":
        endValue();
        part = "between";
        return 0;
      case '"':
      case "'":
        endValue();
        part = "between";
        return 1;
    }
  }

  return {
    read(piece, from) {
      for (let at = from; at < piece.length; ) {
        const rest = match(REST[part], piece, at);
        keep(rest);
        at += rest.length;
        position += rest.length;
        const character = piece[at];
        if (character === undefined) return undefined;
        if (part === "between" && character === ">") return at + 1;
        const taken = change(character);
        at += taken;
        position += taken;
        if (VALUES.has(part)) valueStart = position;
      }
      return undefined;
    },
    element: () => element.toLowerCase(),
    values: () => [...values.values()],
  };
}

function extended(name: string, characters: string): string {
  return name.length < NAME_MAX ? (name + characters).slice(0, NAME_MAX) : name;
}

function match(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? "";
}
