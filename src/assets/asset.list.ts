import { ofCustomer } from "../customers/of-customer";
import { BadUserInputError } from "../errors/domain-errors";
import { checkFilter } from "../pagination/check-filter";
import { allOf, oneOf } from "../pagination/conditions";
import { type Condition, type List } from "../pagination/list";
import { containing, contains } from "../pagination/look-up";
import { Order } from "../pagination/order";
import { type TenantScope } from "../tenancy/tenant-scope";
import { searchWords } from "../text/search";
import { fold } from "../text/text";
import { Asset } from "./asset.entity";
import { type AssetFilter } from "./asset.input";

const MAX_SEARCH_LENGTH = 200;

/** Assets are listed by code. */
const BY_CODE = new Order("assets", [
  { name: "CODE", column: "code_folded", property: "codeFolded", type: "text", descending: false },
]);

/** The assets that a filter means, of one customer: few to look through. @throws BadUserInputError for a filter that does not fit */
export function assetList(filter: AssetFilter | null | undefined, ...others: Condition[]): List<Asset> {
  const conditions = filterConditions(filter);
  conditions.push(...wordsOf(filter).map((word) => contains("search_text", word)));
  return { entity: Asset, order: BY_CODE, condition: allOf([...conditions, ...others]) };
}

/** The assets that a filter means, of all of the tenant's. @throws BadUserInputError for a filter that does not fit */
export async function tenantAssetList(
  scope: TenantScope,
  filter: AssetFilter | null | undefined,
  ...others: Condition[]
): Promise<List<Asset>> {
  const conditions = filterConditions(filter);
  const words = wordsOf(filter);
  if (words.length > 0) conditions.push(await containing(scope, "find_assets", words));
  return { entity: Asset, order: BY_CODE, condition: allOf([...conditions, ...others]) };
}

function filterConditions(filter: AssetFilter | null | undefined): Condition[] {
  if (!filter) return [];
  checkFilter(filter, ["filter"]);
  const conditions: Condition[] = [];
  if (filter.customer) conditions.push(ofCustomer(filter.customer, ["filter", "customer"]));
  if (filter.status) conditions.push(oneOf("status", filter.status));
  if (filter.category !== undefined) conditions.push(oneOf("category_folded", [fold(filter.category)]));
  return conditions;
}

function wordsOf(filter: AssetFilter | null | undefined): string[] {
  if (filter?.search == null) return [];
  if (filter.search.length > MAX_SEARCH_LENGTH) {
    throw BadUserInputError.at(["filter", "search"], "TOO_LONG", { max: MAX_SEARCH_LENGTH });
  }
  return searchWords(filter.search);
}
