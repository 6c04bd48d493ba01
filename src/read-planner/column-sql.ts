import {
  getNullableType,
  GraphQLEnumType,
  isLeafType,
  isListType,
  type GraphQLLeafType,
  type GraphQLOutputType,
} from "graphql";
import { type EntityMetadata } from "typeorm";
import { instant, literal } from "./json-sql";
import { Unplanned } from "./unplanned";

/** Scalars whose JSON is text as it is stored. */
const TEXT_SCALARS: ReadonlySet<string> = new Set(["String", "ID", "CountryCode"]);
/** Scalars that row_to_json writes as they are answered. */
const PLAIN_SCALARS: ReadonlySet<string> = new Set([...TEXT_SCALARS, "Boolean", "Int", "Date", "JSON"]);

/** A column of an entity, in the form that its scalar answers. */
export function columnSql(metadata: EntityMetadata, property: string, type: GraphQLOutputType, alias: string): string {
  const { leaf, isList } = leafOf(type);
  const column = metadata.columns.find(({ propertyName }) => propertyName === property);
  if (!column || column.isArray !== isList) throw new Unplanned();
  return jsonForm(leaf, `${alias}.${column.databaseName}`, isList);
}

/** A property of an object kept as jsonb: text as JSON has it. */
export function documentPropertySql(document: string, property: string, type: GraphQLOutputType): string {
  const { leaf, isList } = leafOf(type);
  if (isList || !TEXT_SCALARS.has(leaf.name)) throw new Unplanned();
  return `${document} ->> ${literal(property)}`;
}

function leafOf(type: GraphQLOutputType): { leaf: GraphQLLeafType; isList: boolean } {
  const nullable = getNullableType(type);
  const isList = isListType(nullable);
  const leaf = isList ? getNullableType(nullable.ofType) : nullable;
  if (!isLeafType(leaf)) throw new Unplanned();
  return { leaf, isList };
}

/** A column in the form in which row_to_json writes what the scalar answers. */
function jsonForm(type: GraphQLLeafType, sql: string, isArray: boolean): string {
  if (type instanceof GraphQLEnumType && type.getValues().every(({ name, value }) => name === value)) return sql;
  if (PLAIN_SCALARS.has(type.name)) return sql;
  if (type.name === "DateTime" && !isArray) return instant(sql);
  if (type.name === "Decimal" && !isArray) return `${sql}::text`;
  throw new Unplanned();
}
