import { jsonPgSmartTags } from "postgraphile/utils";

/** Relations are called as Clientele calls them, from either side. */
const relation = (field, foreignField) => ({
  tags: {
    fieldName: field,
    ...(foreignField && { foreignFieldName: `${foreignField}Connection`, foreignSimpleFieldName: foreignField }),
  },
});

export const names = jsonPgSmartTags({
  version: 1,
  config: {
    class: {
      customers: {
        constraint: {
          customers_status_fk: relation("status"),
          customers_type_fk: relation("type"),
          customers_group_fk: relation("group"),
          customers_branch_fk: relation("branch"),
        },
      },
      contacts: {
        constraint: { contacts_customer_fk: relation("customer", "contacts") },
        attribute: { is_primary: { tags: { behavior: "+attribute:orderBy" } } },
      },
      bank_accounts: { constraint: { bank_accounts_customer_fk: relation("customer", "bankAccounts") } },
      assets: { constraint: { assets_customer_fk: relation("customer", "assets") } },
      work_orders: {
        constraint: {
          work_orders_customer_fk: relation("customer", "workOrders"),
          work_orders_asset_fk: relation("asset", "workOrders"),
        },
      },
    },
  },
});
