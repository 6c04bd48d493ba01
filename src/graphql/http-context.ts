import { type Credential } from "../auth/credential";

/** What is known of a request before its operation begins. */
export interface HttpContext {
  readonly credential: Credential;
  readonly requestId: string;
}
