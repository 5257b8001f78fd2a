import type { Category, RetryClass } from './taxonomy.ts';

/** What a scenario provokes, set before the tool runs. */
export interface Label {
  readonly category: Category;
  readonly retryClass: RetryClass;
}

/** Language toolchains that are installed from package registries into the cache. */
export type Toolchain = 'js' | 'python' | 'kafka';

/** Helpers that a scenario needs running beside it. */
export type Helper = 'postgres' | 'kafka';

/** What may be set for one scenario beside its command. */
interface ScenarioCommon {
  readonly id: string;
  readonly title: string;
  /** The command line, run by `bash -eo pipefail` in the project folder. */
  readonly run: string;
  /** Files of the project, by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** A script that gets the project ready; it must succeed and is not recorded. */
  readonly prepare?: string;
  /** Binaries on PATH beyond those of the tool. */
  readonly needs?: readonly string[];
  readonly toolchains?: readonly Toolchain[];
  readonly helpers?: readonly Helper[];
  readonly env?: Readonly<Record<string, string>>;
  /** Runs in a network namespace that has no network at all. */
  readonly offline?: boolean;
  /** Makes sense only where the runner is root. */
  readonly asRoot?: boolean;
  /** Runs as a user without rights where the runner is root. */
  readonly unprivileged?: boolean;
  /** A small file system mounted at a folder of the project; sizes as tmpfs takes them. */
  readonly smallDisk?: { readonly path: string; readonly size: string };
  /** Memory limit of a control group, in bytes; the kernel kills what exceeds it. */
  readonly memoryLimitBytes?: number;
  /** Prefixes the lines as a CI runner does: time stamps, groups, the closing error. */
  readonly ci?: boolean;
  readonly limitSeconds?: number;
}

/** A scenario that fails, with its label and the line that tells the cause. */
export interface FailingScenario extends ScenarioCommon {
  readonly fails: readonly [Category, RetryClass];
  /** Matches the first line that names the cause; a run without it did not provoke what it says. */
  readonly cause: RegExp;
}

/** A scenario that passes, as contrast. */
export interface PassingScenario extends ScenarioCommon {
  readonly passes: true;
}

/** One scenario of a tool. */
export type Scenario = FailingScenario | PassingScenario;

/** All scenarios of one tool. */
export interface ToolScenarios {
  readonly tool: string;
  /** Prints the tool's version on its first line. */
  readonly version: string;
  /** Binaries on PATH without which nothing of the tool runs. */
  readonly needs: readonly string[];
  readonly toolchains?: readonly Toolchain[];
  /** The tool fills node_modules itself, so the toolchain's is not linked into the project. */
  readonly ownModules?: true;
  readonly scenarios: readonly Scenario[];
}
