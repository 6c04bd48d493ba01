import { Arg, Authorized, Ctx, Mutation, Resolver } from "type-graphql";
import { CustomerKey } from "../customers/customer-key";
import { createRecordResolvers } from "../customers/customer-record.resolver";
import { type RequestContext } from "../graphql/request-context";
import { createConnectionType } from "../pagination/connection";
import { Asset } from "./asset.entity";
import { AssetFilter, AssetInput } from "./asset.input";
import { assetList } from "./asset.list";
import { type AssetService } from "./asset.service";

export const AssetConnection = createConnectionType(Asset);

export const assetFields = createRecordResolvers({
  entity: Asset,
  connection: AssetConnection,
  filter: AssetFilter,
  list: assetList,
  one: "asset",
  many: "assets",
  label: "assets, by code",
});

@Resolver(() => Asset)
export class AssetMutations {
  constructor(private readonly assets: AssetService) {}

  @Authorized("work:write")
  @Mutation(() => Asset, {
    description:
      "Records an asset of a customer. NOT_FOUND where there is no such customer; CONFLICT where the code is taken. Scope work:write.",
  })
  createAsset(
    @Arg("customer", () => CustomerKey, { description: "Whose it is." }) customer: CustomerKey,
    @Arg("input", () => AssetInput, { description: "The asset." }) input: AssetInput,
    @Ctx() context: RequestContext,
  ): Promise<Asset> {
    return context.write((scope) => this.assets.create(scope, customer, input));
  }
}
