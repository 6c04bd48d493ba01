import { GraphQLObjectType, isListType, isNonNullType, type FieldNode, type GraphQLOutputType } from "graphql";

/** The planner does not know a field, or knows that it cannot read it: the resolvers do. */
export class Unplanned extends Error {}

/** The object type of a field, or of the entries of a list. */
export function objectType(type: GraphQLOutputType): GraphQLObjectType {
  let named = type;
  while (isNonNullType(named) || isListType(named)) named = named.ofType as GraphQLOutputType;
  if (named instanceof GraphQLObjectType) return named;
  throw new Unplanned();
}

/** The first of the places where a field is asked for: they all ask for the same. */
export function firstOf(nodes: readonly FieldNode[]): FieldNode {
  const [first] = nodes;
  if (!first) throw new Unplanned();
  return first;
}
