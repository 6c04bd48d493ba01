import { ofCustomer } from "../customers/of-customer";
import { BadUserInputError } from "../errors/domain-errors";
import { checkFilter } from "../pagination/check-filter";
import { allOf, oneOf } from "../pagination/conditions";
import { type Condition, type List } from "../pagination/list";
import { Order } from "../pagination/order";
import { searchPatterns } from "../text/search";
import { fold } from "../text/text";
import { Asset } from "./asset.entity";
import { type AssetFilter } from "./asset.input";

const MAX_SEARCH_LENGTH = 200;

/** Assets are listed by code. */
const BY_CODE = new Order("assets", [
  { name: "CODE", column: "code_folded", property: "codeFolded", type: "text", descending: false },
]);

/** The assets that a filter means. @throws BadUserInputError for a filter that does not fit */
export function assetList(filter: AssetFilter | null | undefined, ...others: Condition[]): List<Asset> {
  return { entity: Asset, order: BY_CODE, condition: allOf([...filterConditions(filter), ...others]) };
}

function filterConditions(filter: AssetFilter | null | undefined): Condition[] {
  if (!filter) return [];
  checkFilter(filter, ["filter"]);
  const conditions: Condition[] = [];
  if (filter.customer) conditions.push(ofCustomer(filter.customer, ["filter", "customer"]));
  if (filter.status) conditions.push(oneOf("status", filter.status));
  if (filter.category !== undefined) conditions.push(oneOf("category_folded", [fold(filter.category)]));
  if (filter.search !== undefined) {
    if (filter.search.length > MAX_SEARCH_LENGTH) {
      throw BadUserInputError.at(["filter", "search"], "TOO_LONG", { max: MAX_SEARCH_LENGTH });
    }
    const patterns = searchPatterns(filter.search);
    if (patterns.length > 0) {
      conditions.push((alias, p) => `${alias}.id in (select find_assets($1, ${p.add(patterns)}::text[]))`);
    }
  }
  return conditions;
}
