import { type CodeNumbers } from "../codes/code-numbers";
import { type CustomerKey } from "../customers/customer-key";
import { lockCustomer } from "../customers/customer-lock";
import { lockOwnerOf } from "../customers/lock-owner";
import { given, RecordWriter } from "../customers/record-writer";
import { Parameters } from "../tenancy/parameters";
import { type InsertRow, type TenantScope } from "../tenancy/tenant-scope";
import { searchText } from "../text/search";
import { codeKey, fold } from "../text/text";
import { validateInputOrThrow } from "../validation/validate-input";
import { Asset } from "./asset.entity";
import { type AssetInput, type AssetPatch } from "./asset.input";

const KIND = {
  entity: Asset,
  codes: { kind: "asset", table: "assets", prefix: "A-" },
  label: "asset",
  list: "assets",
} as const;

/** The rules for assets. */
export class AssetService {
  private readonly writer: RecordWriter<Asset>;

  constructor(codeNumbers: CodeNumbers) {
    this.writer = new RecordWriter<Asset>(KIND, codeNumbers, findableColumns);
  }

  /**
   * @throws NotFoundError where there is no such customer
   * @throws BadUserInputError with every problem of the input
   * @throws ConflictError where another asset has the code
   */
  async create(scope: TenantScope, customerKey: CustomerKey, input: AssetInput): Promise<Asset> {
    const customer = await lockCustomer(scope, customerKey, ["customer"]);
    validateInputOrThrow(input, ["input"]);
    return this.writer.create(scope, customer.id, input.code, {
      name: input.name,
      category: input.category ?? null,
      manufacturer: input.manufacturer ?? null,
      model: input.model ?? null,
      serialNumber: input.serialNumber ?? null,
      status: input.status,
      location: input.location ?? null,
      installedOn: input.installedOn ?? null,
      warrantyUntil: input.warrantyUntil ?? null,
    });
  }

  /**
   * @throws NotFoundError where there is no such asset, or its customer is in the trash
   * @throws BadUserInputError with every problem of the patch
   * @throws ConflictError where another asset has the code
   */
  async update(scope: TenantScope, id: string, patch: AssetPatch): Promise<Asset> {
    const { record } = await lockOwnerOf(scope, Asset, id);
    validateInputOrThrow(patch, ["input"]);
    return this.writer.update(scope, record, given(patch) as Partial<InsertRow<Asset>>);
  }

  /**
   * The work orders on it stay, on no asset.
   * @returns the id that it had
   * @throws NotFoundError where there is no such asset, or its customer is in the trash
   */
  async delete(scope: TenantScope, id: string): Promise<string> {
    const { record } = await lockOwnerOf(scope, Asset, id);
    const p = new Parameters();
    const left = await scope.query<{ id: string }>(
      `update work_orders w set asset_id = null, updated_at = now()
       where w.tenant_id = $1 and w.asset_id = ${p.add(id)}::uuid returning w.id`,
      p,
    );
    const changes = left.map((order) => ({ path: ["workOrders", order.id, "assetId"], before: id, after: null }));
    return this.writer.delete(scope, record, changes);
  }
}

/** The columns that follow from others: what the row is compared, ordered and searched by. */
function findableColumns(
  asset: Partial<Pick<Asset, "category" | "manufacturer" | "model" | "serialNumber" | "location">> &
    Partial<Pick<Asset, "name">> & { code: string },
): Pick<Asset, "codeKey" | "codeFolded" | "categoryFolded" | "searchText"> {
  const { code, name, category, manufacturer, model, serialNumber, location } = asset;
  return {
    codeKey: codeKey(code),
    codeFolded: fold(code),
    categoryFolded: category == null ? null : fold(category),
    searchText: searchText([name, code, category, manufacturer, model, serialNumber, location]),
  };
}
