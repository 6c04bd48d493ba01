import { v7 as uuidv7 } from "uuid";
import { assignCode } from "../codes/assign-codes";
import { type CodeNumbers } from "../codes/code-numbers";
import { type CustomerKey } from "../customers/customer-key";
import { lockCustomer } from "../customers/customer-lock";
import { type TenantScope } from "../tenancy/tenant-scope";
import { searchText } from "../text/search";
import { codeKey, fold } from "../text/text";
import { validateInputOrThrow } from "../validation/validate-input";
import { Asset } from "./asset.entity";
import { type AssetInput } from "./asset.input";

/** The rules for assets. */
export class AssetService {
  constructor(private readonly codeNumbers: CodeNumbers) {}

  /**
   * @throws BadUserInputError with every problem of the input
   * @throws NotFoundError where there is no such customer
   * @throws ConflictError where another asset has the code
   */
  async create(scope: TenantScope, customerKey: CustomerKey, input: AssetInput): Promise<Asset> {
    validateInputOrThrow(input, ["input"]);
    const customer = await lockCustomer(scope, customerKey, ["customer"]);
    const space = { kind: "asset", table: "assets", prefix: "A-" } as const;
    const code = await assignCode(scope, this.codeNumbers, space, input.code, "asset");
    const columns = {
      code,
      name: input.name,
      category: input.category ?? null,
      manufacturer: input.manufacturer ?? null,
      model: input.model ?? null,
      serialNumber: input.serialNumber ?? null,
      status: input.status,
      location: input.location ?? null,
      installedOn: input.installedOn ?? null,
      warrantyUntil: input.warrantyUntil ?? null,
    };
    const [asset] = await scope.insert(Asset, [
      { id: uuidv7(), customerId: customer.id, ...columns, ...findableColumns(columns) },
    ]);
    if (!asset) throw new Error("An insert answers with its row");
    return asset;
  }
}

/** The columns that follow from others: what the row is compared, ordered and searched by. */
function findableColumns(
  asset: Pick<Asset, "code" | "name" | "category" | "manufacturer" | "model" | "serialNumber" | "location">,
): Pick<Asset, "codeKey" | "codeFolded" | "categoryFolded" | "searchText"> {
  const { code, name, category, manufacturer, model, serialNumber, location } = asset;
  return {
    codeKey: codeKey(code),
    codeFolded: fold(code),
    categoryFolded: category === null ? null : fold(category),
    searchText: searchText([name, code, category, manufacturer, model, serialNumber, location]),
  };
}
