import {
  GraphQLError,
  Kind,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValidationRule,
} from "graphql";
import { QueryTooComplexError } from "../errors/domain-errors";
import { type OperationLimits } from "./operation-limits";

/** How large an operation is, each fragment counted wherever it is spread. */
export interface OperationSize {
  readonly depth: number;
  readonly aliases: number;
  readonly directives: number;
  readonly fields: number;
}

const NOTHING: OperationSize = { depth: 0, aliases: 0, directives: 0, fields: 0 };

/** In the order in which they are told: the one that says most about what to change comes first. */
const LIMITED = ["aliases", "directives", "depth", "fields"] as const;

/**
 * Refuses operations that are larger than allowed. A document that has been validated is remembered with its verdict by
 * Apollo, so this costs nothing when it comes again.
 * @param freeIntrospection whether what is within `__schema` and `__type` is left out of the count
 */
export function documentLimits(limits: OperationLimits, freeIntrospection: boolean): ValidationRule {
  return (context) => ({
    Document({ definitions }) {
      const measure = new Measure((name) => context.getFragment(name), freeIntrospection);
      for (const operation of definitions) {
        if (operation.kind !== Kind.OPERATION_DEFINITION) continue;
        const size = measure.operation(operation);
        const exceeded = LIMITED.find((name) => size[name] > limits[name]);
        if (exceeded === undefined) continue;
        const originalError = new QueryTooComplexError(exceeded, limits[exceeded], size[exceeded]);
        context.reportError(new GraphQLError(originalError.message, { nodes: operation, originalError }));
        return;
      }
    },
  });
}

/** Measures each fragment once, however often it is spread: fragments that spread each other twice double with each. */
class Measure {
  private readonly fragments = new Map<string, OperationSize>();

  constructor(
    private readonly fragment: (name: string) => FragmentDefinitionNode | null | undefined,
    private readonly freeIntrospection: boolean,
  ) {}

  operation({ selectionSet, directives = [], variableDefinitions = [] }: OperationDefinitionNode): OperationSize {
    const size = this.selections(selectionSet);
    const onVariables = variableDefinitions.reduce((sum, variable) => sum + (variable.directives?.length ?? 0), 0);
    return { ...size, directives: size.directives + directives.length + onVariables };
  }

  private selections({ selections }: SelectionSetNode): OperationSize {
    let { depth, aliases, directives, fields } = NOTHING;
    for (const selection of selections) {
      directives += selection.directives?.length ?? 0;
      let within = NOTHING;
      if (selection.kind === Kind.FIELD) {
        fields += 1;
        if (selection.alias) aliases += 1;
        const { value: name } = selection.name;
        const isFree = this.freeIntrospection && (name === "__schema" || name === "__type");
        if (selection.selectionSet && !isFree) within = this.selections(selection.selectionSet);
        depth = Math.max(depth, within.depth + 1);
      } else {
        within =
          selection.kind === Kind.INLINE_FRAGMENT
            ? this.selections(selection.selectionSet)
            : this.spread(selection.name.value);
        depth = Math.max(depth, within.depth);
      }
      aliases += within.aliases;
      directives += within.directives;
      fields += within.fields;
    }
    return { depth, aliases, directives, fields };
  }

  private spread(name: string): OperationSize {
    const known = this.fragments.get(name);
    if (known) return known;
    const fragment = this.fragment(name);
    if (!fragment) return NOTHING;
    this.fragments.set(name, NOTHING); // of one that spreads itself; another rule refuses it
    const size = this.selections(fragment.selectionSet);
    const own = fragment.directives?.length ?? 0;
    const whole = { ...size, directives: size.directives + own };
    this.fragments.set(name, whole);
    return whole;
  }
}
