import {
  getArgumentValues,
  getVariableValues,
  Kind,
  locatedError,
  OperationTypeNode,
  visit,
  type DocumentNode,
  type ExecutionResult,
  type FragmentDefinitionNode,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from "graphql";
import { includesScope } from "../auth/scopes";
import { type Credential } from "../auth/credential";
import { type RequestContext } from "../graphql/request-context";
import { type EntityCatalogue } from "../tenancy/tenant-scope";
import { type Sending } from "../tenancy/statements";
import { type Ending, type TenantTransaction } from "../tenancy/tenant-transaction";
import { compile, compileAnswer, type AnswerPlan, type Plan, type Source } from "./compiler";
import { RawJson } from "./raw-json";
import { render, Run } from "./statement";

/** Plans of one operation, at most: one for each way that its @skip and @include can go. */
const MAX_PLANS = 16;

/**
 * The fast path of reads: turns a whole query operation into one statement whose value is the finished JSON. What it does not
 * know, what the credential may not do and whatever goes wrong on the way to the statement is left to the resolvers, whole:
 * they are the definition, and they say what is wrong.
 */
export class ReadPlanner {
  private readonly operations = new WeakMap<OperationDefinitionNode, OperationPlans>();

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly catalogue: EntityCatalogue,
  ) {}

  /** How a query is read; undefined where it is for the resolvers. */
  plan(...[document, operation, inputs, credential]: PlanArguments): PlannedOperation | undefined {
    if (operation.operation !== OperationTypeNode.QUERY) return undefined;
    const { coerced: variables } = getVariableValues(this.schema, operation.variableDefinitions ?? [], inputs);
    const plan = variables && this.plansFor(document, operation).queryFor(variables);
    return plan && isPermitted(plan, credential) ? new PlannedOperation(plan, variables) : undefined;
  }

  /** How a mutation writes and its answer is read, by coerced variables; undefined where it is for the resolvers. */
  planMutation(...[document, operation, variables, credential]: PlanArguments): PlannedMutation | undefined {
    if (operation.operation !== OperationTypeNode.MUTATION) return undefined;
    const answer = this.plansFor(document, operation).answerFor(variables);
    return answer && isPermitted(answer.plan, credential)
      ? new PlannedMutation(this.schema, operation, answer, variables)
      : undefined;
  }

  private plansFor(document: DocumentNode, operation: OperationDefinitionNode): OperationPlans {
    let plans = this.operations.get(operation);
    if (!plans) {
      plans = new OperationPlans(this.schema, this.catalogue, document, operation);
      this.operations.set(operation, plans);
    }
    return plans;
  }
}

type Values = Readonly<Record<string, unknown>>;
type PlanArguments = [
  document: DocumentNode,
  operation: OperationDefinitionNode,
  inputs: Values,
  credential: Credential,
];

function isPermitted({ scopes }: Plan, credential: Credential): boolean {
  for (const scope of scopes) if (!includesScope(credential.scopes, scope)) return false;
  return true;
}

/** A plan with the variables of a request. */
export class PlannedOperation {
  constructor(
    private readonly plan: Plan,
    private readonly variables: Values,
  ) {}

  /**
   * Runs as the last statement of a transaction.
   * @returns the answer's data; undefined where the resolvers have to answer
   */
  async run(context: RequestContext, transaction: TenantTransaction): Promise<unknown> {
    const { plan } = this;
    const run = new Run(this.variables, context);
    let text: string;
    try {
      for (const prepare of plan.preparations) {
        const prepared = prepare(run);
        run.prepared.push(prepared instanceof Promise ? await prepared : prepared);
      }
      text = render(plan.pieces, run);
    } catch (error) {
      if (transaction.failed) throw error;
      return undefined;
    }
    if (!text.includes("$1")) return undefined; // it reads nothing
    const values = [context.scope.tenantId, ...run.p.values];
    const [row] = await transaction.queryLast<{ data: string; complete: boolean }>(text, values, !run.isFiltered);
    if (!row?.complete) return undefined;
    return plan.finish ? plan.finish(JSON.parse(row.data), context) : new RawJson(row.data);
  }
}

/** A mutation of one field with the variables of a request. */
export class PlannedMutation {
  constructor(
    private readonly schema: GraphQLSchema,
    private readonly operation: OperationDefinitionNode,
    private readonly answer: AnswerPlan,
    private readonly variables: Values,
  ) {}

  /**
   * Writes, and reads what is told of what was written.
   * @param mayEnd whether nothing comes after it in the transaction, which then ends with it
   * @returns the answer; undefined where the resolvers have to execute the mutation: nothing was written
   */
  async run(
    context: RequestContext,
    transaction: TenantTransaction,
    mayEnd: boolean,
  ): Promise<ExecutionResult | undefined> {
    const run = this.prepare(context);
    if (!run) return undefined;
    let ending: Ending | undefined;
    if (mayEnd) {
      context.lastWrite = (id) => ({
        query: (text, values = []) =>
          transaction.writeLast(text, values, (ending = { statement: this.reading(run, id) })),
      });
    }
    try {
      const { id } = await this.write(context);
      const isLast = mayEnd && !context.isValidating;
      ending ??= { statement: this.reading(run, id) };
      const { text, values = [] } = ending.statement;
      ending.rows ??= await (isLast ? transaction.queryLast(text, values, true) : transaction.query(text, values));
    } catch (error) {
      // What has been committed is told, whatever fails after it.
      if (!ending?.rows) return { data: null, errors: [locatedError(error, this.answer.nodes, [this.answer.key])] };
    }
    return { data: this.dataOf(ending.rows, context, mayEnd) };
  }

  /** Reads the arguments of what is to be told, before anything is written. */
  private prepare(context: RequestContext): Run | undefined {
    const run = new Run(this.variables, context);
    try {
      for (const prepare of this.answer.plan.preparations) {
        const prepared = prepare(run);
        run.prepared.push(prepared);
        if (!(prepared instanceof Promise)) continue;
        prepared.catch(() => undefined); // nobody waits for it
        return undefined;
      }
    } catch {
      return undefined; // the resolvers say what is wrong
    }
    return run;
  }

  private async write(context: RequestContext): Promise<{ readonly id: string }> {
    const { field, nodes, key } = this.answer;
    const [node] = nodes;
    const { schema, operation, variables } = this;
    const parentType = schema.getMutationType();
    if (!node || !parentType || !field.resolve) throw new Error("A mutation has a resolver");
    const info: GraphQLResolveInfo = {
      fieldName: field.name,
      fieldNodes: nodes,
      returnType: field.type,
      parentType,
      path: { prev: undefined, key, typename: parentType.name },
      schema,
      fragments: {},
      rootValue: undefined,
      operation,
      variableValues: variables,
    };
    return (await field.resolve(undefined, getArgumentValues(field, node, variables), context, info)) as { id: string };
  }

  private reading(run: Run, id: string): Sending {
    run.writtenId = id;
    const text = render(this.answer.plan.pieces, run);
    return { text, values: [run.context.scope.tenantId, ...run.p.values] };
  }

  /** @param isSent whether nothing is done with it but to send it */
  private dataOf(rows: readonly object[], context: RequestContext, isSent: boolean): Record<string, unknown> {
    const [row] = rows as readonly { readonly data: string }[];
    if (!row) throw new Error("A select without FROM answers with one row");
    const { finish } = this.answer.plan;
    if (isSent && !finish) return new RawJson(row.data) as unknown as Record<string, unknown>;
    const data: unknown = JSON.parse(row.data);
    return (finish ? finish(data, context) : data) as Record<string, unknown>;
  }
}

/** The plans of one operation. */
class OperationPlans {
  private readonly fragments: Record<string, FragmentDefinitionNode> = {};
  /** The variables that decide which fields there are. */
  private readonly switches: readonly string[];
  private readonly queries = new Map<string, Plan | undefined>();
  private readonly answers = new Map<string, AnswerPlan | undefined>();

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly catalogue: EntityCatalogue,
    document: DocumentNode,
    private readonly operation: OperationDefinitionNode,
  ) {
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) this.fragments[definition.name.value] = definition;
    }
    this.switches = switchesOf(document);
  }

  queryFor(variables: Values): Plan | undefined {
    return this.known(this.queries, variables, compile);
  }

  answerFor(variables: Values): AnswerPlan | undefined {
    return this.known(this.answers, variables, compileAnswer);
  }

  private known<T>(plans: Map<string, T>, variables: Values, make: (source: Source) => T): T | undefined {
    if (this.switches.some((name) => typeof variables[name] !== "boolean")) return undefined;
    const way = this.switches.map((name) => (variables[name] === true ? "1" : "0")).join("");
    if (!plans.has(way)) {
      if (plans.size >= MAX_PLANS) return undefined;
      const { schema, catalogue, operation, fragments } = this;
      plans.set(way, make({ schema, catalogue, operation, fragments, switches: variables }));
    }
    return plans.get(way);
  }
}

function switchesOf(document: DocumentNode): string[] {
  const names = new Set<string>();
  visit(document, {
    Directive({ arguments: args = [] }) {
      for (const { value } of args) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names];
}
