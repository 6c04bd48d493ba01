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
  ID,
} from "type-graphql";
import { type RequestContext } from "../graphql/request-context";
import { expression, many as planMany, Planned } from "../read-planner/planned";
import { customerCountSql } from "./customer-counts";
import { type TaxonomyService } from "./taxonomy.service";
import { TaxonomyTermInput, TaxonomyTermPatch } from "./taxonomy-term.input";
import { TaxonomyTerm, termKind, type TaxonomyTermClass } from "./taxonomy-term.entity";

/** The number of customers of a term, whichever kind it is. */
@Resolver(() => TaxonomyTerm)
export class TaxonomyTermResolver {
  @Authorized("customers:read")
  @Planned(expression((term, _parent, kind) => customerCountSql(term, termKind(kind).column)))
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
    @Planned(planMany(kind, (term) => `true order by ${term}.code_key`))
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

    @Authorized("taxonomy:write")
    @Mutation(() => kind, {
      name: `update${kind.name}`,
      description: `Changes a ${label}: what is left out stays, null clears. NOT_FOUND where there is none. Scope taxonomy:write.`,
    })
    update(
      @Arg("code", () => String, { description: "Its code, without regard to case." }) code: string,
      @Arg("input", () => TaxonomyTermPatch, { description: "What to change." }) input: TaxonomyTermPatch,
      @Ctx() context: RequestContext,
    ): Promise<T> {
      return context.write((scope) => this.taxonomy.update(scope, kind, code, input));
    }

    @Authorized("taxonomy:write")
    @Mutation(() => kind, {
      name: `change${kind.name}Code`,
      description: `Gives a ${label} another code; customers keep carrying it. NOT_FOUND where there is none; CONFLICT where the new code is taken. Scope taxonomy:write.`,
    })
    changeCode(
      @Arg("from", () => String, { description: "Its present code, without regard to case." }) from: string,
      @Arg("to", () => String, { description: "Its new code, at most 64 characters." }) to: string,
      @Ctx() context: RequestContext,
    ): Promise<T> {
      return context.write((scope) => this.taxonomy.changeCode(scope, kind, from, to));
    }

    @Authorized("taxonomy:write")
    @Mutation(() => ID, {
      name: `delete${kind.name}`,
      description: `Deletes a ${label}, and answers with its id. CONFLICT while customers carry it, unless reassignTo names the code of another. Customers in the trash do not hold it: theirs is cleared. Scope taxonomy:write.`,
    })
    delete(
      @Arg("code", () => String, { description: "Its code, without regard to case." }) code: string,
      @Arg("reassignTo", () => String, {
        nullable: true,
        description: `The code of the ${label} that customers carry instead.`,
      })
      reassignTo: string | null,
      @Ctx() context: RequestContext,
    ): Promise<string> {
      return context.write((scope) => this.taxonomy.delete(scope, kind, code, reassignTo));
    }
  }
  return KindResolver;
}
