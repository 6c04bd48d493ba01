import { graphql, type GraphQLError, GraphQLObjectType, type GraphQLScalarType, GraphQLSchema } from "graphql";

/**
 * Sends a value through a field `echo(value)` that answers with it: parsed, then serialized, by graphql-js itself.
 * @param sent a literal as it stands in the document, which may use `$part` (of the same type), or a variable
 */
export async function echo(
  type: GraphQLScalarType,
  sent: { literal: string; part?: unknown } | { variable: unknown },
): Promise<{ value?: unknown; errors?: readonly GraphQLError[] }> {
  const schema = new GraphQLSchema({
    query: new GraphQLObjectType({
      name: "Query",
      fields: { echo: { type, args: { value: { type } }, resolve: (_, { value }: { value?: unknown }) => value } },
    }),
  });
  const isLiteral = "literal" in sent;
  const name = isLiteral ? "part" : "value";
  const uses = !isLiteral || sent.literal.includes("$part");
  const { data, errors } = await graphql({
    schema,
    source: `query ${uses ? `($${name}: ${type.name})` : ""} { echo(value: ${isLiteral ? sent.literal : "$value"}) }`,
    variableValues: isLiteral ? ("part" in sent ? { part: sent.part } : {}) : { value: sent.variable },
  });
  return errors ? { errors } : { value: data?.["echo"] };
}
