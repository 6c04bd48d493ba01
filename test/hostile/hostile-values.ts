import {
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  type GraphQLArgument,
  type GraphQLInputType,
} from "graphql";

/** A place in the arguments of a call. */
export interface Site {
  readonly path: readonly (string | number)[];
  readonly type: GraphQLInputType;
}

/** Inside these a filter is walked no further than the base call goes: they hold what is walked already. */
const NESTING = new Set(["and", "or", "not"]);
/** Fields of an object whose type has been walked before, elsewhere in the call. */
const FIELDS_AGAIN = 2;

/**
 * Every place below the arguments of a call.
 * @param base the variables of a call that is right; each object and list in it must have something of everything
 */
export function sitesOf(args: readonly GraphQLArgument[], base: Readonly<Record<string, unknown>>): Site[] {
  const walked = new Set<GraphQLInputType>();
  const walk = (type: GraphQLInputType, value: unknown, path: readonly (string | number)[]): Site[] => {
    const inner: GraphQLInputType = isNonNullType(type) ? type.ofType : type;
    const here: Site = { path, type: inner };
    if (isListType(inner)) {
      const [first] = lackingNothing<unknown[]>(value, path);
      return [here, ...walk(inner.ofType, first, [...path, 0])];
    }
    if (!isInputObjectType(inner)) return [here];
    const values = lackingNothing<Record<string, unknown>>(value, path);
    const isNested = path.some((part) => NESTING.has(String(part)));
    const fields = Object.values(inner.getFields()).filter(({ name }) => !isNested || values[name] !== undefined);
    const some = walked.has(inner) && !isNested ? fields.slice(0, FIELDS_AGAIN) : fields;
    walked.add(inner);
    return [here, ...some.flatMap((field) => walk(field.type, values[field.name], [...path, field.name]))];
  };
  return args.flatMap(({ name, type }) => walk(type, base[name], [name]));
}

function lackingNothing<T extends object>(base: unknown, path: readonly (string | number)[]): T {
  if (base == null || Object.keys(base).length === 0) throw new Error(`The base call has nothing at ${path.join(".")}`);
  return base as T;
}

/** A value that nobody should send, and what it is called. */
export type HostileValue = readonly [name: string, value: unknown];

const FOREIGN = "0197c3a0-0000-7000-8000-000000000000";

/** Texts that no place may store as they are. */
const BAD_TEXTS: readonly HostileValue[] = [
  ["U+0000", "a\u0000b"],
  ["half of a surrogate pair", "a\ud800b"],
  ["a megabyte", "x".repeat(1_000_000)],
  ["only spaces", " \t\u00a0 "],
];
/** Texts that have to survive where any text may stand. */
const ODD_TEXTS: readonly HostileValue[] = [
  ["SQL and combining marks", `'; drop table customers; -- $1 %_\\ Nguye\u0302\u0303n \u{1f469}\u200d\u{1f469}`],
  ["right to left", "\u202eשלום\u202c عليكم"],
];

const BY_TYPE: Readonly<Record<string, readonly HostileValue[]>> = {
  String: [...BAD_TEXTS, ...ODD_TEXTS, ["an object", { a: 1 }]],
  ID: [
    ...BAD_TEXTS,
    ["an id of nobody", FOREIGN],
    ["an id in capitals", FOREIGN.toUpperCase()],
    ["an id in braces", `{${FOREIGN}}`],
    ["an id without dashes", FOREIGN.replaceAll("-", "")],
    ["a number", 7],
    ["a fraction", 1.5],
  ],
  Int: [
    ["zero", 0],
    ["less than nothing", -1],
    ["too large", 2 ** 31],
    ["too small", -(2 ** 31) - 1],
    ["the largest", 2 ** 31 - 1],
    ["huge", 1e308],
    ["a fraction", 1.5],
    ["a text", "1"],
  ],
  Boolean: [
    ["a text", "true"],
    ["a number", 1],
  ],
  Date: [
    ["a day that is none", "2023-02-30"],
    ["the year 0", "0000-01-01"],
    ["the year 10000", "10000-01-01"],
    ["the year +010000", "+010000-01-01"],
    ["infinity", "infinity"],
    ["an instant", "2024-01-01T00:00:00Z"],
    ["a number", 20_240_101],
    ...BAD_TEXTS,
  ],
  DateTime: [
    ["an instant that is none", "2023-02-30T00:00:00Z"],
    ["the year 0", "0000-01-01T00:00:00Z"],
    ["the year 10000", "10000-01-01T00:00:00Z"],
    ["hour 24", "2024-01-01T24:00:00Z"],
    ["infinity", "infinity"],
    ["a day", "2024-01-01"],
    ["a number", 0],
    ...BAD_TEXTS,
  ],
  Decimal: [
    ["an exponent", "1e9"],
    ["not a number", "NaN"],
    ["infinity", "Infinity"],
    ["too many digits", "1.00001"],
    ["too large", "1000000000000000"],
    ["a fraction", 1.5],
    ["huge", 1e308],
    ...BAD_TEXTS,
  ],
  CountryCode: [["a code that is reserved", "XK"], ["three letters", "VNM"], ["a number", 7], ...BAD_TEXTS],
  JSON: [
    ...BAD_TEXTS,
    ...ODD_TEXTS,
    ["depth", [[[[[[1]]]]]]],
    ["20 kB", "x".repeat(20_000)],
    ["huge", 1e308],
    ["nothing in a list", []],
    ["an object", {}],
    ["false", false],
  ],
};

const ENUM: readonly HostileValue[] = [
  ["no value of it", "NOPE"],
  ["nothing", ""],
  ["a number", 1],
  ["its prototype's", "constructor"],
];

const OBJECT: readonly HostileValue[] = [
  ["a text", "x"],
  ["nothing in it", {}],
  ["a field that is none", { nope: 1 }],
  ["a list", [[]]],
];

/** Of texts, what calls are sent that share their rules with another one. */
const FEW = new Set(["null", "U+0000", "half of a surrogate pair", "only spaces"]);
/** Where the code of something that is there can stand. */
export const CODES = new Set([
  "code",
  "from",
  "to",
  "status",
  "type",
  "group",
  "branch",
  "field",
  "reassignTo",
  "defaultStatus",
]);

/**
 * What to send at a place instead of what is right.
 * @param base what is right
 * @param isBrief whether fewer texts will do
 */
export function hostileValues({ path, type }: Site, base: unknown, isBrief = false): HostileValue[] {
  const missing: HostileValue[] = [["null", null]];
  if (isListType(type)) {
    const [first] = base as unknown[];
    return [
      ...missing,
      ["an empty list", []],
      ["501 of them", Array.from({ length: 501 }, (_, index) => numbered(first, index))],
      ["null in a list", [null]],
      ["an object", { a: 1 }],
    ];
  }
  const named = type;
  if (isEnumType(named)) return [...missing, ...ENUM];
  if (isInputObjectType(named)) return [...missing, ...OBJECT];
  const values = BY_TYPE[named.name];
  if (!values) throw new Error(`There are no hostile values of the scalar ${named.name}`);
  const isText = named.name === "String";
  const isCode = isText && CODES.has(String(path.at(-1)));
  const recased: HostileValue[] = isCode && typeof base === "string" ? [[ANOTHER_CASE, swapCase(base)]] : [];
  return [...missing, ...values, ...recased].filter(([name]) => !isBrief || !isText || FEW.has(name));
}

export const ANOTHER_CASE = "another case";

/** The n-th of what is like the first. */
function numbered(first: unknown, index: number): unknown {
  if (typeof first === "string" && !/^[A-Z_]+$/.test(first)) return `${first}${index}`;
  if (typeof first !== "object" || first === null || !("code" in first)) return first;
  return { ...first, code: `N-${index}` };
}

const swapCase = (text: string): string =>
  [...text].map((letter) => (letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase())).join("");

/** A copy of variables with another value in one place. */
export function withValue(variables: unknown, path: readonly (string | number)[], value: unknown): any {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  const copy: any = Array.isArray(variables) ? [...(variables as unknown[])] : { ...(variables as object) };
  copy[name] = withValue(copy[name], rest, value);
  return copy;
}

/** What stands in one place of variables. */
export function valueAt(variables: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce((value: any, part) => value?.[part], variables);
}
