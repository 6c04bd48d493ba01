import {
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from "graphql";
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from "../pagination/slice";

export type Variables = Readonly<Record<string, unknown>>;

/** A number, or how it follows from the variables: what depends on none is worked out once. */
type Cost = number | ((variables: Variables) => number);

/** Arguments that say how many entries a page has. */
const PAGE_ARGUMENTS = ["first", "last", "perPage"];

/** Entries of a plain list that says nothing of its size with `@Extensions({ size })`. */
const ASSUMED_LIST_SIZE = 10;

/** A page that an operation asks for, and what its size is called. */
interface Page {
  readonly field: FieldNode;
  /** `customers(first: …)` without the number and what follows. */
  readonly label: string;
  readonly size: Cost;
}

/** Other sizes for pages than those asked for, to find out what would fit. */
type OtherSizes = ReadonlyMap<FieldNode, number>;

/**
 * How many objects an operation's answer may hold: pages have as many entries as they are asked for, a list that answers a list of
 * inputs has one for each, other lists what their field declares. Made once for an operation, and then asked with the
 * variables of each request.
 */
export class ObjectEstimate {
  private readonly cost: Cost;

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly document: DocumentNode,
    private readonly operation: OperationDefinitionNode,
  ) {
    this.cost = new Counter(schema, document, operation).count();
  }

  of(variables: Variables): number {
    return valueOf(this.cost, variables);
  }

  /**
   * A page size with which the operation would hold no more objects than allowed: of the first page for which there is one, the
   * outermost first, else of all pages alike.
   * @returns for example `customers(first: 40)`
   */
  fitting(variables: Variables, allowed: number): string | undefined {
    const pages = this.pages();
    const fits = (sizes: OtherSizes): boolean =>
      valueOf(new Counter(this.schema, this.document, this.operation, sizes).count(), variables) <= allowed;
    for (const { field, label, size } of pages.slice(0, MAX_SUGGESTIONS)) {
      const fitting = largest(valueOf(size, variables) - 1, (candidate) => fits(new Map([[field, candidate]])));
      if (fitting > 0) return `${label}: ${fitting})`;
    }
    const all = (candidate: number): OtherSizes =>
      new Map(pages.map(({ field, size }) => [field, Math.min(candidate, valueOf(size, variables))]));
    const fitting = largest(MAX_PAGE_SIZE - 1, (candidate) => fits(all(candidate)));
    return fitting > 0 ? pages.map(({ label }) => `${label}: ${fitting})`).join(", ") : undefined;
  }

  private pages(): Page[] {
    const pages = new Map<FieldNode, Page>();
    new Counter(this.schema, this.document, this.operation, new Map(), (page) => pages.set(page.field, page)).count();
    return [...pages.values()];
  }
}

/** Pages that are looked at by themselves; each costs some counts of the whole operation. */
const MAX_SUGGESTIONS = 10;

/** The largest whole number up to a bound that fits, where all below one that fits do too; 0 where none does. */
function largest(bound: number, fits: (candidate: number) => boolean): number {
  let [fitting, tooMany] = [0, bound + 1];
  while (tooMany - fitting > 1) {
    const middle = Math.floor((fitting + tooMany) / 2);
    if (fits(middle)) fitting = middle;
    else tooMany = middle;
  }
  return fitting;
}

/** Walks through an operation as it is written: what is selected twice counts twice. */
class Counter {
  private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  private readonly defaults: ReadonlyMap<string, ValueNode>;

  constructor(
    private readonly schema: GraphQLSchema,
    document: DocumentNode,
    private readonly operation: OperationDefinitionNode,
    private readonly otherSizes: OtherSizes = new Map(),
    private readonly onPage: (page: Page) => void = () => undefined,
  ) {
    this.fragments = new Map(
      document.definitions
        .filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
        .map((fragment) => [fragment.name.value, fragment]),
    );
    this.defaults = new Map(
      (operation.variableDefinitions ?? []).flatMap(({ variable, defaultValue }) =>
        defaultValue ? [[variable.name.value, defaultValue] as const] : [],
      ),
    );
  }

  count(): Cost {
    const root = this.schema.getRootType(this.operation.operation);
    return root ? this.selections(this.operation.selectionSet, root.name, undefined) : 0;
  }

  /** @param page how many entries the lists have that stand directly in it */
  private selections({ selections }: SelectionSetNode, typeName: string, page: Cost | undefined): Cost {
    return selections
      .map((selection) => {
        const { directives = [] } = selection;
        if (selection.kind === Kind.FIELD) return times(this.taken(directives), this.field(selection, typeName, page));
        if (selection.kind === Kind.INLINE_FRAGMENT) {
          const within = this.selections(selection.selectionSet, selection.typeCondition?.name.value ?? typeName, page);
          return times(this.taken(directives), within);
        }
        const fragment = this.fragments.get(selection.name.value);
        if (!fragment) return 0;
        const within = this.selections(fragment.selectionSet, fragment.typeCondition.name.value, page);
        return times(this.taken(directives), within);
      })
      .reduce(plus, 0);
  }

  private field(node: FieldNode, typeName: string, page: Cost | undefined): Cost {
    const owner = this.schema.getType(typeName);
    const field = isObjectType(owner) || isInterfaceType(owner) ? owner.getFields()[node.name.value] : undefined;
    const type = field && getNamedType(field.type);
    if (!field || !isCompositeType(type) || !node.selectionSet) return 0;
    const within = this.selections(node.selectionSet, type.name, this.pageSize(node, field));
    const size = isListType(getNullableType(field.type)) ? (page ?? this.listSize(node, field)) : 1;
    return times(size, plus(1, within));
  }

  /** How many entries a field asks for where it has pages. A size out of bounds is refused when it is executed. */
  private pageSize(node: FieldNode, field: GraphQLField<unknown, unknown>): Cost | undefined {
    const sizes = field.args.filter(({ name }) => PAGE_ARGUMENTS.includes(name));
    if (sizes.length === 0) return undefined;
    const other = this.otherSizes.get(node);
    if (other !== undefined) return other;
    const byDefault = sizes.map(({ defaultValue }) => defaultValue).find((size) => typeof size === "number");
    const given = sizes.map(({ name }) => this.argument(node, name));
    const size = withVariables(given, (values) => {
      const asked = values.find((value) => typeof value === "number") ?? byDefault ?? DEFAULT_PAGE_SIZE;
      return Math.min(Math.max(Math.trunc(asked), 0), MAX_PAGE_SIZE);
    });
    const named = sizes.findIndex(({ name }) => node.arguments?.some((argument) => argument.name.value === name));
    this.onPage({ field: node, label: `${nameOf(node)}(${sizes[Math.max(named, 0)]?.name}`, size });
    return size;
  }

  private listSize(node: FieldNode, field: GraphQLField<unknown, unknown>): Cost {
    const inputs = field.args.find(({ type }) => isListType(getNullableType(type)));
    if (inputs) {
      return withVariables([this.argument(node, inputs.name)], ([value]) => (Array.isArray(value) ? value.length : 1));
    }
    const declared = field.extensions["size"];
    return typeof declared === "number" ? declared : ASSUMED_LIST_SIZE;
  }

  /** 0 or 1: whether `@skip` and `@include` let a selection be. */
  private taken(directives: readonly DirectiveNode[]): Cost {
    return directives
      .filter(({ name }) => name.value === "skip" || name.value === "include")
      .map(({ name, arguments: given = [] }) => {
        const condition = given.find((argument) => argument.name.value === "if");
        const isSkip = name.value === "skip";
        return withVariables([this.value(condition?.value)], ([value]) => (value === isSkip ? 0 : 1));
      })
      .reduce(times, 1);
  }

  private argument(node: FieldNode, name: string): Given {
    return this.value(node.arguments?.find((argument) => argument.name.value === name)?.value);
  }

  private value(node: ValueNode | undefined): Given {
    if (node?.kind !== Kind.VARIABLE) return { literal: literal(node) };
    const name = node.name.value;
    return { variable: name, literal: literal(this.defaults.get(name)) };
  }
}

/** An argument's value: a literal, or a variable and what it is when it is not sent. */
interface Given {
  readonly variable?: string;
  readonly literal: unknown;
}

/** As far as sizes and conditions need it; undefined for others. */
function literal(node: ValueNode | undefined): unknown {
  if (node?.kind === Kind.INT) return Number(node.value);
  if (node?.kind === Kind.BOOLEAN) return node.value;
  return node?.kind === Kind.LIST ? node.values : undefined;
}

function withVariables(given: readonly Given[], work: (values: readonly unknown[]) => number): Cost {
  if (given.every(({ variable }) => variable === undefined)) return work(given.map((value) => value.literal));
  return (variables) =>
    work(
      given.map(({ variable, literal: byDefault }) => {
        const sent = variable === undefined ? undefined : variables[variable];
        return sent === undefined ? byDefault : sent;
      }),
    );
}

const valueOf = (cost: Cost, variables: Variables): number => (typeof cost === "number" ? cost : cost(variables));

function plus(a: Cost, b: Cost): Cost {
  if (typeof a === "number" && typeof b === "number") return a + b;
  if (a === 0) return b;
  if (b === 0) return a;
  return (variables) => valueOf(a, variables) + valueOf(b, variables);
}

function times(a: Cost, b: Cost): Cost {
  if (typeof a === "number" && typeof b === "number") return a * b;
  if (a === 0 || b === 0) return 0;
  if (a === 1) return b;
  if (b === 1) return a;
  return (variables) => valueOf(a, variables) * valueOf(b, variables);
}

const nameOf = ({ alias, name }: FieldNode): string => (alias ?? name).value;
