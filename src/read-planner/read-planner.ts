import {
  getVariableValues,
  Kind,
  OperationTypeNode,
  visit,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from "graphql";
import { includesScope } from "../auth/scopes";
import { type Credential } from "../auth/credential";
import { type RequestContext } from "../graphql/request-context";
import { type EntityCatalogue } from "../tenancy/tenant-scope";
import { type TenantTransaction } from "../tenancy/tenant-transaction";
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
    const { plans, variables } = this.plansFor(document, operation, inputs);
    const plan = variables && plans.queryFor(variables);
    return plan && isPermitted(plan, credential) ? new PlannedOperation(plan, variables) : undefined;
  }

  /** How the answer of a mutation is read; undefined where it is for the resolvers. */
  planAnswer(...[document, operation, inputs, credential]: PlanArguments): PlannedAnswer | undefined {
    if (operation.operation !== OperationTypeNode.MUTATION) return undefined;
    const { plans, variables } = this.plansFor(document, operation, inputs);
    const answer = variables && plans.answerFor(variables);
    return answer && isPermitted(answer.plan, credential) ? new PlannedAnswer(answer, variables) : undefined;
  }

  private plansFor(document: DocumentNode, operation: OperationDefinitionNode, inputs: Values) {
    let plans = this.operations.get(operation);
    if (!plans) {
      plans = new OperationPlans(this.schema, this.catalogue, document, operation);
      this.operations.set(operation, plans);
    }
    const { coerced: variables } = getVariableValues(this.schema, operation.variableDefinitions ?? [], inputs);
    return { plans, variables };
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

/** A mutation's answer with the variables of a request. */
export class PlannedAnswer {
  private run: Run | undefined;

  constructor(
    private readonly answer: AnswerPlan,
    private readonly variables: Values,
  ) {}

  /**
   * Reads the arguments of what is to be told, before anything is written.
   * @returns what the resolvers have to execute; undefined where they have to execute the whole
   */
  prepare(context: RequestContext): DocumentNode | undefined {
    const run = new Run(this.variables, context);
    try {
      for (const prepare of this.answer.plan.preparations) {
        const prepared = prepare(run);
        if (prepared instanceof Promise) return undefined;
        run.prepared.push(prepared);
      }
    } catch {
      return undefined; // the resolvers say what is wrong
    }
    this.run = run;
    return this.answer.writing;
  }

  /**
   * Reads what is told of what was written.
   * @param isLast whether nothing comes after it in the transaction, which then ends with it
   * @returns the answer's data
   */
  async read(written: Values, transaction: TenantTransaction, isLast: boolean): Promise<unknown> {
    const { run } = this;
    if (!run) throw new Error("An answer is prepared before it is read");
    const { plan, key } = this.answer;
    run.writtenId = (written[key] as { id: string }).id;
    const text = render(plan.pieces, run);
    const values = [run.context.scope.tenantId, ...run.p.values];
    const [row] = await (isLast
      ? transaction.queryLast<{ data: string }>(text, values, true)
      : transaction.query<{ data: string }>(text, values));
    if (!row) throw new Error("A select without FROM answers with one row");
    if (isLast && !plan.finish) return new RawJson(row.data);
    const data: unknown = JSON.parse(row.data);
    return plan.finish ? plan.finish(data, run.context) : data;
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
