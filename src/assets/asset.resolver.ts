import { Arg, Authorized, Ctx, ID, Mutation, Resolver } from "type-graphql";
import { CustomerKey } from "../customers/customer-key";
import { createRecordResolvers } from "../customers/customer-record.resolver";
import { type RequestContext } from "../graphql/request-context";
import { createConnectionType } from "../pagination/connection";
import { Asset } from "./asset.entity";
import { AssetFilter, AssetInput, AssetPatch } from "./asset.input";
import { assetList, tenantAssetList } from "./asset.list";
import { type AssetService } from "./asset.service";

export const AssetConnection = createConnectionType(Asset);

export const assetFields = createRecordResolvers({
  entity: Asset,
  connection: AssetConnection,
  filter: AssetFilter,
  list: assetList,
  tenantList: tenantAssetList,
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

  @Authorized("work:write")
  @Mutation(() => Asset, {
    description:
      "Changes an asset: what is left out stays, null clears. NOT_FOUND where there is none; CONFLICT where the code is taken. Scope work:write.",
  })
  updateAsset(
    @Arg("id", () => ID, { description: "Its id." }) id: string,
    @Arg("input", () => AssetPatch, { description: "What to change." }) input: AssetPatch,
    @Ctx() context: RequestContext,
  ): Promise<Asset> {
    return context.write((scope) => this.assets.update(scope, id, input));
  }

  @Authorized("work:write")
  @Mutation(() => ID, {
    description:
      "Deletes an asset for good, and answers with its id. The work orders on it stay, on no asset. NOT_FOUND where there is none. Scope work:write.",
  })
  deleteAsset(
    @Arg("id", () => ID, { description: "Its id." }) id: string,
    @Ctx() context: RequestContext,
  ): Promise<string> {
    return context.write((scope) => this.assets.delete(scope, id));
  }
}
