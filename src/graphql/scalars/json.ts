import { GraphQLScalarType, Kind, type ValueNode } from "graphql";
import { isCleanText } from "../../text/text";
import { scalarError } from "./scalar-error";

/** 16 kB of UTF-8, the value serialized without white space. */
export const MAX_JSON_BYTES = 16_384;
/** Lists and objects within each other: [[[[[1]]]]] is five deep. */
export const MAX_JSON_DEPTH = 5;

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

type Variables = Readonly<Record<string, unknown>> | null | undefined;

/**
 * Our own, since the JSON of graphql-scalars takes values of any size and depth, numbers that are none (1e999) and text
 * that jsonb refuses. Values and literals pass the same checks.
 */
export const JsonScalar = new GraphQLScalarType<Json, unknown>({
  name: "JSON",
  description:
    "Any JSON value: string, number, boolean, null, list or object. As a literal it is written the GraphQL way, " +
    '`{ size: 3, tags: ["a"] }`, and may contain variables; one that is not given leaves its field out, and is null in ' +
    "a list. At most 16 kB serialized (16384 bytes of UTF-8), at most 5 lists or objects deep, numbers finite, text " +
    "without U+0000 and lone surrogates; anything else is BAD_USER_INPUT. Numbers are 64-bit floating point: what has " +
    "to be exact is better a string.",
  specifiedByURL: "https://www.rfc-editor.org/rfc/rfc8259",
  serialize: (value) => value,
  parseValue(value) {
    assertJson(value);
    return value;
  },
  parseLiteral(literal, variables) {
    const value = literalValue(literal, variables, MAX_JSON_DEPTH, literal);
    assertJson(value, literal);
    return value;
  },
});

/**
 * @param literal where the value stood in the document; not for variables
 * @throws GraphQLError BAD_USER_INPUT where the value is no JSON within the limits
 */
function assertJson(value: unknown, literal?: ValueNode): asserts value is Json {
  assertParts(value, MAX_JSON_DEPTH, literal);
  if (Buffer.byteLength(JSON.stringify(value)) > MAX_JSON_BYTES) {
    throw scalarError(`A JSON value may be at most 16 kB long (${MAX_JSON_BYTES} bytes of UTF-8).`, literal);
  }
}

function assertParts(value: unknown, depthLeft: number, literal?: ValueNode): void {
  if (value === null || typeof value === "boolean") return;
  if (typeof value === "string") return assertText(value, literal);
  if (typeof value === "number") {
    if (Number.isFinite(value)) return;
    throw scalarError(
      "A number in a JSON value must fit into 64-bit floating point, and so be below 1.8e308.",
      literal,
    );
  }
  const isList = Array.isArray(value);
  // By its tag, which tells a plain object from a Date or a Map and, unlike the prototype, across realms.
  if (!isList && Object.prototype.toString.call(value) !== "[object Object]") {
    throw scalarError("A JSON value is a string, a number, true, false, null, a list or an object.", literal);
  }
  if (depthLeft === 0) throw tooDeep(literal);
  if (isList) {
    for (const item of value) assertParts(item, depthLeft - 1, literal);
  } else {
    for (const [name, item] of Object.entries(value as object)) {
      assertText(name, literal);
      assertParts(item, depthLeft - 1, literal);
    }
  }
}

function assertText(text: string, literal?: ValueNode): void {
  if (isCleanText(text)) return;
  throw scalarError("Text in a JSON value must be well-formed Unicode without U+0000.", literal);
}

/**
 * The value that a literal stands for.
 * @param variables none while the document is validated: a variable is null then, and checked when it is known
 * @param root the whole literal, to which an error points
 */
function literalValue(literal: ValueNode, variables: Variables, depthLeft: number, root: ValueNode): unknown {
  switch (literal.kind) {
    case Kind.STRING:
    case Kind.BOOLEAN:
      return literal.value;
    case Kind.INT:
    case Kind.FLOAT:
      return Number(literal.value);
    case Kind.NULL:
      return null;
    case Kind.VARIABLE:
      return variables ? variableValue(variables[literal.name.value]) : null;
    case Kind.LIST:
      if (depthLeft === 0) throw tooDeep(root);
      return literal.values.map((item) => literalValue(item, variables, depthLeft - 1, root) ?? null);
    case Kind.OBJECT: {
      if (depthLeft === 0) throw tooDeep(root);
      const entries = literal.fields.map(
        ({ name, value }) => [name.value, literalValue(value, variables, depthLeft - 1, root)] as const,
      );
      // fromEntries defines each property: an assignment to __proto__ would do something else.
      return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
    }
    case Kind.ENUM:
      throw scalarError("A JSON value has no names without quotes, other than true, false and null.", root);
  }
}

/** Variables come as their own type made them, so a DateTime is a Date. */
function variableValue(value: unknown): unknown {
  return value instanceof Date ? value.toISOString() : value;
}

function tooDeep(literal?: ValueNode): Error {
  return scalarError(`A JSON value may be at most ${MAX_JSON_DEPTH} lists or objects deep.`, literal);
}
