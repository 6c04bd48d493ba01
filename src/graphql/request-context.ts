import { type Credential } from "../auth/credential";
import { includesScope, type Scope } from "../auth/scopes";
import { type RevealedAccount } from "../bank-accounts/account-number-reveals";
import { ForbiddenError } from "../errors/domain-errors";
import { type Language } from "../errors/messages";
import { type LastWrite, type TenantScope } from "../tenancy/tenant-scope";
import { Loaders } from "./loaders";

/** How a mutation's root field writes. */
export interface WriteOptions {
  /** The effect is undone after the answer has been read. */
  readonly validateOnly?: boolean;
}

const SAVEPOINT = "validate_only";

/** What the resolvers of one operation share: who asks, the way to the tenant's rows, and what was read already. */
export class RequestContext {
  private current: Loaders | undefined;
  /** The accounts whose whole numbers the answer holds: it is not sent before that is recorded. */
  readonly revealed = new Set<RevealedAccount>();
  private isUndoPending = false;
  /** How the only write of an operation may end it; undefined where more comes after it. */
  lastWrite: LastWrite | undefined;

  constructor(
    readonly credential: Credential,
    readonly scope: TenantScope,
    /** Of messages. */
    readonly language: Language,
  ) {}

  /** What was read since the last write; made when it is first asked for, which what the read planner answers never does. */
  get loaders(): Loaders {
    return (this.current ??= new Loaders(this.scope));
  }

  /** @throws ForbiddenError where the credential lacks the scope */
  requireScope(scope: Scope): void {
    if (!includesScope(this.credential.scopes, scope)) throw new ForbiddenError(scope);
  }

  /**
   * Runs the write of a mutation's root field. Root fields run one after another, each with its whole answer, in one
   * transaction; what was read before the write is forgotten.
   */
  async write<T>(work: (scope: TenantScope) => Promise<T>, { validateOnly = false }: WriteOptions = {}): Promise<T> {
    await this.undoValidated();
    if (validateOnly) {
      await this.scope.control(`savepoint ${SAVEPOINT}`);
      this.isUndoPending = true;
    }
    const result = await work(this.lastWrite && !validateOnly ? this.scope.writingLast(this.lastWrite) : this.scope);
    this.current = undefined;
    return result;
  }

  /** Whether a write is undone once its answer has been read. */
  get isValidating(): boolean {
    return this.isUndoPending;
  }

  /** Undoes a write that was only to be checked. Called when its answer has been read: by the next write, or at the end. */
  async undoValidated(): Promise<void> {
    if (!this.isUndoPending) return;
    this.isUndoPending = false;
    await this.scope.control(`rollback to savepoint ${SAVEPOINT}`);
    this.current = undefined;
  }
}
