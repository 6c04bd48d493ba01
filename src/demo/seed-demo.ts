import { type App } from "../app";
import { AssetInput } from "../assets/asset.input";
import { ContractInput } from "../contracts/contract.input";
import { CustomerFieldInput } from "../custom-fields/custom-field.input";
import { CUSTOMER_INPUT_CLASSES } from "../customers/customer-input-classes";
import { CustomerInput } from "../customers/customer.input";
import { InputReader } from "../graphql/input-from-json";
import { InvoiceInput } from "../invoices/invoice.input";
import { Branch, CustomerGroup, CustomerStatus, CustomerType } from "../taxonomy/taxonomy-term.entity";
import { TaxonomyTermInput } from "../taxonomy/taxonomy-term.input";
import { type TenantScope } from "../tenancy/tenant-scope";
import { WorkOrderInput } from "../work-orders/work-order.input";
import { makeDemoData, type DemoCustomer, type DemoData } from "./demo-data";

/** Customers of one transaction. */
const BATCH = 50;

/** Told how many customers are there. */
export type ProgressListener = (done: number, all: number) => void;

/**
 * Fills a tenant that has no customers with demo data, through the services as any caller would. In batches, so that an
 * interruption leaves whole customers; the next start adds the rest.
 */
export async function seedDemo(app: App, tenantId: string, today: Date, onProgress: ProgressListener): Promise<void> {
  const data = makeDemoData({ customers: 500, today });
  const seeder = new Seeder(app);
  const there = await app.database.read(tenantId, (scope) => countCustomers(scope));
  if (there >= data.customers.length) return;
  for (let done = there; done < data.customers.length; done += BATCH) {
    const batch = data.customers.slice(done, done + BATCH);
    await app.database.write(tenantId, async (scope) => {
      if (done === 0) await seeder.addTaxonomy(scope, data);
      await seeder.addCustomers(scope, batch);
    });
    onProgress(Math.min(done + BATCH, data.customers.length), data.customers.length);
  }
}

async function countCustomers(scope: TenantScope): Promise<number> {
  const [row] = await scope.query<{ count: number }>(
    "select count(*)::int as count from customers c where c.tenant_id = $1",
  );
  return row?.count ?? 0;
}

class Seeder {
  private readonly reader: InputReader;

  constructor(private readonly app: App) {
    const others = [TaxonomyTermInput, CustomerFieldInput, AssetInput, WorkOrderInput, ContractInput, InvoiceInput];
    this.reader = new InputReader(app.schema, [...CUSTOMER_INPUT_CLASSES, ...others]);
  }

  async addTaxonomy(scope: TenantScope, data: DemoData): Promise<void> {
    const { taxonomy, customerFields } = this.app.services;
    for (const [kind, seeds] of [
      [Branch, data.branches],
      [CustomerStatus, data.statuses],
      [CustomerType, data.types],
      [CustomerGroup, data.groups],
    ] as const) {
      for (const seed of seeds) await taxonomy.create(scope, kind, this.read(TaxonomyTermInput, seed));
    }
    for (const seed of data.fields) await customerFields.create(scope, this.read(CustomerFieldInput, seed));
  }

  async addCustomers(scope: TenantScope, seeds: readonly DemoCustomer[]): Promise<void> {
    const { customers } = this.app.services;
    const inputs = seeds.map(({ input }) => this.read(CustomerInput, input));
    const outcomes = await customers.creation.createEach(
      scope,
      inputs,
      inputs.map((_, index) => [index]),
    );
    for (const [index, outcome] of outcomes.entries()) {
      const seed = seeds[index];
      if (!("customer" in outcome) || !seed) throw new Error(`Demo customer not accepted: ${JSON.stringify(outcome)}`);
      await this.addWork(scope, outcome.customer.id, seed);
    }
  }

  private async addWork(scope: TenantScope, id: string, seed: DemoCustomer): Promise<void> {
    const { assets, workOrders, contracts, invoices } = this.app.services;
    const assetIds: string[] = [];
    for (const asset of seed.assets)
      assetIds.push((await assets.create(scope, { id }, this.read(AssetInput, asset))).id);
    for (const { asset, ...order } of seed.workOrders) {
      const assetId = asset === undefined ? null : assetIds[asset];
      await workOrders.create(scope, { id }, this.read(WorkOrderInput, { ...order, assetId }));
    }
    for (const contract of seed.contracts) await contracts.create(scope, { id }, this.read(ContractInput, contract));
    for (const invoice of seed.invoices) await invoices.create(scope, { id }, this.read(InvoiceInput, invoice));
  }

  private read<T extends object>(inputClass: new () => T, seed: object): T {
    const { input, problems } = this.reader.read(inputClass, seed);
    if (problems.length > 0) throw new Error(`Demo data does not fit: ${JSON.stringify(problems)}`);
    return input;
  }
}
