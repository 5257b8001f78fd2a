import type { ClassificationRetryClass, Severity } from '@faultline/schemas';

/** What a category says of every failure in it, unless a rule knows better. */
export interface CategoryDefaults {
  /** Name of the error type, for policies: one table over the categories. */
  readonly errorType: ErrorType;
  readonly severity: Exclude<Severity, 'UNKNOWN'>;
  readonly retryClass: ClassificationRetryClass;
  /** One sentence for people. */
  readonly cause: string;
}

/** Names of error types: what retry policies, reports and patterns are kept by. */
export const errorTypes = [
  'NETWORK_ERROR',
  'TIMEOUT_ERROR',
  'RATE_LIMIT_ERROR',
  'AUTHENTICATION_ERROR',
  'PERMISSION_ERROR',
  'TLS_ERROR',
  'DEPENDENCY_ERROR',
  'COMPILATION_ERROR',
  'TEST_FAILURE',
  'LINT_ERROR',
  'RUNTIME_ERROR',
  'CONFIGURATION_ERROR',
  'ENVIRONMENT_ERROR',
  'RESOURCE_ERROR',
  'INFRASTRUCTURE_ERROR',
  'SERVICE_ERROR',
  'CONTAINER_ERROR',
  'KUBERNETES_ERROR',
  'DATABASE_ERROR',
  'VERSION_CONTROL_ERROR',
  'AI_PROVIDER_ERROR',
  'AGENT_ERROR',
  'CANCELLED',
  'UNKNOWN_ERROR',
] as const;
/** Name of an error type. */
export type ErrorType = (typeof errorTypes)[number];

const row = (
  errorType: ErrorType,
  severity: CategoryDefaults['severity'],
  retryClass: ClassificationRetryClass,
  cause: string,
): CategoryDefaults => ({ errorType, severity, retryClass, cause });

/** Every category that ships, with what it says. Users' rules may name others. */
export const categories = {
  'agent.budget': row('AGENT_ERROR', 'medium', 'never', 'The agent used up its turns or its budget.'),
  'agent.loop': row('AGENT_ERROR', 'high', 'never', 'The agent repeats itself.'),
  'agent.output': row('AGENT_ERROR', 'medium', 'once', 'The agent answered in a form that cannot be used.'),
  'agent.patch': row('AGENT_ERROR', 'medium', 'once', 'The change of the agent is empty or does not apply.'),
  'auth.expired': row('AUTHENTICATION_ERROR', 'high', 'never', 'A credential has expired.'),
  'auth.iam': row('PERMISSION_ERROR', 'high', 'never', 'The role may not do what it tried.'),
  'auth.llm': row('AUTHENTICATION_ERROR', 'high', 'never', 'The model provider refused the key.'),
  'auth.oidc': row('AUTHENTICATION_ERROR', 'high', 'never', 'No identity token was given to the job.'),
  'auth.rbac': row('PERMISSION_ERROR', 'high', 'never', 'The cluster role does not allow it.'),
  'auth.registry': row('AUTHENTICATION_ERROR', 'high', 'never', 'The registry asks for other credentials.'),
  'auth.scope': row('PERMISSION_ERROR', 'high', 'never', 'The token lacks a scope.'),
  'auth.vcs': row('AUTHENTICATION_ERROR', 'high', 'never', 'The repository refused the credentials.'),
  cancelled: row('CANCELLED', 'low', 'never', 'Somebody or something stopped the run.'),
  'code.compile': row('COMPILATION_ERROR', 'medium', 'never-fixable', 'The code does not compile.'),
  'code.import': row('COMPILATION_ERROR', 'medium', 'never-fixable', 'The code imports what is not there.'),
  'code.runtime': row('RUNTIME_ERROR', 'medium', 'never-fixable', 'The program failed while it ran.'),
  'code.warning': row('COMPILATION_ERROR', 'low', 'never-fixable', 'A warning is treated as an error.'),
  'config.invalid': row('CONFIGURATION_ERROR', 'medium', 'never-fixable', 'A configuration is not valid.'),
  container: row('CONTAINER_ERROR', 'medium', 'never', 'The container engine refused.'),
  'container.build': row('CONTAINER_ERROR', 'medium', 'never-fixable', 'The image could not be built.'),
  'container.entry': row(
    'CONTAINER_ERROR',
    'medium',
    'never-fixable',
    'The container could not start its program.',
  ),
  'container.missing': row(
    'CONTAINER_ERROR',
    'medium',
    'never-fixable',
    'The image or its tag does not exist.',
  ),
  'db.auth': row('DATABASE_ERROR', 'high', 'never', 'The database refused the credentials.'),
  'db.capacity': row('DATABASE_ERROR', 'high', 'backoff', 'The database has no connection left.'),
  'db.connection': row('DATABASE_ERROR', 'medium', 'backoff', 'The connection to the database was lost.'),
  'db.contention': row('DATABASE_ERROR', 'medium', 'backoff', 'Transactions got in each other’s way.'),
  'db.data': row('DATABASE_ERROR', 'medium', 'never-fixable', 'The data violates a constraint.'),
  'db.down': row('DATABASE_ERROR', 'high', 'backoff', 'The database does not answer.'),
  'db.migration': row('DATABASE_ERROR', 'medium', 'never-fixable', 'A migration is missing or failed.'),
  'db.query': row('DATABASE_ERROR', 'medium', 'never-fixable', 'A query is not valid.'),
  'db.schema': row('DATABASE_ERROR', 'medium', 'never-fixable', 'The schema lacks what the query names.'),
  'dep.conflict': row(
    'DEPENDENCY_ERROR',
    'medium',
    'never-fixable',
    'Versions of dependencies exclude each other.',
  ),
  'dep.integrity': row('DEPENDENCY_ERROR', 'high', 'once', 'A package is not the one that was locked.'),
  'dep.lockfile': row('DEPENDENCY_ERROR', 'medium', 'never-fixable', 'The lock file is out of date.'),
  'dep.missing': row(
    'DEPENDENCY_ERROR',
    'medium',
    'never-fixable',
    'A dependency does not exist where it is looked for.',
  ),
  'dep.native': row(
    'DEPENDENCY_ERROR',
    'medium',
    'never-fixable',
    'A native part of a dependency does not build.',
  ),
  'dep.policy': row(
    'DEPENDENCY_ERROR',
    'medium',
    'never-fixable',
    'A rule on dependencies or the build is violated.',
  ),
  'dep.remote': row('DEPENDENCY_ERROR', 'medium', 'backoff', 'A package could not be transferred.'),
  'disk.full': row('RESOURCE_ERROR', 'high', 'once-elsewhere', 'The disk is full.'),
  'env.config': row('CONFIGURATION_ERROR', 'medium', 'never', 'A setting or a variable is missing.'),
  'env.toolchain': row('ENVIRONMENT_ERROR', 'medium', 'never-fixable', 'A tool or its version is missing.'),
  'iac.config': row(
    'CONFIGURATION_ERROR',
    'medium',
    'never-fixable',
    'The infrastructure code is not valid.',
  ),
  'iac.lock': row('INFRASTRUCTURE_ERROR', 'medium', 'wait', 'Somebody else holds the state.'),
  'iac.lockfile': row(
    'DEPENDENCY_ERROR',
    'medium',
    'never-fixable',
    'The provider lock file is out of date.',
  ),
  'iac.remote': row('NETWORK_ERROR', 'medium', 'backoff', 'A provider registry could not be asked.'),
  'infra.capacity': row('INFRASTRUCTURE_ERROR', 'medium', 'once-elsewhere', 'There is no room to run.'),
  'infra.preempted': row('INFRASTRUCTURE_ERROR', 'medium', 'once-elsewhere', 'The machine was taken away.'),
  'infra.runner': row('INFRASTRUCTURE_ERROR', 'high', 'once-elsewhere', 'The runner itself failed.'),
  'k8s.app': row('KUBERNETES_ERROR', 'high', 'never', 'The application in the pod keeps failing.'),
  'k8s.capacity': row('KUBERNETES_ERROR', 'medium', 'wait', 'No node has room for the pod.'),
  'k8s.config': row('KUBERNETES_ERROR', 'medium', 'never-fixable', 'A manifest is not accepted.'),
  'k8s.image': row('KUBERNETES_ERROR', 'medium', 'never', 'The image of the pod cannot be pulled.'),
  'k8s.lock': row('KUBERNETES_ERROR', 'medium', 'wait', 'Another operation on the release is under way.'),
  'k8s.network': row('KUBERNETES_ERROR', 'high', 'backoff', 'The cluster cannot be reached.'),
  'limit.api': row('RATE_LIMIT_ERROR', 'medium', 'wait', 'An API limits how often it may be asked.'),
  'limit.registry': row('RATE_LIMIT_ERROR', 'medium', 'wait', 'A registry limits how often it may be asked.'),
  'limit.timeout': row('TIMEOUT_ERROR', 'medium', 'once', 'The step took longer than it may.'),
  lint: row('LINT_ERROR', 'low', 'never-fixable', 'A style or static check found something.'),
  'llm.context': row(
    'AI_PROVIDER_ERROR',
    'medium',
    'never-fixable',
    'The prompt is longer than the model takes.',
  ),
  'llm.limit': row('RATE_LIMIT_ERROR', 'medium', 'wait', 'The model provider limits the rate.'),
  'llm.overload': row('AI_PROVIDER_ERROR', 'medium', 'backoff', 'The model provider is overloaded.'),
  'llm.quota': row('AI_PROVIDER_ERROR', 'high', 'never', 'The budget at the model provider is used up.'),
  'mem.gpu': row('RESOURCE_ERROR', 'medium', 'once-elsewhere', 'The memory of the GPU is used up.'),
  'mem.oom': row('RESOURCE_ERROR', 'high', 'once-elsewhere', 'The memory is used up.'),
  network: row('NETWORK_ERROR', 'medium', 'backoff', 'The network failed.'),
  'network.dns': row('NETWORK_ERROR', 'medium', 'backoff', 'A name could not be resolved.'),
  'network.refused': row('NETWORK_ERROR', 'medium', 'backoff', 'Nobody listens at the address.'),
  'network.reset': row('NETWORK_ERROR', 'medium', 'backoff', 'The connection was cut.'),
  'network.timeout': row('NETWORK_ERROR', 'medium', 'backoff', 'No answer came in time.'),
  'os.clock': row('ENVIRONMENT_ERROR', 'medium', 'backoff', 'The clock of the machine is wrong.'),
  'os.limit': row('RESOURCE_ERROR', 'medium', 'never-fixable', 'A limit of the operating system is reached.'),
  'os.mirror': row('DEPENDENCY_ERROR', 'medium', 'backoff', 'A package mirror is inconsistent.'),
  'os.missing': row('ENVIRONMENT_ERROR', 'medium', 'never-fixable', 'A file or folder is missing.'),
  'os.port': row('ENVIRONMENT_ERROR', 'medium', 'once-elsewhere', 'A port is taken.'),
  'os.permission': row(
    'PERMISSION_ERROR',
    'medium',
    'never-fixable',
    'The operating system does not allow it.',
  ),
  'pipeline.upstream': row(
    'CONFIGURATION_ERROR',
    'medium',
    'never',
    'An earlier job did not leave what this one needs.',
  ),
  remote: row('SERVICE_ERROR', 'medium', 'backoff', 'A remote service failed.'),
  'remote.blocked': row('SERVICE_ERROR', 'medium', 'wait', 'A remote service refuses to serve.'),
  'remote.missing': row('SERVICE_ERROR', 'medium', 'never-fixable', 'What was asked for is not there.'),
  'remote.outage': row('SERVICE_ERROR', 'high', 'wait', 'A remote service is down.'),
  'remote.registry': row('SERVICE_ERROR', 'medium', 'backoff', 'A registry failed.'),
  'test.assert': row('TEST_FAILURE', 'medium', 'never-fixable', 'A test found another result than expected.'),
  'test.coverage': row('TEST_FAILURE', 'low', 'never-fixable', 'Less is covered by tests than is asked for.'),
  'test.crash': row('TEST_FAILURE', 'high', 'once', 'The process crashed.'),
  'test.flaky': row('TEST_FAILURE', 'low', 'once', 'The test passes and fails on the same code.'),
  'test.timeout': row('TEST_FAILURE', 'medium', 'once', 'A test took longer than it may.'),
  'tls.expired': row('TLS_ERROR', 'high', 'never', 'A certificate has expired.'),
  'tls.transient': row('TLS_ERROR', 'medium', 'backoff', 'The handshake was cut.'),
  'tls.trust': row('TLS_ERROR', 'high', 'never', 'A certificate is not trusted.'),
  'vcs.conflict': row('VERSION_CONTROL_ERROR', 'medium', 'never-fixable', 'Changes conflict.'),
  'vcs.race': row('VERSION_CONTROL_ERROR', 'medium', 'backoff', 'Somebody else was faster.'),
  'vcs.ref': row('VERSION_CONTROL_ERROR', 'medium', 'never', 'The branch, tag or commit is not there.'),
  'vcs.transient': row('VERSION_CONTROL_ERROR', 'medium', 'backoff', 'The repository host failed.'),
  wrapper: row('UNKNOWN_ERROR', 'medium', 'unknown', 'The line only says that something failed.'),
  unknown: row('UNKNOWN_ERROR', 'medium', 'unknown', 'What failed is not known.'),
} as const satisfies Record<string, CategoryDefaults>;

/** A category that ships. */
export type Category = keyof typeof categories;

/** What a category says; a category that a user made stands at the defaults of its first part, else unknown. */
export function categoryDefaults(category: string): CategoryDefaults {
  const known: Readonly<Record<string, CategoryDefaults>> = categories;
  const own = Object.hasOwn(known, category) ? known[category] : undefined;
  if (own !== undefined) return own;
  const family = Object.keys(known).find((name) => name.startsWith(`${category.split('.', 1)[0] ?? ''}.`));
  return (family === undefined ? undefined : known[family]) ?? categories.unknown;
}
