/**
 * What every contender but Clientele shares when it creates a customer (M1): the rows, and one statement that writes them.
 * They are the rows that Clientele writes: the customer, what it is found by, its contact and account, and its history.
 * Nothing is checked but what the tables check.
 */
import { Buffer } from "node:buffer";
import { createCipheriv, createHmac, randomBytes } from "node:crypto";
import { v7 as uuidv7 } from "uuid";

/** @param setting `<key id>:<32 bytes in base64>` */
export function readEncryptionKey(setting) {
  const [id, encoded] = setting.split(":");
  return { id, key: Buffer.from(encoded, "base64") };
}

/** AES-256-GCM, bound to tenant and row, as Clientele does it. */
function seal(text, belongsTo, key) {
  const iv = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, iv).setAAD(Buffer.from(belongsTo, "utf8"));
  return Buffer.concat([iv, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
}

export const mask = (lastFour, length) => "*".repeat(length - lastFour.length) + lastFour;

/** The rows of a new customer, by table; names of properties are those of columns. */
export function newCustomerRows(tenantId, input, { credential, encryptionKey }) {
  const id = uuidv7();
  const { code, kind, name, email, phones, tags } = input;
  const customer = {
    ...{ id, code, code_key: code.toLowerCase(), code_folded: code.toLowerCase(), kind, name, name_is_derived: false },
    ...{ name_folded: name.toLowerCase(), email, email_folded: email.toLowerCase(), phones, tags, custom_values: {} },
    status_key: input.status.toLowerCase(),
    search_text: [name, code, email, ...phones.map((phone) => `${phone.slice(1)} 0${phone.slice(3)}`)]
      .join("\n")
      .toLowerCase(),
  };
  const contacts = input.contacts.map((contact) => ({
    ...{ id: uuidv7(), customer_id: id, name: contact.name, title: null, email: contact.email, phone: null },
    is_primary: contact.isPrimary,
  }));
  const accounts = input.bankAccounts.map((account) => {
    const accountId = uuidv7();
    const ciphertext = seal(account.accountNumber, `${tenantId}|${accountId}|account_number`, encryptionKey.key);
    return {
      ...{ id: accountId, customer_id: id, bank_code: account.bankCode, bank_name: account.bankName },
      account_holder_name: account.accountHolderName,
      account_number_ciphertext: `\\x${ciphertext.toString("hex")}`,
      account_number_key_id: encryptionKey.id,
      account_number_last_four: account.accountNumber.slice(-4),
      account_number_length: account.accountNumber.length,
      account_number_index: `\\x${createHmac("sha256", encryptionKey.key).update(account.accountNumber).digest("hex")}`,
    };
  });
  const change = { id: uuidv7(), customer_id: id, action: "CREATED", credential_id: credential.id };
  const fields = [
    ...told([], { code, kind, name, email, phones, tags, status: input.status }),
    ...contacts.flatMap((contact) =>
      told(["contacts", contact.id], { name: contact.name, email: contact.email, isPrimary: contact.is_primary }),
    ),
    ...accounts.flatMap((account) =>
      told(["bankAccounts", account.id], {
        ...{ bankCode: account.bank_code, bankName: account.bank_name },
        accountHolderName: account.account_holder_name,
        accountNumber: mask(account.account_number_last_four, account.account_number_length),
      }),
    ),
  ];
  return { customer, contacts, accounts, changes: [{ ...change, credential_name: credential.name, fields }] };
}

const told = (path, values) =>
  Object.entries(values).map(([name, after]) => ({ path: [...path, name], before: null, after }));

const CUSTOMER_COLUMNS = `id, code, code_key, code_folded, kind, name, name_folded, name_is_derived, email, email_folded,
  phones, tags, custom_values, search_text`;
const CONTACT_COLUMNS = "id, customer_id, name, title, email, phone, is_primary";
const ACCOUNT_COLUMNS = `id, customer_id, bank_code, bank_name, account_holder_name, account_number_ciphertext,
  account_number_key_id, account_number_last_four, account_number_length, account_number_index`;
const CHANGE_COLUMNS = "id, customer_id, action, credential_id, credential_name, fields";

const insert = (table, columns, part) => `
  insert into ${table} (tenant_id, ${columns})
  select $1, ${columns} from jsonb_populate_recordset(null::${table}, $2::jsonb -> '${part}') returning *`;

/** The inserts, as WITH clauses: `$1` is the tenant, `$2` the rows as JSON. */
export const INSERTS = `
  customer as (
    insert into customers (tenant_id, ${CUSTOMER_COLUMNS}, status_id)
    select $1, ${CUSTOMER_COLUMNS}, (
      select s.id from customer_statuses s where s.tenant_id = $1 and s.code_key = $2::jsonb -> 'customer' ->> 'status_key')
    from jsonb_populate_record(null::customers, $2::jsonb -> 'customer') returning *
  ),
  phone as (
    insert into customer_phones (tenant_id, customer_id, phone)
    select $1, c.id, p from jsonb_populate_record(null::customers, $2::jsonb -> 'customer') c, unnest(c.phones) p
  ),
  tag as (
    insert into customer_tags (tenant_id, customer_id, tag)
    select $1, c.id, lower(t) from jsonb_populate_record(null::customers, $2::jsonb -> 'customer') c, unnest(c.tags) t
  ),
  contact as (${insert("contacts", CONTACT_COLUMNS, "contacts")}),
  account as (${insert("bank_accounts", ACCOUNT_COLUMNS, "accounts")}),
  change as (${insert("customer_changes", CHANGE_COLUMNS, "changes")})`;
