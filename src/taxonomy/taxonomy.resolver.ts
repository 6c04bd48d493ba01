import {
  Arg,
  Authorized,
  Ctx,
  FieldResolver,
  Int,
  Mutation,
  Query,
  Resolver,
  Root,
  type ClassType,
} from "type-graphql";
import { type RequestContext } from "../graphql/request-context";
import { type TaxonomyService } from "./taxonomy.service";
import { TaxonomyTermInput } from "./taxonomy-term.input";
import { TaxonomyTerm, type TaxonomyTermClass } from "./taxonomy-term.entity";

/** The number of customers of a term, whichever kind it is. */
@Resolver(() => TaxonomyTerm)
export class TaxonomyTermResolver {
  @Authorized("customers:read")
  @FieldResolver(() => Int, {
    description: "How many customers, not in the trash, carry it. Counted only when asked for. Scope customers:read.",
  })
  async customerCount(@Root() term: TaxonomyTerm, @Ctx() { loaders }: RequestContext): Promise<number> {
    return loaders.customerCountByTermId(term.constructor).load(term.id);
  }
}

/**
 * The fields over one kind of term.
 * @param many the field that lists them: customerStatuses
 * @param label what one is called: "customer status"
 */
export function createTaxonomyResolver<T extends TaxonomyTerm>(
  kind: ClassType<T> & TaxonomyTermClass<T>,
  many: string,
  label: string,
): new (taxonomy: TaxonomyService) => object {
  @Resolver(() => kind)
  class KindResolver {
    constructor(private readonly taxonomy: TaxonomyService) {}

    @Authorized("customers:read")
    @Query(() => [kind], {
      name: many,
      description: `Every ${label} of the tenant, ordered by code. Scope customers:read.`,
    })
    list(@Ctx() { scope }: RequestContext): Promise<T[]> {
      return scope.select(kind, "t", "where t.tenant_id = $1 order by t.code_key");
    }

    @Authorized("taxonomy:write")
    @Mutation(() => kind, {
      name: `create${kind.name}`,
      description: `Makes a ${label}. CONFLICT where the code is taken. Scope taxonomy:write.`,
    })
    create(
      @Arg("input", () => TaxonomyTermInput, { description: `The ${label}.` }) input: TaxonomyTermInput,
      @Ctx() context: RequestContext,
    ): Promise<T> {
      return context.write((scope) => this.taxonomy.create(scope, kind, input));
    }
  }
  return KindResolver;
}
