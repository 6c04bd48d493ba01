import {
  getArgumentValues,
  Kind,
  GraphQLError,
  GraphQLObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLOutputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from "graphql";
import { collectFields, collectSubfields } from "graphql/execution/collectFields";
import { type EntityMetadata } from "typeorm";
import { type TenantOwned } from "../tenancy/tenant-owned.entity";
import { type EntityCatalogue, type EntityClass } from "../tenancy/tenant-scope";
import { columnSql, documentPropertySql } from "./column-sql";
import { classOf, fieldMetadata, type FieldMetadata } from "./field-metadata";
import { finishList, finishObject, type Finish } from "./finish";
import { answerPieces, listPieces, literal, object, objectPieces, quoted } from "./json-sql";
import { compileConnection, compileNumberedPage } from "./list-compiler";
import { plannedOf, type Compute, type FieldArguments, type FieldPlan } from "./planned";
import { joined, separated, type Piece, type Run } from "./statement";
import { firstOf, objectType, Unplanned } from "./unplanned";

/** PostgreSQL cuts longer names, and two could become one. */
const MAX_NAME_LENGTH = 63;

/** An operation compiled to one statement. */
export interface Plan {
  /** The statement: one row of `data`, the answer's JSON, and `complete`, false where the resolvers have to say what is wrong. */
  readonly pieces: readonly Piece[];
  /** The scopes that its fields ask for. */
  readonly scopes: ReadonlySet<string>;
  /** What is made of arguments before the statement is rendered, in this order; each result is for the place it has here. */
  readonly preparations: readonly ((run: Run) => unknown)[];
  /** What functions make of the parsed answer; none where its text is passed through. */
  readonly finish: Finish | undefined;
}

/** SQL for a field, and what is made of its value afterwards. */
export interface Compiled {
  readonly pieces: readonly Piece[];
  readonly finish?: Finish | undefined;
}

/** The rows that fields are read of. */
interface Place {
  readonly alias: string;
  readonly parent: string;
  /** Whether there may be many. */
  readonly isMany: boolean;
}

const ROOT: Place = { alias: "", parent: "", isMany: false };

/** Rows of a table of few that are made into JSON beforehand; others are looked up one by one. */
const FEW = 100;

type Fields = ReadonlyMap<string, readonly FieldNode[]>;

/** What is compiled: a validated operation, its document's fragments, and the values of the variables that @skip and @include use. */
export interface Source {
  readonly schema: GraphQLSchema;
  readonly catalogue: EntityCatalogue;
  readonly operation: OperationDefinitionNode;
  readonly fragments: Record<string, FragmentDefinitionNode>;
  readonly switches: Readonly<Record<string, unknown>>;
}

/** Compiles a query. @returns undefined where it is for the resolvers */
export function compile(source: Source): Plan | undefined {
  return unlessUnplanned(() => new Compiler(source).operation(source.operation));
}

/** How a mutation is answered: its resolver writes, and one statement reads what is told of it. */
export interface AnswerPlan {
  readonly plan: Plan;
  /** What writes. */
  readonly field: GraphQLField<unknown, unknown>;
  /** What the client calls it, and where. */
  readonly key: string;
  readonly nodes: readonly FieldNode[];
}

/** Compiles the answer of a mutation. @returns undefined where it is for the resolvers */
export function compileAnswer(source: Source): AnswerPlan | undefined {
  return unlessUnplanned(() => new Compiler(source).answer(source.operation));
}

function unlessUnplanned<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    // A condition of @skip or @include that is no boolean is for the resolvers to refuse.
    if (error instanceof Unplanned || error instanceof GraphQLError) return undefined;
    throw error;
  }
}

/** Walks an operation, and notes on the way what its statement needs beside its text. */
export class Compiler {
  private readonly scopes = new Set<string>();
  /** Tables of few rows, made into JSON once for the statement: the name of each query. */
  private readonly fewRows = new Map<string, string>();
  private readonly preparations: ((run: Run) => unknown)[] = [];
  /** What must hold for the answer to be whole. */
  private readonly requirements: Piece[][] = [];
  private aliases = 0;

  private readonly schema: GraphQLSchema;
  private readonly catalogue: EntityCatalogue;
  private readonly fragments: Record<string, FragmentDefinitionNode>;
  private readonly switches: Record<string, unknown>;

  constructor({ schema, catalogue, fragments, switches }: Source) {
    this.schema = schema;
    this.catalogue = catalogue;
    this.fragments = fragments;
    this.switches = { ...switches };
  }

  operation(operation: OperationDefinitionNode): Plan {
    const type = this.schema.getQueryType();
    if (!type) throw new Unplanned();
    const fields = collectFields(this.schema, this.fragments, this.switches, type, operation.selectionSet);
    const { pieces, finish } = this.object(type, fields, ROOT);
    const complete = separated([["true"], ...this.requirements], " and ");
    return {
      pieces: joined([this.withFewRows(), ...answerPieces(complete, pieces)]),
      scopes: this.scopes,
      preparations: this.preparations,
      finish,
    };
  }

  /** The one record that a mutation answers with, read by its id once it has been written. */
  answer(operation: OperationDefinitionNode): AnswerPlan {
    const type = this.schema.getMutationType();
    if (!type) throw new Unplanned();
    const fields = collectFields(this.schema, this.fragments, this.switches, type, operation.selectionSet);
    const [[key, nodes] = []] = fields;
    if (key === undefined || nodes === undefined || fields.size > 1) throw new Unplanned();
    const node = firstOf(nodes);
    const field = this.definition(type, node);
    const record = isNonNullType(field.type) ? field.type.ofType : undefined;
    if (!(record instanceof GraphQLObjectType) || !record.getFields()["id"]) throw new Unplanned();
    const table = this.entity(record)?.tableName;
    if (table === undefined) throw new Unplanned();
    const alias = this.alias();
    const { pieces, finish } = this.rowFields(record, nodes, { alias, parent: "", isMany: false });
    if (this.requirements.length > 0) throw new Unplanned();
    const row = objectPieces(
      ...pieces,
      ` from ${table} ${alias} where ${alias}.tenant_id = $1 and ${alias}.id = `,
      (run) => run.p.add(run.writtenId),
      "::uuid",
    );
    const select = [...row, ` as ${this.name(key)}`];
    return {
      key,
      nodes,
      field,
      plan: {
        pieces: joined([this.withFewRows(), ...answerPieces(["true"], select)]),
        scopes: this.scopes,
        preparations: this.preparations,
        finish: finish && finishObject([[key, finish]]),
      },
    };
  }

  /** The fields of an object as a select list. */
  private object(type: GraphQLObjectType, fields: Fields, place: Place): Compiled {
    if (fields.size === 0) throw new Unplanned();
    const columns: Piece[][] = [];
    const finishes: [string, Finish][] = [];
    for (const [key, nodes] of fields) {
      const { pieces, finish } = this.field(type, nodes, place);
      columns.push([...pieces, ` as ${this.name(key)}`]);
      if (finish) finishes.push([key, finish]);
    }
    return { pieces: separated(columns, ", "), finish: finishObject(finishes) };
  }

  private field(type: GraphQLObjectType, nodes: readonly FieldNode[], place: Place): Compiled {
    const node = firstOf(nodes);
    if (node.name.value === "__typename") return { pieces: [literal(type.name)] };
    const definition = this.definition(type, node);
    const { property, hasResolver } = this.permitted(type, definition);
    const plan = plannedOf(definition.extensions);
    if (plan) return this.planned(plan, definition, nodes, place, classOf(type.name));
    if (hasResolver) throw new Unplanned();
    const metadata = this.entity(type);
    const sql = metadata
      ? columnSql(metadata, property, definition.type, place.alias)
      : documentPropertySql(place.alias, property, definition.type);
    return { pieces: [sql] };
  }

  private planned(
    plan: FieldPlan,
    definition: GraphQLField<unknown, unknown>,
    nodes: readonly FieldNode[],
    place: Place,
    kind: unknown,
  ): Compiled {
    const { alias, parent } = place;
    switch (plan.kind) {
      case "expression":
        return { pieces: [plan.sql(alias, parent, kind)] };
      case "lookup": {
        const prepared = this.prepare(definition, nodes, (args) => plan.prepare(args));
        this.requirements.push([(run) => prepared(run).requires(run.p)]);
        return { pieces: [(run) => prepared(run).sql(alias, run.p)] };
      }
      case "document":
        return this.document(objectType(definition.type), nodes, plan.sql(alias, parent));
      case "computed":
        return { pieces: [plan.sql(alias, parent)], finish: this.computed(plan.compute, definition.type, nodes) };
      case "property":
        throw new Unplanned();
      case "sameRow": {
        const fields = this.object(objectType(definition.type), this.subfields(definition.type, nodes), place);
        return { pieces: objectPieces(...fields.pieces), finish: fields.finish };
      }
      case "one": {
        const shared = plan.few && place.isMany && this.shared(plan.entity, plan.few(alias), definition, nodes);
        if (shared) return { pieces: [shared] };
        const own = this.alias();
        const fields = this.rowFields(definition.type, nodes, { alias: own, parent: alias, isMany: place.isMany });
        const prepared = this.prepare(definition, nodes, (args) => plan.prepare(args));
        return {
          pieces: objectPieces(
            ...fields.pieces,
            ` from ${this.table(plan.entity)} ${own} where ${own}.tenant_id = $1 and `,
            (run) => prepared(run)(own, run.p, alias),
          ),
          finish: fields.finish,
        };
      }
      case "many": {
        const own = this.alias();
        const fields = this.rowFields(definition.type, nodes, { alias: own, parent: alias, isMany: true });
        return {
          pieces: listPieces(
            "select ",
            ...fields.pieces,
            ` from ${this.table(plan.entity)} ${own} where ${own}.tenant_id = $1 and ${plan.rest(own, alias)}`,
          ),
          finish: fields.finish && finishList(fields.finish),
        };
      }
      case "connection":
        return compileConnection(this, plan, definition, nodes, alias);
      case "numberedPage":
        return compileNumberedPage(this, plan, definition, nodes);
    }
  }

  /**
   * A row of a table of few, of which nothing but columns is asked for: the first of them are made into JSON once, whatever
   * the number of rows that share them.
   * @param id SQL for the row's id
   * @returns undefined where more than columns is asked for
   */
  private shared(
    entity: EntityClass<TenantOwned>,
    id: string,
    definition: GraphQLField<unknown, unknown>,
    nodes: readonly FieldNode[],
  ): string | undefined {
    const type = objectType(definition.type);
    const fields = this.subfields(definition.type, nodes);
    const isPlain = [...fields.values()].every((group) => {
      const name = firstOf(group).name.value;
      return name === "__typename" || fieldMetadata(type.name, name)?.hasResolver === false;
    });
    if (!isPlain) return undefined;
    const select = joined(this.object(type, fields, { alias: "f", parent: "", isMany: true }).pieces).join("");
    const rows = `from ${this.table(entity)} f where f.tenant_id = $1`;
    const query = `select f.id, ${object(select)} as json ${rows} limit ${FEW}`;
    const name = this.fewRows.get(query) ?? `few_${this.fewRows.size + 1}`;
    this.fewRows.set(query, name);
    const other = object(`${select} ${rows} and f.id = ${id}`);
    return `coalesce((select r.json from ${name} r where r.id = ${id}), ${other})`;
  }

  private withFewRows(): string {
    const queries = [...this.fewRows].map(([query, name]) => `${name} as materialized (${query})`);
    return queries.length > 0 ? `with ${queries.join(", ")} ` : "";
  }

  /** The fields of an object kept as jsonb. */
  private document(type: GraphQLObjectType, nodes: readonly FieldNode[], sql: string): Compiled {
    const fields = this.object(type, collectSubfields(this.schema, this.fragments, this.switches, type, nodes), {
      alias: sql,
      parent: sql,
      isMany: false,
    });
    return {
      pieces: [`case when ${sql} is not null then `, ...objectPieces(...fields.pieces), " end"],
      finish: fields.finish,
    };
  }

  rowFields(type: GraphQLOutputType, nodes: readonly FieldNode[], place: Place): Compiled {
    return this.object(objectType(type), this.subfields(type, nodes), place);
  }

  subfields(type: GraphQLOutputType, nodes: readonly FieldNode[]): Fields {
    return collectSubfields(this.schema, this.fragments, this.switches, objectType(type), nodes);
  }

  private entity(type: GraphQLObjectType): EntityMetadata | undefined {
    const target = classOf(type.name);
    return target && this.catalogue.hasMetadata(target as unknown as EntityClass<unknown>)
      ? this.catalogue.getMetadata(target as unknown as EntityClass<unknown>)
      : undefined;
  }

  /** What a function makes of what SQL read, and of the fields selected of it. */
  private computed(compute: Compute, type: GraphQLOutputType, nodes: readonly FieldNode[]): Finish {
    const project = this.projection(type, nodes);
    return (raw, context) => project(compute(raw, context), context);
  }

  /** Picks what is selected of a value in memory. */
  private projection(type: GraphQLOutputType, nodes: readonly FieldNode[]): Finish {
    if (isNonNullType(type)) return this.projection(type.ofType, nodes);
    if (isListType(type)) return finishList(this.projection(type.ofType, nodes));
    if (isLeafType(type)) return (value) => (value == null ? null : type.serialize(value));
    const object = objectType(type);
    const parts = [...this.subfields(type, nodes)].map(([key, group]): [string, Finish] => {
      const node = firstOf(group);
      if (node.name.value === "__typename") return [key, () => object.name];
      const definition = this.definition(object, node);
      const { property, hasResolver } = this.permitted(object, definition);
      const project = this.projection(definition.type, group);
      const plan = plannedOf(definition.extensions);
      if (plan?.kind === "property") return [key, (value, context) => project(plan.valueOf(value, context), context)];
      if (hasResolver) throw new Unplanned();
      return [key, (value, context) => project((value as Record<string, unknown>)[property], context)];
    });
    return (value, context) => {
      if (value == null) return null;
      return Object.fromEntries(parts.map(([key, part]) => [key, part(value, context)]));
    };
  }

  definition(type: GraphQLObjectType, node: FieldNode): GraphQLField<unknown, unknown> {
    const definition = type.getFields()[node.name.value];
    if (!definition) throw new Unplanned(); // introspection
    return definition;
  }

  /** Notes the scopes that a field asks for. */
  permitted(type: GraphQLObjectType, { name }: GraphQLField<unknown, unknown>): FieldMetadata {
    const metadata = fieldMetadata(type.name, name);
    if (!metadata) throw new Unplanned();
    for (const scope of metadata.scopes) this.scopes.add(scope);
    return metadata;
  }

  /** Has something made of a field's arguments in each request. @returns how to get at it */
  prepare<T>(
    definition: GraphQLField<unknown, unknown>,
    nodes: readonly FieldNode[],
    make: (args: FieldArguments, run: Run) => T | Promise<T>,
  ): (run: Run) => T {
    const index = this.preparations.length;
    const node = firstOf(nodes);
    const constant = constantArguments(definition, node);
    this.preparations.push((run) => {
      const args = constant ?? getArgumentValues(definition, node, run.variables);
      if (args["filter"] != null) run.isFiltered = true;
      return make(args, run);
    });
    return (run) => run.prepared[index] as T;
  }

  table(entity: EntityClass<TenantOwned>): string {
    return this.catalogue.getMetadata(entity).tableName;
  }

  alias(): string {
    return `t${++this.aliases}`;
  }

  name(key: string): string {
    if (key.length > MAX_NAME_LENGTH) throw new Unplanned();
    return quoted(key);
  }
}

/** Arguments that are the same in every request; undefined where variables or objects are among them, or they do not fit. */
function constantArguments(definition: GraphQLField<unknown, unknown>, node: FieldNode): FieldArguments | undefined {
  if (node.arguments?.some(({ value }) => !CONSTANTS.has(value.kind))) return undefined;
  try {
    return Object.freeze(getArgumentValues(definition, node));
  } catch {
    return undefined; // it is said when it is asked for
  }
}

const CONSTANTS: ReadonlySet<string> = new Set([Kind.INT, Kind.FLOAT, Kind.STRING, Kind.BOOLEAN, Kind.NULL, Kind.ENUM]);
