import { type GraphQLSchema } from "graphql";
import { buildSchemaSync, type AuthCheckerFn } from "type-graphql";
import { includesScope } from "../auth/scopes";
import { ForbiddenError } from "../errors/domain-errors";
import { type RequestContext } from "./request-context";

/** Checks the scope that a field asks for. Who asks was proven before the operation began. */
const checkScopes: AuthCheckerFn<RequestContext> = ({ context }, scopes) => {
  const missing = scopes.find((scope) => !includesScope(context.credential.scopes, scope));
  if (missing !== undefined) throw new ForbiddenError(missing);
  return true;
};

/** The executable schema over resolver instances; each is found by its class. */
export function createSchema(resolvers: readonly object[]): GraphQLSchema {
  const byClass = new Map<unknown, object>(resolvers.map((resolver) => [resolver.constructor, resolver]));
  return buildSchemaSync({
    resolvers: [...byClass.keys()] as [() => void, ...(() => void)[]],
    container: { get: (resolverClass) => byClass.get(resolverClass) },
    authChecker: checkScopes,
    // The services check inputs, whoever calls them: see validation/validate-input.ts.
    validate: false,
  });
}
