import {
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredInputField,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
} from "graphql";
import { Random } from "../../src/demo/random";

/** What operations are made of, beside the schema: values that mean something in the data. */
export interface Vocabulary {
  /** Ids by the type of what they belong to, those of another tenant and of nothing among them. */
  readonly ids: Readonly<Record<string, readonly string[]>>;
  readonly codes: readonly string[];
  readonly words: readonly string[];
  /** Cursors by the type of the connection. */
  readonly cursors: Readonly<Record<string, readonly string[]>>;
}

export interface RandomOperation {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Whether it selects something that is for the resolvers. */
  readonly isException: boolean;
}

/** Fields that the planner leaves to the resolvers: a number is revealed and recorded, likeness and defaults are computed. */
export const EXCEPTIONS: ReadonlySet<string> = new Set([
  "BankAccount.accountNumber",
  "Query.customerDuplicates",
  "Query.settings",
]);

const MAX_DEPTH = 5;

/** A valid query over the schema, the same for the same seed. */
export function randomOperation(schema: GraphQLSchema, vocabulary: Vocabulary, seed: number): RandomOperation {
  return new OperationMaker(schema, vocabulary, new Random(seed)).make();
}

/** A valid mutation that changes nothing, with a random answer; the same for the same seed. */
export function randomAnswer(schema: GraphQLSchema, vocabulary: Vocabulary, seed: number): RandomOperation {
  return new OperationMaker(schema, vocabulary, new Random(seed)).makeAnswer();
}

class OperationMaker {
  private readonly definitions: string[] = [];
  private readonly fragments: string[] = [];
  private readonly variables: Record<string, unknown> = {};
  private names = 0;
  /** Names that mean something in SQL, or in the statements of the planner. */
  private readonly telling = [
    "y",
    "x",
    "n",
    "b",
    "f",
    "r",
    "t1",
    "t1_n",
    "page_t1",
    "counted",
    "few_1",
    "select",
    "__proto__",
  ];
  private isException = false;

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly vocabulary: Vocabulary,
    private readonly random: Random,
  ) {}

  make(): RandomOperation {
    const type = this.schema.getQueryType();
    if (!type) throw new Error("The schema has no queries");
    return this.operation("query", this.selection(type, MAX_DEPTH, 1 + this.below(3)));
  }

  makeAnswer(): RandomOperation {
    const type = this.schema.getType("Customer");
    if (!isObjectType(type)) throw new Error("The schema has no customers");
    const by = `{ code: ${JSON.stringify(this.pick(this.vocabulary.codes))} }`;
    const answer = this.selection(type, MAX_DEPTH - 1, 1 + this.below(6));
    return this.operation("mutation", `{ ${this.name("a")}: updateCustomer(by: ${by}, input: {}) ${answer} }`);
  }

  private operation(kind: "query" | "mutation", selection: string): RandomOperation {
    const variables = this.definitions.length > 0 ? `(${this.definitions.join(", ")})` : "";
    const query = [`${kind} Random${variables} ${selection}`, ...this.fragments].join("\n");
    return { query, variables: this.variables, isException: this.isException };
  }

  private selection(type: GraphQLObjectType, depth: number, wanted = 1 + this.below(5)): string {
    const fields = Object.values(type.getFields()).filter((field) => depth > 1 || isLeafType(getNamedType(field.type)));
    if (fields.length === 0) return "{ __typename }";
    const parts: string[] = [];
    for (let index = 0; index < wanted; index++) parts.push(this.part(type, this.pick(fields), depth));
    if (this.chance(0.15)) parts.push("__typename");
    return `{ ${parts.join(" ")} }`;
  }

  /** A field, alone or in a fragment, perhaps left out or asked for twice. */
  private part(type: GraphQLObjectType, field: GraphQLField<unknown, unknown>, depth: number): string {
    const text = this.field(type, field, depth);
    if (this.chance(0.08)) return `... on ${type.name}${this.directive()} { ${text} }`;
    if (this.chance(0.04)) return `...${this.directive() || " @include(if: true)"} { ${text} }`;
    if (this.chance(0.06)) {
      const name = this.name("F");
      this.fragments.push(`fragment ${name} on ${type.name} { ${text} }`);
      return `...${name}${this.directive()}`;
    }
    return this.chance(0.04) ? `${text} ${text}` : text;
  }

  private field(type: GraphQLObjectType, field: GraphQLField<unknown, unknown>, depth: number): string {
    if (EXCEPTIONS.has(`${type.name}.${field.name}`)) this.isException = true;
    const named = getNamedType(field.type);
    const args = this.arguments(field);
    // The same name must mean the same: whatever takes arguments or has fields of its own gets another.
    const alias = field.args.length > 0 || !isLeafType(named) || this.chance(0.1) ? `${this.name("a")}: ` : "";
    const rest = isObjectType(named) ? ` ${this.selection(named, depth - 1)}` : "";
    return `${alias}${field.name}${args}${this.directive()}${rest}`;
  }

  private directive(): string {
    if (!this.chance(0.05)) return "";
    const value = this.chance(0.5);
    const condition = this.chance(0.5) ? String(value) : this.variable("Boolean!", value, this.chance(0.3));
    return ` @${this.chance(0.5) ? "skip" : "include"}(if: ${condition})`;
  }

  private arguments(field: GraphQLField<unknown, unknown>): string {
    const names = this.argumentNames(field);
    const given = field.args.filter(({ name }) => names.has(name));
    if (given.length === 0) return "";
    return `(${given.map((argument) => `${argument.name}: ${this.argument(field, argument)}`).join(", ")})`;
  }

  private argumentNames(field: GraphQLField<unknown, unknown>): Set<string> {
    const names = new Set<string>();
    for (const { name, type, defaultValue } of field.args) {
      if ((isNonNullType(type) && defaultValue === undefined) || this.chance(0.35)) names.add(name);
    }
    // Mostly one direction; both at once is an error, and seldom.
    if (!this.chance(0.05)) {
      const isBackward = names.has("last") || (names.has("before") && !names.has("first"));
      for (const name of isBackward ? ["first", "after"] : ["last", "before"]) names.delete(name);
    }
    return names;
  }

  private argument(field: GraphQLField<unknown, unknown>, argument: GraphQLArgument): string {
    const value = this.value(argument.type, argument.name, getNamedType(field.type).name, 0);
    const isVariable = this.chance(0.5);
    return isVariable
      ? this.variable(String(argument.type), value, this.chance(0.2))
      : this.literal(value, argument.type);
  }

  private variable(type: string, value: unknown, isDefault: boolean): string {
    const name = this.name("v");
    if (isDefault && this.schema.getType(type.replace(/[[\]!]/g, ""))) {
      const named = type.replace(/[[\]!]/g, "");
      const inputType = this.schema.getType(named);
      // Literals of lists and objects are written by their type; scalars alone are given as defaults here.
      if (inputType && isLeafType(inputType) && !type.startsWith("[")) {
        this.definitions.push(`$${name}: ${type} = ${this.literal(value, inputType)}`);
        return `$${name}`;
      }
    }
    this.definitions.push(`$${name}: ${type}`);
    this.variables[name] = value;
    return `$${name}`;
  }

  private literal(value: unknown, type: GraphQLInputType): string {
    const nullable = getNullableType(type);
    if (value === null) return "null";
    if (isListType(nullable)) {
      return `[${(value as unknown[]).map((entry) => this.literal(entry, nullable.ofType)).join(", ")}]`;
    }
    if (isInputObjectType(nullable)) {
      const fields = Object.entries(value as object).map(([name, entry]) => {
        const field = nullable.getFields()[name];
        if (!field) throw new Error(`${nullable.name} has no ${name}`);
        return `${name}: ${this.literal(entry, field.type)}`;
      });
      return `{ ${fields.join(", ")} }`;
    }
    return isEnumType(nullable) ? (value as string) : JSON.stringify(value);
  }

  private value(type: GraphQLInputType, name: string, owner: string, depth: number): unknown {
    const nullable = getNullableType(type);
    if (!isNonNullType(type) && this.chance(0.04)) return null;
    if (isListType(nullable)) {
      const size = this.below(3) + (this.chance(0.1) ? 0 : 1);
      return Array.from({ length: size }, () => this.value(nullable.ofType, name, owner, depth));
    }
    if (isInputObjectType(nullable)) {
      if (nullable.name === "CustomerKey") {
        if (this.chance(0.05)) return {};
        return this.chance(0.5) ? { id: this.id("Customer") } : { code: this.pick(this.vocabulary.codes) };
      }
      const fields = Object.values(nullable.getFields()).filter(
        (field) =>
          isRequiredInputField(field) || this.chance(2.2 / (Object.keys(nullable.getFields()).length + depth * 8)),
      );
      return Object.fromEntries(
        fields.map((field) => [field.name, this.value(field.type, field.name, nullable.name, depth + 1)]),
      );
    }
    if (isEnumType(nullable)) return this.pick(nullable.getValues()).name;
    switch (nullable.name) {
      case "ID":
        return this.id(name === "asset" ? "Asset" : owner === "CustomerFilter" ? "Customer" : owner);
      case "Int":
        return name === "page" ? this.below(4) : this.chance(0.03) ? 101 : this.below(8);
      case "Boolean":
        return this.chance(0.5);
      case "DateTime":
        return `202${this.below(7)}-0${1 + this.below(9)}-1${this.below(10)}T0${this.below(10)}:00:00Z`;
      case "Date":
        return `202${this.below(8)}-0${1 + this.below(9)}-1${this.below(10)}`;
      case "CountryCode":
        return this.pick(["VN", "DE", "US"]);
      case "JSON":
        return this.pick(["large", 12.5, true, "2026-03-14", "a", "b", 3]);
      case "Decimal":
        return "1.50";
      default:
        if (name === "after" || name === "before") return this.pick(this.vocabulary.cursors[owner] ?? ["x"]);
        return this.pick(this.chance(0.5) ? this.vocabulary.codes : this.vocabulary.words);
    }
  }

  private id(type: string): string {
    return this.pick(this.vocabulary.ids[type] ?? Object.values(this.vocabulary.ids).flat());
  }

  private name(prefix: string): string {
    const telling = prefix === "a" && this.chance(0.2) ? this.telling.pop() : undefined;
    return telling ?? `${prefix}${++this.names}`;
  }

  private pick<T>(from: readonly T[]): T {
    return this.random.pick(from);
  }

  private chance(probability: number): boolean {
    return this.random.chance(probability);
  }

  private below(limit: number): number {
    return this.random.int(0, limit - 1);
  }
}
