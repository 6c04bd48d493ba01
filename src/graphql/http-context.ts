import { type Credential } from "../auth/credential";
import { type Language } from "../errors/messages";

/** What is known of a request before its operation begins. */
export interface HttpContext {
  readonly credential: Credential;
  readonly requestId: string;
  /** Of messages. */
  readonly language: Language;
  /** The header Idempotency-Key, as it came. */
  readonly idempotencyKey: string | undefined;
}
