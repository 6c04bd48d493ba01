import fs from "node:fs";
import path from "node:path";
import { Kind, parse, type OperationDefinitionNode } from "graphql";
import { startGateway, type AnswerError, type TestGateway, type TestTenant } from "../support/gateway";

const FILE = path.join(__dirname, "../../docs/operations.md");

/** What the systems offer, by chapter and table: a row each. */
const SOURCES: Record<string, Record<string, string[]>> = {
  "Finan One": {
    "Finan One": [
      "POST /api/v1/customers",
      "GET /api/v1/customers",
      "GET /api/v1/customers/:id",
      "PUT /api/v1/customers/:id",
      "DELETE /api/v1/customers/:id",
    ],
  },
  "VBot CRM": {
    "VBot CRM": [
      "POST /api/crm/customer/create",
      "POST /api/crm/customer/update",
      "POST /api/crm/customer/delete",
      "POST /api/crm/customer/updateNO",
      ...["status", "type", "group", "field"].flatMap((what) =>
        ["create", "update", "updateNo", "delete"].map((action) => `POST /api/crm/${what}/${action}`),
      ),
    ],
  },
  Fentu: {
    Fentu: [
      "GET /api/v1/customers",
      "GET /api/v1/customers/{id}",
      "POST /api/v1/customers",
      "PUT /api/v1/customers/{id}",
      "DELETE /api/v1/customers/{id}",
      "GET /api/v1/customers/{customer_id}/contacts",
      "POST /api/v1/customers/{customer_id}/contacts",
      "PUT /api/v1/contacts/{id}",
      "DELETE /api/v1/contacts/{id}",
      "GET /api/v1/customers/{customer_id}/assets",
      "Get Asset",
      "GET /api/v1/customers/{customer_id}/work-orders",
    ],
    "Query parameter": ["page", "per_page", "search", "status", "branch_id", "created_after"],
    "Fentu's status": ["400", "401", "403", "404", "409", "422"],
  },
  "bankingservice.ai": {
    "bankingservice.ai": [
      "GET /v1/profiles/{profileId}/customers",
      "POST /v1/profiles/{profileId}/customers",
      "GET /v1/profiles/{profileId}/customers/{customerId}",
      "PUT /v1/profiles/{profileId}/customers/{customerId}",
      "DELETE /v1/profiles/{profileId}/customers/{customerId}",
    ],
    "bankingservice.ai's status": ["400", "404"],
  },
};

/** A section of the document with an operation in it. */
interface Example {
  readonly chapter: string;
  readonly title: string;
  /** The name of its operation: placeholders go by it. */
  readonly name: string;
  readonly query: string;
  readonly operation: OperationDefinitionNode;
  /** As they are written, with placeholders. */
  readonly variables: Json | undefined;
  /** Undefined: a key with every scope. */
  readonly key: string | undefined;
  readonly status: number;
  readonly answer: Json;
}

interface Row {
  readonly chapter: string;
  /** The head of the first column. */
  readonly table: string;
  readonly cells: readonly [what: string, here: string, examples: string];
}

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

interface GraphQLAnswer {
  readonly data?: Json;
  readonly errors?: readonly AnswerError[];
}

const text = fs.readFileSync(FILE, "utf8");
const sections = readSections(text);
const examples = sections.filter(({ body }) => body.includes("```")).map(readExample);
const rows = sections.flatMap(readRows);
const exampleAt = new Map(examples.map((example) => [anchorOf(example.title), example]));

describe("the tables", () => {
  test.each(Object.entries(SOURCES))("have every operation of %s", (chapter, tables) => {
    const found = Object.keys(tables).map((table) => [
      table,
      rows.filter((row) => row.chapter === chapter && row.table === table).map(({ cells: [what] }) => what),
    ]);
    expect(Object.fromEntries(found)).toEqual(tables);
  });

  test.each(rows.map((row) => [`${row.chapter}: ${row.cells[0]}`, row] as const))(
    "name what the examples use: %s",
    (_title, { chapter, cells: [, here, links] }) => {
      const linked = anchorsIn(links).map((anchor) => exampleAt.get(anchor));
      expect(linked).not.toHaveLength(0);
      expect(linked.map((example) => example?.chapter)).toEqual(linked.map(() => chapter));
      const named = codesIn(here);
      const isErrorCode = named.every((code) => /^[A-Z_]+$/.test(code));
      const used = linked.flatMap((example) => (isErrorCode ? errorCodesOf(example) : rootFieldsOf(example)));
      expect([...new Set(named)].sort()).toEqual([...new Set(used)].sort());
    },
  );

  test("link every example", () => {
    const linked = new Set(rows.flatMap(({ cells: [, , links] }) => anchorsIn(links)));
    expect(examples.map(({ title }) => anchorOf(title)).filter((anchor) => !linked.has(anchor))).toEqual([]);
  });
});

describe("the document", () => {
  test("has no two headings, and no two operations, of one name", () => {
    const anchors = sections.map(({ title }) => anchorOf(title));
    expect(new Set(anchors).size).toBe(anchors.length);
    expect(new Set(examples.map(({ name }) => name)).size).toBe(examples.length);
  });

  test("has examples in the chapters that are run only", () => {
    expect([...new Set(examples.map(({ chapter }) => chapter))]).toEqual(Object.keys(SOURCES));
  });
});

describe("the examples of", () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startGateway();
  });
  afterAll(async () => {
    expect(gateway.unexpected).toEqual([]);
    await gateway.close();
  });

  describe.each(Object.keys(SOURCES))("%s", (chapter) => {
    const answers: Record<string, Json | undefined> = {};
    let tenant: TestTenant;
    beforeAll(async () => {
      tenant = await gateway.aTenant();
    });

    const inOrder = examples.filter((example) => example.chapter === chapter);
    test.each(inOrder.map((example) => [example.title, example] as const))("%s", async (_title, example) => {
      const response = await gateway.http.inject({
        method: "POST",
        url: "/graphql",
        headers: { "content-type": "application/json", ...(await credentialOf(example)) },
        payload: {
          query: example.query,
          ...(example.variables !== undefined && { variables: filled(example.variables, answers) }),
        },
      });
      const answer = response.json<GraphQLAnswer>();
      answers[example.name] = answer.data;

      const expected = filled(example.answer, answers) as unknown as GraphQLAnswer;
      expect(answer.errors?.map(({ extensions }) => extensions.code)).toEqual(
        expected.errors?.map(({ extensions }) => extensions.code),
      );
      expect(answer).toMatchObject(expected);
      expect(response.statusCode).toBe(example.status);
    });

    async function credentialOf({ key }: Example): Promise<{ authorization?: string }> {
      if (key === "none") return {};
      const { token } = key === undefined ? tenant : await tenant.withScopes(...codesIn(key));
      return { authorization: `Bearer ${token}` };
    }
  });
});

interface Section {
  readonly chapter: string;
  readonly title: string;
  readonly body: string;
}

/** A section for each heading of the second and third level; `##` begins a chapter. */
function readSections(document: string): Section[] {
  let chapter = "";
  return document
    .split(/^(?=##{1,2} )/m)
    .slice(1)
    .map((part) => {
      const [, level, title = "", body = ""] = /^(##{1,2}) (.*)\n([\s\S]*)$/.exec(part) ?? [];
      if (level === "##") chapter = title;
      return { chapter, title, body };
    });
}

/** @throws Error naming the section where it is not as the document's introduction says */
function readExample({ chapter, title, body }: Section): Example {
  const block = /^```graphql\n([\s\S]*?)^```$/m.exec(body)?.[1];
  const variables = /^Variables:\n\n```json\n([\s\S]*?)^```$/m.exec(body)?.[1];
  const answer = /^Answer(?:, HTTP (\d{3}))?:\n\n```json\n([\s\S]*?)^```$/m.exec(body);
  const fences = body.match(/^```/gm)?.length ?? 0;
  if (block === undefined || answer?.[2] === undefined || fences !== (variables === undefined ? 4 : 6))
    throw new Error(`"${title}" needs one operation, its variables where it has any, and its answer`);
  const operation = parse(block).definitions[0];
  if (operation?.kind !== Kind.OPERATION_DEFINITION || !operation.name)
    throw new Error(`"${title}" needs an operation with a name`);
  return {
    chapter,
    title,
    name: operation.name.value,
    query: block,
    operation,
    variables: variables === undefined ? undefined : (JSON.parse(variables) as Json),
    key: /^Key: (.*)$/m.exec(body)?.[1],
    status: Number(answer[1] ?? 200),
    answer: JSON.parse(answer[2]) as Json,
  };
}

/** The rows of the tables that end with a column of examples. */
function readRows({ chapter, body }: Section): Row[] {
  const tables = body.match(/(?:^\|.*\n)+/gm) ?? [];
  return tables.flatMap((table) => {
    const [head, , ...lines] = table.trim().split("\n").map(cellsOf);
    if (head?.[2] !== "Example") return [];
    return lines.map(([what = "", here = "", links = ""]) => ({
      chapter,
      table: head[0] ?? "",
      cells: [what.replaceAll("`", ""), here, links] as const,
    }));
  });
}

function cellsOf(line: string): string[] {
  return line
    .replace(/^\||\|$/g, "")
    .split("|")
    .map((cell) => cell.trim());
}

/** As GitHub makes anchors of headings. */
function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");
}

function anchorsIn(links: string): string[] {
  return [...links.matchAll(/\]\(#([^)]*)\)/g)].map(([, anchor = ""]) => anchor);
}

function codesIn(markdown: string): string[] {
  return [...markdown.matchAll(/`([^`]*)`/g)].map(([, code = ""]) => code);
}

function rootFieldsOf(example: Example | undefined): string[] {
  return (example?.operation.selectionSet.selections ?? []).flatMap((selection) =>
    selection.kind === Kind.FIELD ? [selection.name.value] : [],
  );
}

function errorCodesOf(example: Example | undefined): string[] {
  const { errors = [] } = (example?.answer ?? {}) as unknown as GraphQLAnswer;
  return errors.map(({ extensions }) => extensions.code);
}

/** With earlier answers in the place of `{{example.path.in.its.data}}`. */
function filled(value: Json, answers: Readonly<Record<string, Json | undefined>>): Json {
  if (Array.isArray(value)) return value.map((entry) => filled(entry, answers));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, filled(entry, answers)]));
  }
  const place = typeof value === "string" ? /^\{\{(.*)\}\}$/.exec(value)?.[1] : undefined;
  if (place === undefined) return value;
  const found = place.split(".").reduce<any>((part, name) => part?.[name], answers);
  if (found === undefined) throw new Error(`No earlier example has answered ${place}`);
  return found;
}
