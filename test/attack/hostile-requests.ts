/** A request that nobody should send, and what it is called. */
export interface HostileRequest {
  readonly name: string;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether it must be refused; else an answer will do as well. */
  readonly isRefused: boolean;
}

/** Stands in what is sent where no answer should repeat it. */
export const ECHO = "qzxechoqzx";

const times = (count: number, make: (index: number) => string, separator = " "): string =>
  Array.from({ length: count }, (_, index) => make(index)).join(separator);
const nested = (depth: number, open: string, inner: string, close: string): string =>
  `${open.repeat(depth)}${inner}${close.repeat(depth)}`;

/** Documents that cannot be executed. */
const BROKEN: Readonly<Record<string, string>> = {
  nothing: "",
  "white space": " \n\t ",
  "a comment": "# nothing",
  "a closing brace": "}",
  "an open brace": "{",
  "U+0000": "{ viewer \u0000 { credential } }",
  "half of a surrogate pair": `{ customer(by: { code: "\ud800" }) { id } }`,
  "an escape of half a surrogate pair": `{ customer(by: { code: "\\ud800" }) { id } }`,
  "an escape beyond Unicode": `{ customer(by: { code: "\\u{110000}" }) { id } }`,
  "a text without an end": `{ customer(by: { code: "${ECHO} }) { id } }`,
  "a block without an end": `{ customer(by: { code: """${ECHO} }) { id } }`,
  "a number without an end": "{ customers(first: 1e) { totalCount } }",
  "a selection of nothing": "{ customers { } }",
  "no selection": "{ customers }",
  "a selection of a leaf": "{ viewer { credential { length } } }",
  "an unknown field": "{ passwords }",
  "an unknown argument": '{ customers(tenant: "x") { totalCount } }',
  "an argument twice": "{ customers(first: 1, first: 2) { totalCount } }",
  "an input field twice": `{ customer(by: { code: "a", code: "b" }) { id } }`,
  "an unknown directive": "{ customers @admin { totalCount } }",
  "an unknown fragment": "{ customers { ...F } }",
  "a fragment of another type": "{ customers { ...F } } fragment F on Viewer { credential }",
  "a fragment of no type": "{ ...F } fragment F on Passwords { id }",
  "a fragment in a circle": "{ ...F } fragment F on Query { ...G } fragment G on Query { ...F }",
  "a fragment of itself": "{ ...F } fragment F on Query { ...F }",
  "a fragment that nobody uses": "{ __typename } fragment F on Query { __typename }",
  "a fragment twice": "{ ...F } fragment F on Query { __typename } fragment F on Query { __typename }",
  "two operations of one name": "query A { __typename } query A { __typename }",
  "two operations without a name": "{ __typename } { __typename }",
  "a subscription": "subscription { customers { totalCount } }",
  "a definition": "type Query { secret: String } { __typename }",
  "an extension": "extend type Query { secret: String }",
  "a schema": "schema { query: Query }",
  "a variable that is not declared": "{ customers(first: $n) { totalCount } }",
  "a variable that nobody uses": "query ($n: Int) { __typename }",
  "a variable twice": "query ($n: Int, $n: Int) { customers(first: $n) { totalCount } }",
  "a variable of another type": "query ($n: String) { customers(first: $n) { totalCount } }",
  "a variable of an output type": "query ($n: Customer) { customers(first: $n) { totalCount } }",
  "a variable with a wrong default": `query ($n: Int = "${ECHO}") { customers(first: $n) { totalCount } }`,
  "a required variable that is missing": "query ($by: CustomerKey!) { customer(by: $by) { id } }",
  "fields that collide": "{ a: viewer { credential } a: customers { totalCount } }",
  "a field of all objects": "{ customers { constructor } }",
  "the prototype": "{ __proto__ { id } }",
  "an argument called as the prototype": "{ customers(__proto__: 1) { totalCount } }",
  "an enum value called as the prototype": "{ customers(orderBy: [{ field: __proto__ }]) { totalCount } }",
  "an enum value called as a method": "{ customers(orderBy: [{ field: toString }]) { totalCount } }",
  "an enum as a text": `{ customers(orderBy: [{ field: "NAME" }]) { totalCount } }`,
  "a type called as the prototype": "{ ... on __proto__ { id } }",
  "a reserved name": "{ __secret }",
  "skip without a condition": "{ customers @skip { totalCount } }",
  "skip by a text": `{ customers @skip(if: "${ECHO}") { totalCount } }`,
  "a list within a list": '{ customers(filter: { status: [[["a"]]] }) { totalCount } }',
  "a mutation in a query": `query { createCustomer(input: { code: "forged" }) { id } }`,
  "500 unknown fields": `{ ${times(500, (index) => `f${index}`)} }`,
  "20,000 tokens": `{ ${times(20_000, (index) => `f${index}: __typename`)} }`,
  "depth 5,000": nested(5000, "{ customers { nodes ", "{ id }", "}}"),
  "10,000 brackets": `{ customers(filter: { status: ${nested(10_000, "[", "", "]")} }) { totalCount } }`,
  "a name of a megabyte": `{ ${"a".repeat(900_000)} }`,
  "an integer of 100,000 digits": `{ customers(first: ${"9".repeat(100_000)}) { totalCount } }`,
};

/** Documents that ask for more than is allowed. */
const TOO_COSTLY: Readonly<Record<string, string>> = {
  "100 aliases": `{ ${times(100, (index) => `a${index}: __typename`)} }`,
  "100 times the viewer": `{ ${times(100, (index) => `a${index}: viewer { credential }`)} }`,
  "900 times one field": `{ ${times(900, () => "__typename")} }`,
  "200 directives": `{ __typename ${times(200, () => "@skip(if: false)")} }`,
  "lists within lists": `{ customers(first: 100) { nodes { workOrders(first: 100) { nodes { customer { workOrders(first: 100) { nodes { id } } } } } } } }`,
  "fragments that double eleven times": `{ ...F0 } ${times(11, (index) => `fragment F${index} on Query { ...F${index + 1} ...F${index + 1} }`)} fragment F11 on Query { __typename }`,
};

/** Documents that can be executed; limits may refuse them. */
const ODD: Readonly<Record<string, string>> = {
  "a filter of 200 parts": `{ customers(filter: { or: [${times(200, () => `{ search: "a" }`, ",")}] }) { totalCount } }`,
  "a filter nested 50 times": `{ customers(filter: ${nested(50, "{ not: ", `{ search: "a" }`, "}")}) { totalCount } }`,
  "introspection within introspection": `{ __schema { types { fields { type { fields { type { fields { type { name } } } } } } } } }`,
  "aliases called as the prototype": "{ __proto__: __typename constructor: __typename toString: __typename }",
  "a page of nothing": "{ customers(first: 0) { totalCount nodes { id } } }",
  "a page of less": "{ customers(first: -1) { nodes { id } } }",
  "a page of everything": "{ customers(first: 2147483647) { nodes { id } } }",
  "forward and backward": "{ customers(first: 1, last: 1) { nodes { id } } }",
  "a page far away": "{ customerPage(page: 2147483647, perPage: 100) { nodes { id } } }",
  "page zero": "{ customerPage(page: 0, perPage: 1) { nodes { id } } }",
  "a search of many words": `{ customers(filter: { search: "${times(300, (index) => `w${index}`)}" }) { totalCount } }`,
  "a search of wild cards": `{ customers(filter: { search: "%_%_%_%_\\\\%" }) { totalCount } }`,
  "a search that is an expression": `{ customers(filter: { search: "(a+)+$" }) { totalCount } }`,
  "SQL in a code": `{ customer(by: { code: "'; drop table customers; --" }) { id } }`,
  "SQL in an order": "{ customers(orderBy: [{ field: NAME }, { field: NAME }]) { nodes { id } } }",
  "a block text": `{ customer(by: { code: """\\"""'; --""" }) { id } }`,
  "a comment of 100,000 characters": `{ __typename } # ${"x".repeat(100_000)}`,
  "commas and byte order marks": "\ufeff,,,{,,,__typename,,,}",
};

const json = (value: unknown): string => JSON.stringify(value);
const TYPENAME = "{ __typename }";

/** Bodies that hold no request. */
const BODIES: Readonly<Record<string, string | Buffer>> = {
  nothing: "",
  null: "null",
  "a number": "1",
  "a text": json(TYPENAME),
  true: "true",
  "an empty list": "[]",
  "a batch": json([{ query: TYPENAME }, { query: TYPENAME }]),
  "an empty object": "{}",
  "an open brace": "{",
  "an open text": `{"query":"${ECHO}`,
  "a comma too many": `{"query":"{ __typename }",}`,
  "single quotes": `{'query':'{ __typename }'}`,
  "a comment": `{"query":"{ __typename }"} // ${ECHO}`,
  "two objects": `{"query":"{ __typename }"}{"query":"{ __typename }"}`,
  "no number": `{"query":"{ __typename }","variables":NaN}`,
  "a control character": `{"query":"{ __typename }","x":"\u0001"}`,
  "broken UTF-8": Buffer.from([
    ...Buffer.from(`{"query":"{ customer(by: { code: \\"`),
    0xc3,
    0x28,
    ...Buffer.from(`\\" }) { id } }"}`),
  ]),
  "UTF-8 of half a surrogate pair": Buffer.from([
    ...Buffer.from(`{"query":"{ __typename } #`),
    0xed,
    0xa0,
    0x80,
    ...Buffer.from(`"}`),
  ]),
  "overlong UTF-8": Buffer.from([...Buffer.from(`{"query":"{ __typename } #`), 0xc0, 0xaf, ...Buffer.from(`"}`)]),
  "UTF-16": Buffer.from(json({ query: TYPENAME }), "utf16le"),
  "100,000 brackets": "[".repeat(100_000),
  "100,000 lists": nested(100_000, "[", "", "]"),
  "the prototype": `{"query":"{ __typename }","__proto__":{"x":1}}`,
  "the prototype in variables": `{"query":"{ __typename }","variables":{"__proto__":{"x":1}}}`,
  "the constructor's prototype": `{"query":"{ __typename }","variables":{"constructor":{"prototype":{"x":1}}}}`,
  "a query that is a number": json({ query: 1 }),
  "a query that is a list": json({ query: [TYPENAME] }),
  "a query that is an object": json({ query: { toString: TYPENAME } }),
  "a query that is null": json({ query: null }),
  "variables that are a text": json({ query: TYPENAME, variables: ECHO }),
  "variables that are a list": json({ query: TYPENAME, variables: [1] }),
  "an operation's name that is a number": json({ query: TYPENAME, operationName: 1 }),
  "an operation's name that is none": json({ query: TYPENAME, operationName: ECHO }),
  "extensions that are a text": json({ query: TYPENAME, extensions: ECHO }),
  "a query by its hash": json({ extensions: { persistedQuery: { version: 1, sha256Hash: "0".repeat(64) } } }),
  "more than a megabyte": json({ query: TYPENAME, variables: { x: ECHO.repeat(200_000) } }),
};

/** Of these some readers make a request. */
const MAYBE: Readonly<Record<string, string>> = {
  "a member twice": `{"query":"{ passwords }","query":"{ __typename }"}`,
  "a hundred thousand members": `{"query":"{ __typename }",${times(50_000, (index) => `"x${index}":1`, ",")}}`,
  "a byte order mark": `\ufeff${json({ query: TYPENAME })}`,
  "variables that nobody declared": json({ query: TYPENAME, variables: { tenant: "x", tenantId: "y" } }),
  "deep variables": `{"query":"{ __typename }","variables":{"x":${nested(5000, "[", "", "]")}}}`,
};

const HEADERS: Readonly<Record<string, Record<string, string>>> = {
  text: { "content-type": "text/plain" },
  form: { "content-type": "application/x-www-form-urlencoded" },
  files: { "content-type": "multipart/form-data; boundary=x" },
  XML: { "content-type": "application/xml" },
  GraphQL: { "content-type": "application/graphql" },
  "a list of types": { "content-type": "application/json, text/plain" },
  "UTF-7": { "content-type": "application/json; charset=utf-7" },
  "UTF-16": { "content-type": "application/json; charset=utf-16" },
  "Latin 1": { "content-type": "application/json; charset=iso-8859-1" },
  "a charset that is none": { "content-type": `application/json; charset=${ECHO}` },
  "a type that is none": { "content-type": ECHO },
};

/** Every hostile document and body. */
export function hostileRequests(): HostileRequest[] {
  const documents = (named: Readonly<Record<string, string>>, isRefused: boolean): HostileRequest[] =>
    Object.entries(named).map(([name, query]) => ({ name: `document: ${name}`, body: json({ query }), isRefused }));
  const bodies = (named: Readonly<Record<string, string | Buffer>>, isRefused: boolean): HostileRequest[] =>
    Object.entries(named).map(([name, body]) => ({ name: `body: ${name}`, body, isRefused }));
  const mutation = json({ query: `mutation { createCustomer(input: { code: "forged" }) { id } }` });
  return [
    ...documents(BROKEN, true),
    ...documents(TOO_COSTLY, true),
    ...documents(ODD, false),
    ...bodies(BODIES, true),
    ...bodies(MAYBE, false),
    ...Object.entries(HEADERS).map(([name, headers]) => ({
      name: `header: ${name}`,
      body: mutation,
      headers,
      isRefused: true,
    })),
  ];
}

/** Every document with one of its characters replaced, removed or doubled, at so many places. */
export function mutations(query: string, count: number, random: () => number): string[] {
  const alphabet = [
    "{",
    "}",
    "(",
    ")",
    ":",
    '"',
    "!",
    "$",
    "...",
    "@",
    "[",
    "]",
    "0",
    "-",
    "\\",
    "\u0000",
    "\ud800",
    "é",
    "\u202e",
    "#",
    "\n",
  ];
  return Array.from({ length: count }, () => {
    const at = Math.floor(random() * query.length);
    const other = alphabet[Math.floor(random() * alphabet.length)] ?? "";
    const kinds = [query[at]?.repeat(2) ?? "", other, "", `${other}${query[at] ?? ""}`];
    return query.slice(0, at) + (kinds[Math.floor(random() * kinds.length)] ?? "") + query.slice(at + 1);
  });
}

/** Numbers from 0 to 1, the same ones for the same seed. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
