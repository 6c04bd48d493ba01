import { type ApolloServerPlugin, type GraphQLRequestContext } from "@apollo/server";
import { execute, GraphQLError, OperationTypeNode, type ExecutionResult, type FormattedExecutionResult } from "graphql";
import { recordReveals, type RevealedAccount } from "../bank-accounts/account-number-reveals";
import { asError } from "../errors/as-error";
import { retriableRequest, type IdempotencyKeys, type RetriableRequest } from "../idempotency/idempotency-keys";
import { type PlannedOperation, type ReadPlanner } from "../read-planner/read-planner";
import { type TenantDatabase } from "../tenancy/tenant-database";
import { type TenantScope } from "../tenancy/tenant-scope";
import { type TenantTransaction } from "../tenancy/tenant-transaction";
import { toErrorResponse, type ErrorAudience, type UnexpectedErrorListener } from "./error-response";
import { type HttpContext } from "./http-context";
import { RequestContext } from "./request-context";
import { coerceVariables } from "./variable-problems";

/** A mutation whose answer has no data takes back all that it did. */
class RolledBack extends Error {
  constructor(readonly result: ExecutionResult) {
    super("The mutation failed");
  }
}

/** What operations are executed with. */
export interface OperationOptions {
  readonly database: TenantDatabase;
  readonly idempotencyKeys: IdempotencyKeys;
  /** The fast path of queries; without it the resolvers answer all of them. */
  readonly readPlanner: ReadPlanner | undefined;
  readonly onUnexpected: UnexpectedErrorListener;
}

/** What is told of an operation. */
type Answer = FormattedExecutionResult;

/** An answer, and the accounts whose whole numbers it holds. */
interface Executed {
  readonly answer: Answer;
  readonly revealed: readonly RevealedAccount[];
}

/**
 * Executes operations, each in one transaction: a query in one state of the database, a mutation with its whole answer, all
 * or nothing, once more where it collided with another. The transaction has ended before the answer is sent.
 */
export function createOperationPlugin(options: OperationOptions): ApolloServerPlugin<HttpContext> {
  const runner = new OperationRunner(options);
  return {
    requestDidStart: () =>
      Promise.resolve({
        async responseForOperation(request) {
          const singleResult = await runner.answerTo(request);
          const status = statusOf(singleResult);
          return {
            http: { ...request.response.http, ...(status !== undefined && { status }) },
            body: { kind: "single", singleResult },
          };
        },
      }),
  };
}

class OperationRunner {
  private readonly database: TenantDatabase;
  private readonly idempotencyKeys: IdempotencyKeys;
  private readonly readPlanner: ReadPlanner | undefined;
  private readonly onUnexpected: UnexpectedErrorListener;

  constructor(options: OperationOptions) {
    this.database = options.database;
    this.idempotencyKeys = options.idempotencyKeys;
    this.readPlanner = options.readPlanner;
    this.onUnexpected = options.onUnexpected;
  }

  /** Never fails: Apollo would log what does with a part of the document. */
  async answerTo(request: GraphQLRequestContext<HttpContext>): Promise<Answer> {
    try {
      return await this.run(request);
    } catch (error) {
      return { data: null, ...this.refusal(error, request.contextValue) };
    }
  }

  private async run(request: GraphQLRequestContext<HttpContext>): Promise<Answer> {
    const { schema, document, operation, contextValue, request: body } = request;
    if (!document || !operation) throw new Error("An operation is executed after it was resolved");
    const { credential, idempotencyKey, record } = contextValue;
    const planned = this.readPlanner?.plan(document, operation, body.variables ?? {}, credential);
    if (planned) {
      const answer = await this.runPlanned(planned, contextValue);
      record.isPlanned = answer !== undefined;
      if (answer) return answer;
    }
    const isMutation = operation.operation === OperationTypeNode.MUTATION;
    if (!isMutation) record.isPlanned = false;
    let retriable: RetriableRequest | undefined;
    let variables: Readonly<Record<string, unknown>>;
    try {
      variables = coerceVariables(schema, document, operation, body.variables ?? {});
      if (isMutation && idempotencyKey !== undefined) {
        retriable = retriableRequest(idempotencyKey, [body.query, body.operationName, body.variables]);
      }
    } catch (error) {
      return this.refusal(error, contextValue);
    }

    const work = async (scope: TenantScope, transaction: TenantTransaction): Promise<Executed> => {
      const earlier = retriable && (await this.idempotencyKeys.claim(scope, retriable));
      if (earlier !== undefined) {
        const repeated = JSON.parse(earlier) as Executed;
        await recordReveals(scope, repeated.revealed, contextValue.requestId);
        return repeated;
      }
      const context = new RequestContext(credential, scope, contextValue.language);
      const planned = this.readPlanner?.planMutation(document, operation, variables, credential);
      const result =
        (await planned?.run(context, transaction, !retriable)) ??
        (await execute({
          schema,
          document,
          contextValue: context,
          variableValues: body.variables ?? {},
          operationName: body.operationName,
        }));
      if (transaction.failed) throw transaction.failed;
      if (isMutation && result.data == null) throw new RolledBack(result);
      await context.undoValidated();
      const revealed = [...context.revealed].map(({ id, customerId }) => ({ id, customerId }));
      const executed = { answer: this.answer(result, contextValue), revealed };
      if (isMutation) await recordReveals(scope, revealed, contextValue.requestId);
      if (retriable) await this.idempotencyKeys.store(scope, retriable, JSON.stringify(executed));
      return executed;
    };
    try {
      const { id } = credential.tenant;
      if (isMutation) return (await this.database.write(id, work, credential)).answer;
      const { answer, revealed } = await this.database.read(id, work, credential);
      // A query reads in a transaction that cannot write: the record has its own, before the answer is sent.
      const record = (scope: TenantScope): Promise<void> => recordReveals(scope, revealed, contextValue.requestId);
      if (revealed.length > 0) await this.database.write(id, record, credential);
      return answer;
    } catch (error) {
      if (error instanceof RolledBack) return this.answer(error.result, contextValue);
      return { data: null, ...this.refusal(error, contextValue) };
    }
  }

  /** The answer of one statement; undefined where the resolvers have to give it. */
  private async runPlanned(planned: PlannedOperation, http: HttpContext): Promise<Answer | undefined> {
    const { credential, language } = http;
    const work = (scope: TenantScope, transaction: TenantTransaction): Promise<unknown> =>
      planned.run(new RequestContext(credential, scope, language), transaction);
    try {
      const data = await this.database.read(credential.tenant.id, work, credential);
      return data === undefined ? undefined : { data: data as Record<string, unknown> };
    } catch (error) {
      return { data: null, ...this.refusal(error, http) };
    }
  }

  private answer({ data, errors }: ExecutionResult, audience: ErrorAudience): Answer {
    return {
      ...(errors && { errors: errors.map((error) => toErrorResponse(error, audience, this.onUnexpected)) }),
      ...(data !== undefined && { data }),
    };
  }

  /** The answer to what was not executed, or not to the end. */
  private refusal(thrown: unknown, audience: ErrorAudience): Answer {
    const originalError = asError(thrown);
    return this.answer({ errors: [new GraphQLError(originalError.message, { originalError })] }, audience);
  }
}

/** 503 where the database kept it from an answer, 400 where nothing was executed, else what Apollo says: 200. */
function statusOf({ data, errors }: Answer): number | undefined {
  const isUnavailable = errors?.some(({ extensions }) =>
    ["TIMEOUT", "SERVICE_UNAVAILABLE"].includes(String(extensions?.["code"])),
  );
  if (isUnavailable) return 503;
  return data === undefined ? 400 : undefined;
}
