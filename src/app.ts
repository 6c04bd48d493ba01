import "reflect-metadata";
import { type GraphQLSchema } from "graphql";
import { type DataSource } from "typeorm";
import { AddressResolver, CustomerAddressesResolver } from "./addresses/address.resolver";
import { Asset } from "./assets/asset.entity";
import { assetFields, AssetMutations } from "./assets/asset.resolver";
import { AssetService } from "./assets/asset.service";
import { ApiKey } from "./auth/api-key.entity";
import { ApiKeyService } from "./auth/api-key.service";
import { Authenticator } from "./auth/authenticator";
import { JwtChecker, type JwtOptions } from "./auth/jwt-checker";
import { SIGNATURE_WINDOW_SECONDS, SignatureChecker } from "./auth/signature-checker";
import { SigningClient } from "./auth/signing-client.entity";
import { SIGNING_SECRETS, SigningClientService } from "./auth/signing-client.service";
import { UsedSignatures } from "./auth/used-signatures";
import { ViewerResolver } from "./auth/viewer.resolver";
import { AccountNumberCipher, accountNumberColumn } from "./bank-accounts/account-number-cipher";
import { ACCOUNT_NUMBER_INDEX_KEYS, AccountNumberIndex } from "./bank-accounts/account-number-index";
import { AccountNumberReveal } from "./bank-accounts/account-number-reveals";
import { BankAccount } from "./bank-accounts/bank-account.entity";
import { BankAccountResolver, CustomerBankAccountsResolver } from "./bank-accounts/bank-account.resolver";
import { Cipher, type Keyring } from "./encryption/cipher";
import { KeyRotation } from "./encryption/key-rotation";
import { IdempotencyKeys, STORED_ANSWERS } from "./idempotency/idempotency-keys";
import { CodeNumbers } from "./codes/code-numbers";
import { Contact } from "./contacts/contact.entity";
import { ContactResolver, CustomerContactsResolver } from "./contacts/contact.resolver";
import { Contract } from "./contracts/contract.entity";
import { contractFields, ContractMutations } from "./contracts/contract.resolver";
import { ContractService } from "./contracts/contract.service";
import { CustomerCustomFieldsResolver, CustomerFieldResolver } from "./custom-fields/custom-field.resolver";
import { CustomerField } from "./custom-fields/customer-field.entity";
import { CustomerFieldService } from "./custom-fields/customer-field.service";
import { CustomerCreationService } from "./customers/customer-creation.service";
import { Customer, CustomerPreviousCode } from "./customers/customer.entity";
import { CustomerCodeService } from "./customers/customer-code.service";
import { CustomerMergeService } from "./customers/customer-merge.service";
import { CustomerMutations, type CustomerServices } from "./customers/customer-mutations.resolver";
import { CustomerTrashService } from "./customers/customer-trash.service";
import { CustomerUpdateService } from "./customers/customer-update.service";
import { CustomerResolver } from "./customers/customer.resolver";
import { BankAccountService } from "./bank-accounts/bank-account.service";
import { ContactService } from "./contacts/contact.service";
import { CustomerChange } from "./history/customer-change.entity";
import { CustomerHistoryResolver } from "./history/customer-change.resolver";
import { SettingsService } from "./settings/settings.service";
import { ConnectionTrust } from "./database/connection-trust";
import { createDataSource, poolState, type PoolState } from "./database/data-source";
import { createSchema } from "./graphql/schema";
import { Invoice } from "./invoices/invoice.entity";
import { invoiceFields, InvoiceMutations } from "./invoices/invoice.resolver";
import { InvoiceService } from "./invoices/invoice.service";
import { ReadPlanner } from "./read-planner/read-planner";
import { SettingsResolver } from "./settings/settings.resolver";
import { TenantSettings } from "./settings/tenant-settings.entity";
import { Branch, CustomerGroup, CustomerStatus, CustomerType, TERM_KINDS } from "./taxonomy/taxonomy-term.entity";
import { createTaxonomyResolver, TaxonomyTermResolver } from "./taxonomy/taxonomy.resolver";
import { TaxonomyService } from "./taxonomy/taxonomy.service";
import { DEFAULT_PREPARED_STATEMENTS } from "./tenancy/statements";
import { TenantDatabase } from "./tenancy/tenant-database";
import { type StatementListener, type TimeLimits } from "./tenancy/tenant-transaction";
import { Tenant } from "./tenancy/tenant.entity";
import { WorkOrder } from "./work-orders/work-order.entity";
import { AssetWorkOrdersResolver, workOrderFields, WorkOrderResolver } from "./work-orders/work-order.resolver";
import { WorkOrderService } from "./work-orders/work-order.service";

/** Every class that TypeORM maps to a table. */
const ENTITIES = [
  Tenant,
  TenantSettings,
  ApiKey,
  SigningClient,
  CustomerStatus,
  CustomerType,
  CustomerGroup,
  Branch,
  CustomerField,
  Customer,
  CustomerPreviousCode,
  Contact,
  BankAccount,
  Asset,
  WorkOrder,
  Contract,
  Invoice,
  CustomerChange,
  AccountNumberReveal,
];

export interface AppOptions {
  readonly databaseUrl: string;
  readonly keyring: Keyring;
  readonly poolSize: number;
  readonly poolTimeoutMs: number;
  readonly limits: TimeLimits;
  /** How many statements each connection keeps, parsed and planned. */
  readonly maxPreparedStatements?: number;
  /** Whether the read planner answers what it can. */
  readonly isReadPlannerOn?: boolean;
  /** How far the time of a signed request may be from now, if not 5 minutes; the same for every server of a database. */
  readonly signatureWindowSeconds?: number;
  /** Undefined: no JSON Web Tokens are accepted. */
  readonly jwt?: JwtOptions;
  readonly onIdleError?: (error: Error) => void;
  readonly onStatement?: StatementListener;
  /** Called with what each failed transaction failed of. */
  readonly onFailure?: (error: unknown) => void;
}

/** The use cases, for GraphQL, the command line and imports alike. */
export interface Services {
  readonly apiKeys: ApiKeyService;
  readonly signingClients: SigningClientService;
  readonly customers: CustomerServices;
  readonly contacts: ContactService;
  readonly bankAccounts: BankAccountService;
  readonly settings: SettingsService;
  readonly taxonomy: TaxonomyService;
  readonly customerFields: CustomerFieldService;
  readonly assets: AssetService;
  readonly workOrders: WorkOrderService;
  readonly contracts: ContractService;
  readonly invoices: InvoiceService;
}

/** Everything that runs, made once and by hand. */
export interface App {
  readonly database: TenantDatabase;
  readonly services: Services;
  readonly authenticator: Authenticator;
  readonly idempotencyKeys: IdempotencyKeys;
  readonly keys: KeyRotation;
  readonly schema: GraphQLSchema;
  /** The fast path of reads; undefined where it is turned off. */
  readonly readPlanner: ReadPlanner | undefined;
  /** Whether the database answers and has been migrated. */
  isReady(): Promise<boolean>;
  /** The connections to the database, by pool. */
  pools(): readonly PoolState[];
  close(): Promise<void>;
}

/** Connects to the database, which must have been migrated, and wires services and schema. */
export async function createApp(options: AppOptions): Promise<App> {
  const { app, dataSources } = wire(options);
  for (const dataSource of dataSources) await dataSource.initialize();
  return app;
}

/** The schema without a database behind it, to be printed. */
export function createSchemaAlone(): GraphQLSchema {
  const limits = { statementTimeoutMs: 0, lockTimeoutMs: 0, idleTimeoutMs: 0 };
  const keyring = [{ id: "none", key: Buffer.alloc(32) }] as const;
  return wire({ databaseUrl: "postgres://nowhere", keyring, poolSize: 1, poolTimeoutMs: 1, limits }).app.schema;
}

function wire(options: AppOptions): { app: App; dataSources: DataSource[] } {
  const pool = (poolSize: number): DataSource =>
    createDataSource({
      url: options.databaseUrl,
      entities: ENTITIES,
      poolSize,
      poolTimeoutMs: options.poolTimeoutMs,
      ...(options.onIdleError && { onIdleError: options.onIdleError }),
    });
  const requests = pool(options.poolSize);
  const codeNumbers = pool(1);
  const { maxPreparedStatements = DEFAULT_PREPARED_STATEMENTS, isReadPlannerOn = true } = options;
  const trust = new ConnectionTrust();
  const { onStatement, onFailure, limits } = options;
  const database = new TenantDatabase(requests, limits, onStatement, maxPreparedStatements, trust, onFailure);
  const cipher = new Cipher(options.keyring);
  const beside = new TenantDatabase(codeNumbers, limits, undefined, 0, trust, onFailure);
  const accountNumberIndex = new AccountNumberIndex(beside, cipher);
  const accountNumbers = new AccountNumberCipher(cipher, accountNumberIndex);
  const numbers = new CodeNumbers(beside);
  /** Everything that is kept sealed. */
  const sealedColumns = [
    accountNumberColumn(accountNumberIndex),
    ACCOUNT_NUMBER_INDEX_KEYS,
    STORED_ANSWERS,
    ...SIGNING_SECRETS,
  ];
  const services = createServices(database, numbers, cipher, accountNumbers);
  const schema = createSchema(createResolvers(services, accountNumbers, accountNumberIndex));
  const app: App = {
    database,
    services,
    authenticator: createAuthenticator(options, database, services),
    idempotencyKeys: new IdempotencyKeys(cipher),
    schema,
    readPlanner: isReadPlannerOn ? new ReadPlanner(schema, requests) : undefined,
    keys: new KeyRotation(database, cipher, sealedColumns),
    isReady: () => database.isReady(),
    pools: () => [poolState("requests", requests), poolState("codes", codeNumbers)],
    close: async () => {
      await requests.destroy();
      await codeNumbers.destroy();
    },
  };
  return { app, dataSources: [requests, codeNumbers] };
}

function createAuthenticator(options: AppOptions, database: TenantDatabase, services: Services): Authenticator {
  const { signatureWindowSeconds = SIGNATURE_WINDOW_SECONDS, jwt } = options;
  const used = new UsedSignatures(database, signatureWindowSeconds);
  return new Authenticator({
    apiKeys: services.apiKeys,
    signatures: new SignatureChecker(services.signingClients, used, signatureWindowSeconds),
    jwts: jwt && new JwtChecker(database, jwt),
  });
}

function createServices(
  database: TenantDatabase,
  numbers: CodeNumbers,
  cipher: Cipher,
  accountNumbers: AccountNumberCipher,
): Services {
  const creation = new CustomerCreationService(numbers, accountNumbers);
  const codes = new CustomerCodeService();
  return {
    apiKeys: new ApiKeyService(database),
    signingClients: new SigningClientService(database, cipher),
    customers: {
      creation,
      codes,
      update: new CustomerUpdateService(creation, codes, accountNumbers),
      trash: new CustomerTrashService(),
      merge: new CustomerMergeService(),
    },
    contacts: new ContactService(),
    bankAccounts: new BankAccountService(accountNumbers),
    settings: new SettingsService(),
    taxonomy: new TaxonomyService(),
    customerFields: new CustomerFieldService(),
    assets: new AssetService(numbers),
    workOrders: new WorkOrderService(numbers),
    contracts: new ContractService(numbers),
    invoices: new InvoiceService(numbers),
  };
}

function createResolvers(services: Services, cipher: AccountNumberCipher, index: AccountNumberIndex): object[] {
  const taxonomyResolvers = TERM_KINDS.map(({ term, many, label }) => {
    const KindResolver = createTaxonomyResolver(term, many, label);
    return new KindResolver(services.taxonomy);
  });
  const recordFields = [assetFields, workOrderFields, contractFields, invoiceFields].flat();
  return [
    new ViewerResolver(),
    new CustomerResolver(index),
    new CustomerMutations(services.customers),
    new CustomerHistoryResolver(),
    new AddressResolver(),
    new CustomerAddressesResolver(),
    new ContactResolver(services.contacts),
    new CustomerContactsResolver(),
    new BankAccountResolver(services.bankAccounts, cipher),
    new CustomerBankAccountsResolver(),
    new TaxonomyTermResolver(),
    ...taxonomyResolvers,
    new CustomerFieldResolver(services.customerFields),
    new CustomerCustomFieldsResolver(),
    ...recordFields.map((Fields) => new Fields()),
    new AssetMutations(services.assets),
    new WorkOrderResolver(services.workOrders),
    new AssetWorkOrdersResolver(),
    new ContractMutations(services.contracts),
    new InvoiceMutations(services.invoices),
    new SettingsResolver(services.settings),
  ];
}
