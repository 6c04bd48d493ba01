import { GraphQLError, type ValueNode } from "graphql";

/**
 * The refusal of a value that a client sent for a scalar. The message says what would be right and never repeats the
 * value, which may be personal or as long as the request.
 *
 * A value that cannot be serialized is no client's fault: that is a TypeError, which leaves as an internal error.
 * @param literal where the value stood in the document; not for variables
 */
export function scalarError(message: string, literal?: ValueNode): GraphQLError {
  return new GraphQLError(message, { nodes: literal ?? null, extensions: { code: "BAD_USER_INPUT" } });
}
