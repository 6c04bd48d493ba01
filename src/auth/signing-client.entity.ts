import { Column, Entity } from "typeorm";
import { TenantOwned } from "../tenancy/tenant-owned.entity";

/** A credential of a tenant that signs its requests. Its secrets, two while they are exchanged, are encrypted. */
@Entity("signing_clients")
export class SigningClient extends TenantOwned {
  @Column({ type: "text" })
  name!: string;

  @Column({ type: "text", array: true })
  scopes!: string[];

  @Column({ name: "secret_ciphertext", type: "bytea" })
  secretCiphertext!: Buffer;

  @Column({ name: "secret_key_id", type: "text" })
  secretKeyId!: string;

  @Column({ name: "previous_secret_ciphertext", type: "bytea", nullable: true })
  previousSecretCiphertext!: Buffer | null;

  @Column({ name: "previous_secret_key_id", type: "text", nullable: true })
  previousSecretKeyId!: string | null;

  @Column({ name: "previous_secret_expires_at", type: "timestamptz", precision: 3, nullable: true })
  previousSecretExpiresAt!: Date | null;

  @Column({ name: "revoked_at", type: "timestamptz", precision: 3, nullable: true })
  revokedAt!: Date | null;
}
