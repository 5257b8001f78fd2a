/** How the gateway behaves; `config.ts` has the environment variables. */
export interface GatewayOptions {
  /** Bearer token that /v1 asks for; null for none. */
  readonly token: string | null;
  readonly githubSecret: string | null;
  readonly sentryKeys: readonly string[];
  readonly requestsPerMinute: number;
  readonly bodyLimitBytes: number;
}
