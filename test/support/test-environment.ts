/** Where the servers of the integration tests are. */
export interface TestEnvironment {
  readonly brokers: string;
  readonly registryUrl: string;
  readonly databaseUrl: string;
}

/**
 * Reads where the servers are. Throws where one is not named, since a test that skips itself proves nothing,
 * and where the database is not one for tests.
 */
export function testEnvironment(): TestEnvironment {
  const need = (key: string): string => {
    const value = process.env[key];
    if (value === undefined || value === '') {
      throw new Error(`${key} is not set: run npm test, which brings the servers up`);
    }
    return value;
  };
  const databaseUrl = need('FAULTLINE_TEST_DATABASE_URL');
  if (!new URL(databaseUrl).pathname.includes('test')) {
    throw new Error('FAULTLINE_TEST_DATABASE_URL names a database without "test" in its name');
  }
  return {
    brokers: need('FAULTLINE_TEST_BROKERS'),
    registryUrl: need('FAULTLINE_TEST_REGISTRY_URL'),
    databaseUrl,
  };
}

/** The environment of services that work on the test servers. */
export function serviceEnvironment(
  test: TestEnvironment,
  more: Readonly<Record<string, string>> = {},
): NodeJS.ProcessEnv {
  return {
    ...process.env,
    NODE_ENV: 'production', // kafkajs changes its retries under "test"
    FAULTLINE_BROKERS: test.brokers,
    FAULTLINE_REGISTRY_URL: test.registryUrl,
    DATABASE_URL: test.databaseUrl,
    FAULTLINE_LOG_LEVEL: 'warn',
    FAULTLINE_OUTBOUND_ALLOW: '127.0.0.1',
    ...more,
  };
}
