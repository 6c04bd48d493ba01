import { Authorized, Ctx, FieldResolver, Query, Resolver, Root } from "type-graphql";
import { type RequestContext } from "../graphql/request-context";
import { CustomerStatus } from "../taxonomy/taxonomy-term.entity";
import { TenantSettings } from "./tenant-settings.entity";

@Resolver(() => TenantSettings)
export class SettingsResolver {
  @Authorized("customers:read")
  @Query(() => TenantSettings, { description: "What this tenant asks of its customer records. Scope customers:read." })
  settings(@Ctx() { loaders }: RequestContext): Promise<TenantSettings> {
    return loaders.tenantSettings();
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: "The status, by its code, of a customer that is created without one. At first null.",
  })
  async defaultStatus(@Root() settings: TenantSettings, @Ctx() { loaders }: RequestContext): Promise<string | null> {
    if (settings.defaultStatusId === null) return null;
    return (await loaders.termById(CustomerStatus).load(settings.defaultStatusId))?.code ?? null;
  }
}
