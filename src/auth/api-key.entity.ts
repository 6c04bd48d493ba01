import { Column, Entity } from "typeorm";
import { TenantOwned } from "../tenancy/tenant-owned.entity";

/** A credential of a tenant. Only a hash of its token is kept, and enough of it to recognise it in a list. */
@Entity("api_keys")
export class ApiKey extends TenantOwned {
  @Column({ type: "text" })
  name!: string;

  @Column({ name: "token_prefix", type: "text" })
  tokenPrefix!: string;

  @Column({ name: "token_hash", type: "bytea" })
  tokenHash!: Buffer;

  @Column({ type: "text", array: true })
  scopes!: string[];

  @Column({ name: "revoked_at", type: "timestamptz", precision: 3, nullable: true })
  revokedAt!: Date | null;
}
