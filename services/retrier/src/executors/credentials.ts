/** Credentials as they are used, and where they may go. */
export interface Credentials {
  /** Headers to send, such as authorization. */
  readonly headers: Readonly<Record<string, string>>;
  /**
   * Hosts, or host:port, that they may be sent to. An event names its target itself, so credentials without
   * such a list could be called for by anybody who writes an event.
   */
  readonly hosts: readonly string[];
}

/** Finds credentials by the name that an event refers to; undefined for a name that nobody knows. */
export type CredentialResolver = (name: string) => Promise<Credentials | undefined>;

/** A resolver over a table that stands in the configuration. */
export function tableCredentials(table: Readonly<Record<string, Credentials>>): CredentialResolver {
  return async (name) => (Object.hasOwn(table, name) ? table[name] : undefined);
}

/** Whether credentials may be sent to a URL. */
export const mayBeSentTo = ({ hosts }: Credentials, url: URL): boolean =>
  hosts.some((host) => host.toLowerCase() === url.hostname || host.toLowerCase() === url.host);
