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
import { compile, type Plan } from "./compiler";
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

  /** The plan for an operation; undefined where it is for the resolvers. */
  plan(
    document: DocumentNode,
    operation: OperationDefinitionNode,
    inputs: Readonly<Record<string, unknown>>,
    credential: Credential,
  ): PlannedOperation | undefined {
    if (operation.operation !== OperationTypeNode.QUERY) return undefined;
    let plans = this.operations.get(operation);
    if (!plans)
      this.operations.set(operation, (plans = new OperationPlans(this.schema, this.catalogue, document, operation)));
    const { coerced: variables } = getVariableValues(this.schema, operation.variableDefinitions ?? [], inputs);
    const plan = variables && plans.planFor(variables);
    if (!plan || !variables) return undefined;
    for (const scope of plan.scopes) if (!includesScope(credential.scopes, scope)) return undefined;
    return new PlannedOperation(plan, variables);
  }
}

/** A plan with the variables of a request. */
export class PlannedOperation {
  constructor(
    private readonly plan: Plan,
    private readonly variables: Readonly<Record<string, unknown>>,
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

/** The plans of one operation. */
class OperationPlans {
  private readonly fragments: Record<string, FragmentDefinitionNode> = {};
  /** The variables that decide which fields there are. */
  private readonly switches: readonly string[];
  private readonly plans = new Map<string, Plan | undefined>();

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

  planFor(variables: Readonly<Record<string, unknown>>): Plan | undefined {
    const way = this.switches.map((name) => (variables[name] === true ? "1" : "0")).join("");
    if (!this.plans.has(way)) {
      if (this.plans.size >= MAX_PLANS) return undefined;
      this.plans.set(way, compile(this.schema, this.catalogue, this.operation, this.fragments, variables));
    }
    return this.plans.get(way);
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
