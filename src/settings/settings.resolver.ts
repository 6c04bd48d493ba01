import { Arg, Authorized, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from "type-graphql";
import { type RequestContext } from "../graphql/request-context";
import { CustomerStatus } from "../taxonomy/taxonomy-term.entity";
import { type SettingsService } from "./settings.service";
import { TenantSettings } from "./tenant-settings.entity";
import { TenantSettingsPatch } from "./tenant-settings.input";

@Resolver(() => TenantSettings)
export class SettingsResolver {
  constructor(private readonly settingsService: SettingsService) {}

  @Authorized("customers:read")
  @Query(() => TenantSettings, { description: "What this tenant asks of its customer records. Scope customers:read." })
  settings(@Ctx() { loaders }: RequestContext): Promise<TenantSettings> {
    return loaders.tenantSettings();
  }

  @Authorized("settings:write")
  @Mutation(() => TenantSettings, {
    description:
      "Changes the tenant's settings. Customers that are there are not checked again until they are written. Scope settings:write.",
  })
  updateSettings(
    @Arg("input", () => TenantSettingsPatch, { description: "What to change." }) input: TenantSettingsPatch,
    @Ctx() context: RequestContext,
  ): Promise<TenantSettings> {
    return context.write((scope) => this.settingsService.update(scope, input));
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
