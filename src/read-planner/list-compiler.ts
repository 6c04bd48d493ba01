import { type FieldNode, type GraphQLField } from "graphql";
import { type List } from "../pagination/list";
import { toSlice, type Slice } from "../pagination/slice";
import { type TenantOwned } from "../tenancy/tenant-owned.entity";
import { type Compiled, type Compiler } from "./compiler";
import {
  connectionSql,
  countSql,
  type ConnectionFields,
  type ConnectionSource,
  type PageInfoField,
} from "./connection-sql";
import { finishList, finishObject, type Finish } from "./finish";
import { list, literal, object, objectPieces } from "./json-sql";
import { type FieldArguments, type FieldPlan } from "./planned";
import { render, separated, type Piece, type Run } from "./statement";
import { firstOf, objectType, Unplanned } from "./unplanned";

/** A Relay connection: its fields, and those of its edges and pageInfo, are the same for every type. */
export function compileConnection(
  compiler: Compiler,
  plan: Extract<FieldPlan, { kind: "connection" }>,
  definition: GraphQLField<unknown, unknown>,
  nodes: readonly FieldNode[],
  parent: string,
): Compiled {
  const type = objectType(definition.type);
  const alias = compiler.alias();
  const rows: ConnectionFields["rows"][number][] = [];
  const counts: string[] = [];
  const pageInfos: ConnectionFields["pageInfos"][number][] = [];
  const order: ConnectionFields["order"][number][] = [];
  const finishes: [string, Finish][] = [];
  for (const [key, group] of compiler.subfields(definition.type, nodes)) {
    const name = firstOf(group).name.value;
    compiler.name(key);
    if (name === "__typename") {
      order.push({ key, constant: literal(type.name) });
      continue;
    }
    order.push({ key });
    const field = compiler.definition(type, firstOf(group));
    compiler.permitted(type, field);
    if (name === "totalCount") counts.push(key);
    else if (name === "pageInfo") pageInfos.push({ key, fields: pageInfo(compiler, field, group) });
    else if (name === "nodes" || name === "edges") {
      const { select, finish } =
        name === "nodes"
          ? nodeFields(compiler, field, group, alias, parent)
          : edgeFields(compiler, field, group, alias, parent);
      rows.push({ key, select });
      if (finish) finishes.push([key, finishList(finish)]);
    } else throw new Unplanned();
  }
  if (order.length === 0) throw new Unplanned();
  const fields: ConnectionFields = { rows, counts, pageInfos, order };
  const table = compiler.table(plan.entity);
  const ofParent = plan.parentColumn === undefined ? "" : `${alias}.${plan.parentColumn} = ${parent}.id and `;
  const prepared = compiler.prepare(definition, nodes, (args, run) => withSlice(plan.list(args, run.context), args));
  const source = (run: Run): ConnectionSource => ({ table, alias, ofParent, ...prepared(run) });
  return {
    pieces: [(run) => connectionSql(source(run), fields, run)],
    finish: finishObject(finishes),
  };
}

function nodeFields(
  compiler: Compiler,
  field: GraphQLField<unknown, unknown>,
  nodes: readonly FieldNode[],
  alias: string,
  parent: string,
) {
  const { pieces, finish } = compiler.rowFields(field.type, nodes, { alias, parent, isMany: true });
  return { select: (run: Run): string => render(pieces, run), finish };
}

function edgeFields(
  compiler: Compiler,
  field: GraphQLField<unknown, unknown>,
  nodes: readonly FieldNode[],
  alias: string,
  parent: string,
) {
  const type = objectType(field.type);
  const finishes: [string, Finish][] = [];
  const columns: ((run: Run, cursor: () => string) => string)[] = [];
  for (const [key, group] of compiler.subfields(field.type, nodes)) {
    const name = firstOf(group).name.value;
    const as = ` as ${compiler.name(key)}`;
    if (name === "__typename") columns.push(() => literal(type.name) + as);
    else if (name === "cursor") columns.push((_run, cursor) => cursor() + as);
    else if (name === "node") {
      const { pieces, finish } = compiler.rowFields(compiler.definition(type, firstOf(group)).type, group, {
        alias,
        parent,
        isMany: true,
      });
      columns.push((run) => object(render(pieces, run)) + as);
      if (finish) finishes.push([key, finish]);
    } else throw new Unplanned();
  }
  if (columns.length === 0) throw new Unplanned();
  return {
    select: (run: Run, cursor: () => string): string => columns.map((column) => column(run, cursor)).join(", "),
    finish: finishObject(finishes),
  };
}

function pageInfo(
  compiler: Compiler,
  field: GraphQLField<unknown, unknown>,
  nodes: readonly FieldNode[],
): PageInfoField[] {
  const type = objectType(field.type);
  const fields = [...compiler.subfields(field.type, nodes)].map(([key, group]): PageInfoField => {
    compiler.name(key);
    const name = firstOf(group).name.value;
    switch (name) {
      case "__typename":
        return { key, field: { constant: literal(type.name) } };
      case "hasNextPage":
      case "hasPreviousPage":
      case "startCursor":
      case "endCursor":
        return { key, field: name };
      default:
        throw new Unplanned();
    }
  });
  if (fields.length === 0) throw new Unplanned();
  return fields;
}

/** A numbered page. */
export function compileNumberedPage(
  compiler: Compiler,
  plan: Extract<FieldPlan, { kind: "numberedPage" }>,
  definition: GraphQLField<unknown, unknown>,
  nodes: readonly FieldNode[],
): Compiled {
  const type = objectType(definition.type);
  const alias = compiler.alias();
  const table = compiler.table(plan.entity);
  const prepared = compiler.prepare(definition, nodes, (args, run) => plan.page(args, run.context));
  const finishes: [string, Finish][] = [];
  let isCounted = false;
  const column = (name: string, group: readonly FieldNode[]): Compiled => {
    switch (name) {
      case "__typename":
        return { pieces: [literal(type.name)] };
      case "page":
        return { pieces: [(run) => String(prepared(run).page)] };
      case "perPage":
        return { pieces: [(run) => String(prepared(run).perPage)] };
      case "totalCount":
        isCounted = true;
        return { pieces: ["counted.n"] };
      case "totalPages":
        isCounted = true;
        return { pieces: [(run) => `ceil(counted.n::float8 / ${prepared(run).perPage})::int`] };
      case "items": {
        const { pieces, finish } = compiler.rowFields(compiler.definition(type, firstOf(group)).type, group, {
          alias,
          parent: "",
          isMany: true,
        });
        const rows = (run: Run): string => {
          const { list, page, perPage } = prepared(run);
          const select = render(pieces, run);
          const where = `${alias}.tenant_id = $1 and ${list.condition(alias, run.p)}`;
          return `select ${select} from ${table} ${alias} where ${where} order by ${list.order.sql(alias)} limit ${perPage} offset ${(page - 1) * perPage}`;
        };
        return {
          pieces: [(run) => list(rows(run))],
          finish: finish && finishList(finish),
        };
      }
      default:
        throw new Unplanned();
    }
  };
  const columns: Piece[][] = [];
  for (const [key, group] of compiler.subfields(definition.type, nodes)) {
    const name = firstOf(group).name.value;
    if (name !== "__typename") compiler.permitted(type, compiler.definition(type, firstOf(group)));
    const { pieces, finish } = column(name, group);
    columns.push([...pieces, ` as ${compiler.name(key)}`]);
    if (finish) finishes.push([key, finish]);
  }
  if (columns.length === 0) throw new Unplanned();
  const counted = (run: Run): string =>
    ` from (select ${countSql({ table, alias, ofParent: "", list: prepared(run).list }, run)} as n) counted`;
  return {
    pieces: objectPieces(...separated(columns, ", "), isCounted ? counted : ""),
    finish: finishObject(finishes),
  };
}

const withSlice = (
  list: List<TenantOwned> | Promise<List<TenantOwned>>,
  args: FieldArguments,
): { list: List<TenantOwned>; slice: Slice } | Promise<{ list: List<TenantOwned>; slice: Slice }> => {
  if (list instanceof Promise) return list.then((known) => ({ list: known, slice: toSlice(args, known.order) }));
  return { list, slice: toSlice(args, list.order) };
};
