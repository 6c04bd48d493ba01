import { randomBytes } from "node:crypto";
import { type App } from "../app";
import { ALL_SCOPES } from "../auth/scopes";
import { type TenantAdministration, type TenantRecord } from "../tenancy/tenant-administration";

const CODE_PREFIX = "doctor-";
const NAME = "Throw-away tenant of clientele doctor";
/** Left behind by a doctor that was killed: no run takes as long. */
const LEFT_BEHIND_MS = 60 * 60 * 1000;

/** A tenant with a key to it. */
export interface KeyedTenant extends TenantRecord {
  readonly token: string;
}

/** Tenants that are made for a while. */
export class ThrowAwayTenants {
  private readonly made: TenantRecord[] = [];

  constructor(
    private readonly app: App,
    private readonly tenants: TenantAdministration,
  ) {}

  async make(): Promise<KeyedTenant> {
    const tenant = await this.tenants.create(`${CODE_PREFIX}${randomBytes(6).toString("hex")}`, NAME);
    this.made.push(tenant);
    const { apiKeys } = this.app.services;
    const { token } = await this.app.database.write(tenant.id, (scope) => apiKeys.create(scope, NAME, [ALL_SCOPES]));
    return { ...tenant, token };
  }

  /** Removes those that were made here, and those that a doctor left behind that was killed. */
  async removeAll(): Promise<void> {
    const oldest = Date.now() - LEFT_BEHIND_MS;
    const leftBehind = (await this.tenants.list()).filter(
      ({ code, name, createdAt }) => code.startsWith(CODE_PREFIX) && name === NAME && createdAt.getTime() < oldest,
    );
    for (const { id } of [...this.made, ...leftBehind]) await this.tenants.remove(id);
    this.made.length = 0;
  }
}
