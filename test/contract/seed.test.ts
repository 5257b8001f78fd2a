import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  AutomatedFixGenerator,
  ErrorAnalytics,
  ErrorClassifier,
  ErrorHandlingSystem,
  EscalationManager,
  PatternRecognition,
  RetryManager,
} from '@faultline/system';

// The code blocks of the design document as they stand there, each with what it prints.

const printed: unknown[][] = [];
/** The log of the system. */
const logged: string[] = [];
beforeEach(() => {
  printed.length = 0;
  vi.spyOn(console, 'log').mockImplementation((...values: unknown[]) => void printed.push(values));
  vi.spyOn(console, 'error').mockImplementation((...values: unknown[]) => void printed.push(values));
  logged.length = 0;
  vi.spyOn(process.stderr, 'write').mockImplementation((line) => logged.push(String(line)) > 0);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const tickets: unknown[] = [];
const runs: unknown[] = [];
const linearClient = {
  createIssue: async (input: unknown) => {
    tickets.push(input);
    return { issue: { identifier: 'OPS-1', url: 'https://linear.test/OPS-1' } };
  },
};
const codegenClient = {
  run: async (request: unknown) => {
    runs.push(request);
    return { id: 'run-1', web_url: 'https://codegen.test/run-1' };
  },
};

const riskyOperation = async (): Promise<void> => {
  throw Object.assign(new Error('connect ECONNREFUSED 10.0.0.5:5432'), { code: 'ECONNREFUSED' });
};

function installation(): ErrorHandlingSystem {
  // Initialize with configuration
  const errorHandler = new ErrorHandlingSystem({
    enableAnalytics: true,
    enablePatternRecognition: true,
    enableAutomatedFixes: true,
    enableEscalation: true,
    codegenClient: codegenClient,
    linearClient: linearClient,
  });
  return errorHandler;
}

/** What {@link basicUsage} makes of one error. */
async function basicUsage(errorHandler: ErrorHandlingSystem): Promise<void> {
  // Handle an error
  try {
    // Your operation that might fail
    await riskyOperation();
  } catch (error) {
    const result = await errorHandler.handleError(error, {
      operation: 'riskyOperation',
      userId: 'user123',
      environment: 'production',
    });

    console.log('Error handling result:', result);
  }
}

describe('quick start', () => {
  it('installation: the system is there, with all that was enabled', async () => {
    const errorHandler = installation();
    const { components } = errorHandler.getStatistics();
    expect(Object.values(components).map(({ enabled }) => enabled)).toEqual(Array(6).fill(true));
    await errorHandler.shutdown();
  });

  it('basic usage: prints what became of the error, and why', async () => {
    const errorHandler = installation();
    await basicUsage(errorHandler);
    expect(printed).toHaveLength(1);
    expect(printed[0]?.[0]).toBe('Error handling result:');
    expect(printed[0]?.[1]).toMatchObject({
      success: false,
      state: 'escalated',
      id: expect.stringMatching(/^[\da-f-]{36}$/) as string,
      classification: {
        category: 'db.down',
        retryClass: 'backoff',
        severity: 'critical',
        confidence: expect.any(Number) as number,
        fingerprint: { id: expect.stringMatching(/^[\da-f]+$/) as string },
      },
      retry: { decision: 'no-way-to-rerun', attempts: [] },
      fix: { decision: expect.stringMatching(/^(?:proposed|declined)$/) as string },
      escalation: { level: 'human', priority: 1 },
    });
    expect(tickets.at(-1)).toMatchObject({
      priority: 1,
      title: expect.stringContaining('ECONNREFUSED') as string,
    });
    await errorHandler.shutdown();
  });

  it('advanced usage: statistics are a value, report and predictions are promises', async () => {
    const errorHandler = installation();
    await basicUsage(errorHandler);
    printed.length = 0;

    // Get system statistics
    const stats = errorHandler.getStatistics();
    console.log('System stats:', stats);

    // Generate comprehensive report
    const report = await errorHandler.generateReport({
      startDate: new Date(Date.now() - 24 * 60 * 60 * 1000), // Last 24 hours
      endDate: new Date(),
    });

    // Predict potential errors
    const predictions = await errorHandler.predictErrors({
      system: { cpuUsage: 85, memoryUsage: 90 },
      environment: 'production',
      activeUsers: 1500,
    });

    expect(printed[0]).toEqual(['System stats:', stats]);
    expect(stats.errors).toMatchObject({ received: 1, escalated: 1, resolved: 0, inFlight: 0 });
    expect(report.summary).toMatchObject({
      total: 1,
      byOutcome: { escalated: 1 },
      byCategory: { 'db.down': 1 },
      byEnvironment: { production: 1 },
      resolutionRate: 0,
    });
    // one error and no run that passed give no right to a probability
    expect(predictions).toMatchObject({ abstained: true, predictions: [], ifAny: [{ errors: 1, share: 1 }] });
    expect(predictions.reason).toMatch(/no runs that passed/);
    await errorHandler.shutdown();
  });
});

describe('configuration', () => {
  it('the environment variables are read: the ones it cannot use are named', async () => {
    const called: { url: string; authorization: string | undefined }[] = [];
    vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
      const headers = new Headers(init?.headers);
      called.push({ url: new Request(input).url, authorization: headers.get('authorization') ?? undefined });
      return Response.json({ id: 'run-7', web_url: 'https://codegen.test/run-7' });
    });
    const errorHandler = new ErrorHandlingSystem({
      env: {
        CODEGEN_API_URL: 'https://api.codegen.sh',
        CODEGEN_API_KEY: 'your_api_key',
        CODEGEN_ORG_ID: 'your_org_id',
        LINEAR_API_KEY: 'your_linear_api_key',
        LINEAR_TEAM_ID: 'your_team_id',
        DATABASE_URL: 'postgresql://user:pass@localhost:5432/db',
        SLACK_WEBHOOK_URL: 'https://hooks.slack.com/services/...',
        ENCRYPTION_KEY: 'your_encryption_key',
      },
      linearClient,
    });
    const error = new TypeError("Cannot read properties of undefined (reading 'id')");
    const { escalation } = await errorHandler.handleError(error, { repository: 'acme/shop' });
    expect(escalation?.level).toBe('codegen');
    expect(called).toEqual([
      {
        url: 'https://api.codegen.sh/v1/organizations/your_org_id/agent/run',
        authorization: 'Bearer your_api_key',
      },
    ]);
    expect(tickets.at(-1)).toMatchObject({ teamId: 'your_team_id' });
    expect(Object.keys(errorHandler.getStatistics().configuration.ignored)).toEqual([
      'DATABASE_URL',
      'SLACK_WEBHOOK_URL',
      'ENCRYPTION_KEY',
    ]);
    await errorHandler.shutdown();
  });
});

describe('the components, each alone', () => {
  const error = Object.assign(new Error('getaddrinfo EAI_AGAIN registry.npmjs.org'), { code: 'EAI_AGAIN' });
  const context = { environment: 'ci', repository: 'acme/shop' };

  it('error classifier', async () => {
    const classifier = new ErrorClassifier({
      enableMLClassification: true,
      confidenceThreshold: 0.7,
    });

    const classification = await classifier.classifyError(error, context);

    expect(classification).toMatchObject({
      category: 'network.dns',
      errorType: 'NETWORK_ERROR',
      retryClass: 'backoff',
      strategy: 'rule',
    });
    expect(classification.confidence).toBeGreaterThanOrEqual(0.7);
  });

  it('retry manager', async () => {
    vi.useFakeTimers();
    let calls = 0;
    const operation = async (): Promise<string> => {
      calls += 1;
      if (calls < 3) throw error;
      return 'installed';
    };
    const retryManager = new RetryManager({
      maxRetries: 3,
      baseDelay: 1000,
      strategy: 'exponential',
    });

    const running = retryManager.executeWithRetry(operation, {
      strategy: 'adaptive',
      context: { errorType: 'NETWORK_ERROR' },
    });
    await vi.advanceTimersByTimeAsync(60_000);
    const result = await running;

    expect(result).toMatchObject({ success: true, result: 'installed', attempts: 3, retries: 2 });
  });

  it('automated fix generator', async () => {
    const fixGenerator = new AutomatedFixGenerator({
      enableLearning: true,
      confidenceThreshold: 0.7,
      codegenClient: codegenClient as object,
    });
    const errorInfo = new Error(
      'npm error `npm ci` can only install packages when your package.json and package-lock.json are in sync',
    );

    const fix = await fixGenerator.generateFix(errorInfo, context);

    expect(fix).toMatchObject({
      success: true,
      decision: 'proposed',
      tier: 'rule',
      sureEnoughToApply: false,
      fix: { kind: 'command', body: 'npm install --package-lock-only', validation: ['npm ci'] },
    });
    expect(fix.confidence).toBeGreaterThanOrEqual(0.7);
  });

  it('escalation manager', async () => {
    const escalationManager = new EscalationManager({
      enableAutoEscalation: true,
      codegenClient: codegenClient,
      linearClient: linearClient,
    });
    const errorInfo = { message: 'migration failed', severity: 'critical', retryable: false };
    const fixAttempts = [{ title: 'run it again', success: false, error: 'failed the same way' }];

    const escalation = await escalationManager.evaluateEscalation(errorInfo, context, fixAttempts);

    expect(escalation).toMatchObject({ escalated: true, title: 'migration failed in acme/shop' });
    expect(escalation.summary).toContain('fixing: failed, 1 tried: run it again');
    expect(escalation.notices.find(({ channel }) => channel === 'linear')).toMatchObject({
      state: 'sent',
      reference: 'OPS-1',
    });
  });

  it('error analytics', async () => {
    const errorInfo = { message: 'socket hang up', errorType: 'NETWORK_ERROR', category: 'network.reset' };
    const resolution = { success: true, stage: 'retrier', durationMs: 1_200, attempts: 1 };
    const analytics = new ErrorAnalytics({
      enableRealTimeAnalytics: true,
      enableTrendAnalysis: true,
      enableAnomalyDetection: true,
    });

    // Record errors
    analytics.recordError(errorInfo, context, resolution);

    // Generate reports
    const report = await analytics.generateReport();

    // Get dashboard data
    const dashboard = analytics.getDashboardData();

    expect(report.summary).toMatchObject({ total: 1, resolutionRate: 1, byErrorType: { NETWORK_ERROR: 1 } });
    expect(dashboard.realTime).toMatchObject({ lastMinute: 1, lastHour: 1 });
  });

  it('pattern recognition', async () => {
    const errorEvents = [{ message: 'socket hang up', errorType: 'NETWORK_ERROR', timestamp: Date.now() }];
    const currentContext = { environment: 'ci' };
    const patternRecognition = new PatternRecognition({
      enableMLPrediction: true,
      enableRealTimeLearning: true,
    });

    // Analyze patterns
    const patterns = await patternRecognition.analyzePatterns(errorEvents);

    // Predict errors
    const predictions = await patternRecognition.predictErrors(currentContext);

    expect(patterns).toMatchObject({ analysed: 1, patterns: [] });
    expect(predictions).toMatchObject({ abstained: true, ifAny: [{ errorType: 'NETWORK_ERROR', share: 1 }] });
  });
});

describe('debugging', () => {
  it('debug logging tells each decision', async () => {
    const errorHandler = new ErrorHandlingSystem({
      monitoring: {
        logLevel: 'debug',
      },
    });
    await errorHandler.handleError(new Error('x'), { eventId: 'event-1' });
    const lines = logged.map((line) => JSON.parse(line) as { level: string; message: string });
    expect(lines.filter(({ level }) => level === 'debug').map(({ message }) => message)).toEqual([
      'event-1 raw → classified',
      expect.stringMatching(/^event-1 classified → /) as string,
      'event-1 fixable → unresolved',
      'event-1 unresolved → escalated',
    ]);
    await errorHandler.shutdown();
  });

  it('component statistics and export', async () => {
    const errorHandler = installation();
    await errorHandler.handleError(new Error('x'), { operation: 'y' });

    const stats = errorHandler.getStatistics();
    console.log('Component stats:', stats.components);
    const exportData = errorHandler.exportData();

    expect(printed[0]?.[1]).toMatchObject({
      errorClassifier: { enabled: true, processed: 1 },
      retryManager: { enabled: true, processed: 1 },
      automatedFixGenerator: { enabled: true, processed: 1 },
      escalationManager: { enabled: true, processed: 1 },
      errorAnalytics: { enabled: true, processed: 1 },
      patternRecognition: { enabled: true, processed: 1 },
    });
    expect(JSON.parse(JSON.stringify(exportData))).toEqual(exportData);
    expect(exportData.analytics?.errors).toHaveLength(1);
    await errorHandler.shutdown();
  });
});

describe('examples', () => {
  it('basic error handling', async () => {
    const database = { query: riskyOperation as (sql: string) => Promise<void> };
    const errorHandler = new ErrorHandlingSystem();

    async function handleDatabaseOperation(): Promise<void> {
      try {
        await database.query('SELECT * FROM users');
      } catch (error) {
        const result = await errorHandler.handleError(error, {
          operation: 'database_query',
          table: 'users',
          environment: 'production',
        });

        if (!result.success) {
          console.error('Failed to handle error:', result);
        }
      }
    }

    await handleDatabaseOperation();
    expect(printed).toEqual([
      [
        'Failed to handle error:',
        expect.objectContaining({
          success: false,
          state: 'escalated',
          message: expect.stringContaining('registerOperation("database_query", fn)') as string,
        }),
      ],
    ]);
    // with a way to run it again the same code prints nothing
    printed.length = 0;
    vi.useFakeTimers();
    errorHandler.registerOperation('database_query', () => ['row']);
    const running = handleDatabaseOperation();
    await vi.advanceTimersByTimeAsync(60_000);
    await running;
    expect(printed).toEqual([]);
    await errorHandler.shutdown();
  });

  it('custom retry strategy', async () => {
    vi.useFakeTimers();
    const apiCall = vi.fn(async () => {
      throw Object.assign(new Error('Service Unavailable'), { status: 503 });
    });
    const retryManager = new RetryManager({
      maxRetries: 5,
      baseDelay: 2000,
      strategy: 'fibonacci',
    });

    const running = retryManager.executeWithRetry(
      async () => {
        // Your operation
        return await apiCall();
      },
      {
        retryCondition: (error, attempt) => {
          // Custom retry logic
          return error.status >= 500 && attempt < 3;
        },
        onRetry: (error, attempt, delay) => {
          console.log(`Retry attempt ${attempt} after ${delay}ms`);
        },
      },
    );
    await vi.advanceTimersByTimeAsync(60_000);
    const result = await running;

    expect(apiCall).toHaveBeenCalledTimes(3);
    expect(result).toMatchObject({ success: false, stopReason: 'condition', attempts: 3, retries: 2 });
    const lines = printed.map(([line]) => /^Retry attempt (\d+) after ([\d.]+)ms$/.exec(String(line)));
    expect(lines.map((match) => match?.[1])).toEqual(['1', '2']);
    for (const match of lines) {
      // 1 and 1 times the base in a Fibonacci sequence, with equal jitter
      expect(Number(match?.[2])).toBeGreaterThanOrEqual(1_000);
      expect(Number(match?.[2])).toBeLessThanOrEqual(2_000);
    }
  });

  it('pattern analysis', async () => {
    const errorEvents = Array.from({ length: 3 }, (_, index) => ({
      message: 'socket hang up',
      errorType: index < 2 ? 'NETWORK_ERROR' : 'TIMEOUT_ERROR',
      timestamp: Date.now() - index * 1_000,
    }));
    const patternRecognition = new PatternRecognition({
      enableMLPrediction: true,
    });

    // Analyze historical errors
    const patterns = await patternRecognition.analyzePatterns(errorEvents);

    // Get insights
    const insights = patternRecognition.getInsights({
      errorType: 'NETWORK_ERROR',
      timeRange: '24h',
    });

    console.log('Identified patterns:', patterns);
    console.log('Insights:', insights);

    expect(printed).toEqual([
      ['Identified patterns:', expect.objectContaining({ analysed: 3, patterns: [] })],
      [
        'Insights:',
        expect.objectContaining({ errorType: 'NETWORK_ERROR', timeRange: '24h', count: 2, share: 2 / 3 }),
      ],
    ]);
  });
});
