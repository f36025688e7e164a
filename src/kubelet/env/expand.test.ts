import assert from "node:assert/strict";
import { test } from "node:test";
import { expand } from "./expand.ts";

const cases = [
  { name: "a variable is replaced", text: "a $(NAME) b", want: "a value b" },
  { name: "an unknown one stays", text: "$(OTHER)", want: "$(OTHER)" },
  { name: "two dollars are one", text: "$$(NAME)", want: "$(NAME)" },
  { name: "three are one and a variable", text: "$$$(NAME)", want: "$value" },
  { name: "an empty value is a value", text: "[$(EMPTY)]", want: "[]" },
  { name: "the shell's form is not ours", text: "$NAME", want: "$NAME" },
  { name: "what is not closed stays", text: "$(NAME", want: "$(NAME" },
  { name: "a value is not expanded again", text: "$(NESTED)", want: "$(NAME)" },
];
const values: Record<string, string> = { NAME: "value", EMPTY: "", NESTED: "$(NAME)" };

for (const { name, text, want } of cases) {
  test(`expand: ${name}`, () =>
    assert.equal(
      expand(text, (variable) => values[variable]),
      want,
    ));
}
