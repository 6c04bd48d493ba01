import { addPgTableCondition } from "postgraphile/utils";

/**
 * `condition: { createdAfter }`: customers created after a moment. A page that begins there is found in the index, one that
 * begins after PostGraphile's own cursor is not: that compares column by column, with OR.
 */
export const createdAfter = addPgTableCondition(
  { schemaName: "public", tableName: "customers" },
  "createdAfter",
  (build) => ({ type: build.getTypeByName("Datetime") }),
  (value, { sql, sqlTableAlias, sqlValueWithCodec, build }) =>
    sql`${sqlTableAlias}.created_at > ${sqlValueWithCodec(value, build.dataplanPg.TYPES.timestamptz)}`,
);
