/** What is read of each table: the columns that the schema shows, and the keys that lead further. */
export const CUSTOMER = [
  ...["id", "code", "kind", "name", "email", "phones", "tax_id as taxId", "tags", "version", "address"],
  ...["created_at as createdAt", "updated_at as updatedAt"],
  ...["status_id as statusId", "type_id as typeId", "group_id as groupId", "branch_id as branchId"],
];
export const CONTACT = [
  "id",
  "customer_id as customerId",
  "name",
  "title",
  "email",
  "phone",
  "is_primary as isPrimary",
];
export const BANK_ACCOUNT = [
  ...["id", "customer_id as customerId", "bank_code as bankCode", "bank_name as bankName"],
  "account_holder_name as accountHolderName",
  ...["account_number_last_four as lastFour", "account_number_length as length"],
];
export const ASSET = [
  ...["id", "customer_id as customerId", "code", "name", "category", "manufacturer", "model"],
  ...["serial_number as serialNumber", "status", "location"],
];
export const WORK_ORDER = [
  ...["id", "customer_id as customerId", "asset_id as assetId", "code", "title", "description", "status", "priority"],
  ...["scheduled_at as scheduledAt", "created_at as createdAt"],
];
