import { type ApolloServerPlugin, type GraphQLRequestContext } from "@apollo/server";
import { execute, GraphQLError, OperationTypeNode, type ExecutionResult, type GraphQLFormattedError } from "graphql";
import { type TenantDatabase } from "../tenancy/tenant-database";
import { type TenantScope } from "../tenancy/tenant-scope";
import { type TenantTransaction } from "../tenancy/tenant-transaction";
import { toErrorResponse, type UnexpectedErrorListener } from "./error-response";
import { type HttpContext } from "./http-context";
import { RequestContext } from "./request-context";
import { checkVariables } from "./variable-problems";

/** A mutation whose answer has no data takes back all that it did. */
class RolledBack extends Error {
  constructor(readonly result: ExecutionResult) {
    super("The mutation failed");
  }
}

/**
 * Executes operations, each in one transaction: a query in one state of the database, a mutation with its whole answer, all
 * or nothing, once more where it collided with another. The transaction has ended before the answer is sent.
 */
export function createOperationPlugin(
  database: TenantDatabase,
  onUnexpected: UnexpectedErrorListener,
): ApolloServerPlugin<HttpContext> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        async responseForOperation(request) {
          const result = await run(request, database);
          const { requestId } = request.contextValue;
          const errors = result.errors?.map((error) => toErrorResponse(error, requestId, onUnexpected));
          const status = statusOf(errors, result.data === undefined);
          return {
            http: { ...request.response.http, ...(status !== undefined && { status }) },
            body: {
              kind: "single",
              singleResult: {
                ...(errors && { errors }),
                ...(result.data !== undefined && { data: result.data }),
              },
            },
          };
        },
      }),
  };
}

async function run(request: GraphQLRequestContext<HttpContext>, database: TenantDatabase): Promise<ExecutionResult> {
  const { schema, document, operation, contextValue, request: body } = request;
  if (!document || !operation) throw new Error("An operation is executed after it was resolved");
  const { credential } = contextValue;
  try {
    checkVariables(schema, document, operation, body.variables ?? {});
  } catch (error) {
    return { errors: [asGraphQLError(error)] };
  }

  const isMutation = operation.operation === OperationTypeNode.MUTATION;
  const work = async (scope: TenantScope, transaction: TenantTransaction): Promise<ExecutionResult> => {
    const context = new RequestContext(credential, scope);
    const result = await execute({
      schema,
      document,
      contextValue: context,
      variableValues: body.variables ?? {},
      operationName: body.operationName,
    });
    if (transaction.failed) throw transaction.failed;
    if (isMutation && result.data == null) throw new RolledBack(result);
    await context.undoValidated();
    return result;
  };
  try {
    return await (isMutation
      ? database.write(credential.tenant.id, work, credential)
      : database.read(credential.tenant.id, work, credential));
  } catch (error) {
    if (error instanceof RolledBack) return error.result;
    return { data: null, errors: [asGraphQLError(error)] };
  }
}

function asGraphQLError(error: unknown): GraphQLError {
  const originalError = error instanceof Error ? error : new Error(String(error));
  return new GraphQLError(originalError.message, { originalError });
}

/** 503 where the database kept it from an answer, 400 where nothing was executed, else what Apollo says: 200. */
function statusOf(errors: readonly GraphQLFormattedError[] | undefined, isUnexecuted: boolean): number | undefined {
  const unavailable = errors?.some(({ extensions }) =>
    ["TIMEOUT", "SERVICE_UNAVAILABLE"].includes(String(extensions?.["code"])),
  );
  if (unavailable) return 503;
  return isUnexecuted ? 400 : undefined;
}
