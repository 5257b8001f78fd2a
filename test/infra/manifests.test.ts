import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { metricNames } from '@faultline/platform';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';

const root = fileURLToPath(new URL('../..', import.meta.url));
const text = (...names: string[]): string => readFileSync(path.join(root, ...names), 'utf8');
const has = (command: string): boolean =>
  spawnSync(command, ['--help'], { stdio: 'ignore' }).error === undefined;

type Value = string | number | boolean | null | undefined | Value[] | { [key: string]: Value };
type Mapping = { [key: string]: Value };

/** The mapping at a path of keys; a failure names what is not there. */
function at(value: Value, ...keys: (string | number)[]): Mapping {
  const found = keys.reduce<Value>((each, key) => (each as Mapping | undefined)?.[key], value);
  if (typeof found !== 'object' || found === null) throw new Error(`nothing at ${keys.join('.')}`);
  return found as Mapping;
}

/** A scalar as text. */
const textOf = (value: Value): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));
const list = (value: Value): Value[] => (Array.isArray(value) ? value : []);
const entries = (value: Value): [string, Mapping][] => Object.entries(value as Record<string, Mapping>);

const services = ['classifier', 'retrier', 'fixer', 'escalator', 'analytics', 'gateway'];

/** Every key that some service's configuration knows: quoted or declared in the sources. */
const sources = readdirSync(path.join(root, 'services'), { recursive: true, withFileTypes: true })
  .filter(
    (entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.parentPath.includes('node_modules'),
  )
  .filter((entry) => !entry.parentPath.includes(`${path.sep}dist`))
  .map((entry) => readFileSync(path.join(entry.parentPath, entry.name), 'utf8'))
  .join('\n');
const isKnownKey = (key: string): boolean => new RegExp(`\\b${key}\\b`).test(sources);

/** Names of ours in an expression that no metric of the product has. */
function unknownMetrics(expression: string): string[] {
  const used = expression.match(/\bfaultline_[a-z_]+/g) ?? [];
  const known = new Set<string>(metricNames);
  return used.filter((name) => !known.has(name) && !known.has(name.replace(/_(bucket|sum|count)$/, '')));
}

test('an unknown metric is seen', () => {
  expect(unknownMetrics('rate(faultline_line_seconds_bucket[5m]) > faultline_lag_record')).toEqual([
    'faultline_lag_record',
  ]);
});

describe('docker-compose.yml', () => {
  const compose = parse(text('docker-compose.yml'), { merge: true }) as Mapping;
  const all = entries(at(compose, 'services'));
  const names = new Set(all.map(([name]) => name));

  test('the services are there, with what they stand on', () => {
    expect([...names].sort()).toEqual(
      [
        ...services,
        'grafana',
        'kafka',
        'postgres',
        'prometheus',
        'provision',
        'registry',
        'replay',
        'system',
      ].sort(),
    );
  });

  test.each(all)('%s: an exact image, a health check, only local ports', (name, service) => {
    expect(service['image']).toMatch(/^[a-z./-]+:(\d|v\d|local)[\w.-]*$/);
    const ends = name === 'provision' || name === 'replay';
    expect(at(service, 'healthcheck')['disable'] ?? false).toBe(ends);
    for (const port of list(service['ports'])) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  test.each(all)('%s: waits for healthy ones that exist', (_, service) => {
    for (const [other, { condition }] of entries(service['depends_on'] ?? {})) {
      expect(names).toContain(other);
      expect(condition).toBe(other === 'provision' ? 'service_completed_successfully' : 'service_healthy');
    }
  });

  test('no two services publish one port, but for the two ways to run the API', () => {
    const published = all.flatMap(([name, service]) => (name === 'system' ? [] : list(service['ports'])));
    const fixed = published.filter((port) => !textOf(port).startsWith('127.0.0.1::'));
    expect(new Set(fixed).size).toBe(fixed.length);
  });

  test('what is optional starts only when asked for', () => {
    const profiles = Object.fromEntries(all.map(([name, service]) => [name, service['profiles']]));
    expect(profiles).toMatchObject({
      replay: ['demo'],
      prometheus: ['observability'],
      grafana: ['observability'],
      system: ['all'],
    });
    for (const name of services) expect(profiles[name]).toBeUndefined();
  });

  test('every key of the services is one that their configuration knows', () => {
    const keys = Object.keys(at(compose, 'services', 'classifier', 'environment'));
    expect(keys.length).toBeGreaterThan(10);
    expect(keys.filter((key) => !isKnownKey(key))).toEqual([]);
  });

  test('the broker is set like the native one', () => {
    const environment = at(compose, 'services', 'kafka', 'environment');
    const variable = (key: string): string => `KAFKA_${key.toUpperCase().replaceAll('.', '_')}`;
    const settings = text('infra/kafka/server.properties.template')
      .split('\n')
      .filter((line) => /^[a-z].*=/.test(line) && !line.includes('${'))
      .map((line) => line.split('=') as [string, string])
      // Listeners differ: containers talk to one, the host to the other. Threads are for two cores.
      .filter(([key]) => !/listener|roles|threads/.test(key));
    expect(settings.length).toBeGreaterThan(8);
    expect(settings.map(([key]) => [key, textOf(environment[variable(key)])])).toEqual(settings);
  });
});

describe('Dockerfile', () => {
  const stages = text('infra/docker/Dockerfile')
    .split(/^FROM /m)
    .slice(1);

  test('builds in one stage and runs in another, as an ordinary user under an init', () => {
    expect(stages).toHaveLength(2);
    for (const stage of stages) expect(stage).toMatch(/^node:\d+\.\d+-/);
    expect(stages[1]).toMatch(/^USER node$/m);
    expect(stages[1]).toMatch(/^ENTRYPOINT \["\/usr\/bin\/tini", "--"\]$/m);
  });

  test('every folder that it copies is let through to it', () => {
    const allowed =
      text('infra/docker/Dockerfile.dockerignore')
        .match(/^!(.+)$/gm)
        ?.map((line) => line.slice(1)) ?? [];
    const copied = stages
      .flatMap((stage) => stage.match(/^COPY (?!--from).*$/gm) ?? [])
      .flatMap((line) =>
        line
          .split(/\s+/)
          .filter((word) => !word.startsWith('--'))
          .slice(1, -1),
      );
    expect(copied.length).toBeGreaterThan(5);
    expect(
      copied.filter((source) => !allowed.some((prefix) => `${source}/`.startsWith(`${prefix}/`))),
    ).toEqual([]);
  });
});

describe('Prometheus', () => {
  const groups = list((parse(text('infra/prometheus/alerts.yml')) as Mapping)['groups']) as Mapping[];
  const rules = groups.flatMap((group) => list(group['rules']) as Mapping[]);
  const chapters = new Set(
    [...text('infra/README.md').matchAll(/^### (.+)$/gm)].map(([, title]) => title?.toLowerCase()),
  );

  test.each(rules.map((rule) => [textOf(rule['alert']), rule] as const))(
    '%s: metrics, severity, runbook, test',
    (name, rule) => {
      expect(unknownMetrics(textOf(rule['expr']))).toEqual([]);
      expect(['warning', 'critical']).toContain(at(rule, 'labels')['severity']);
      const annotations = at(rule, 'annotations');
      expect(annotations['summary']).toBeTruthy();
      expect(annotations['description']).toBeTruthy();
      const [file, chapter] = textOf(annotations['runbook_url']).split('#');
      expect(file).toBe('infra/README.md');
      expect(chapters).toContain(chapter);
      expect(text('infra/prometheus/alerts.test.yml')).toContain(`alertname: ${name}`);
    },
  );

  test('every service is scraped', () => {
    const config = parse(text('infra/prometheus/prometheus.yml')) as Mapping;
    const names = list(at(config, 'scrape_configs', 0, 'dns_sd_configs', 0)['names']);
    expect(names).toEqual(expect.arrayContaining([...services, 'system']));
  });

  test.runIf(has('promtool'))(
    'promtool finds config and alerts right, and the tests of the alerts pass',
    () => {
      const said = (...args: string[]): string =>
        execFileSync('promtool', args, { encoding: 'utf8', cwd: path.join(root, 'infra/prometheus') });
      const config = said('check', 'config', 'prometheus.yml');
      const alerts = said('test', 'rules', 'alerts.test.yml');
      expect(config).toContain('SUCCESS');
      expect(alerts).toContain('SUCCESS');
    },
  );
});

describe('Grafana', () => {
  const dashboard = JSON.parse(text('infra/grafana/dashboards/line.json')) as Mapping;
  const panels = list(dashboard['panels']) as Mapping[];
  const source = at(
    parse(text('infra/grafana/provisioning/datasources/prometheus.yml')) as Mapping,
    'datasources',
    0,
  );
  const provider = at(
    parse(text('infra/grafana/provisioning/dashboards/faultline.yml')) as Mapping,
    'providers',
    0,
  );

  test('is provisioned and cannot be changed in the browser', () => {
    expect(dashboard['uid']).toBe('faultline-line');
    expect(dashboard['editable']).toBe(false);
    expect(provider['allowUiUpdates']).toBe(false);
    expect(source['editable']).toBe(false);
  });

  test('every panel asks the provisioned source for metrics that exist', () => {
    const asking = panels.filter((panel) => panel['type'] !== 'row');
    expect(asking.length).toBeGreaterThan(15);
    for (const panel of asking) expect(at(panel, 'datasource')['uid']).toBe(source['uid']);
    const expressions = asking
      .flatMap((panel) => list(panel['targets']) as Mapping[])
      .map((target) => textOf(target['expr']));
    expect(expressions.flatMap(unknownMetrics)).toEqual([]);
    expect(new Set(panels.map((panel) => panel['id'])).size).toBe(panels.length);
  });

  test('no two panels lie on each other', () => {
    const cells = panels.flatMap((panel) => {
      const { x, y, w, h } = at(panel, 'gridPos') as Record<string, number>;
      return Array.from(
        { length: (w ?? 0) * (h ?? 0) },
        (_, i) => `${(x ?? 0) + (i % (w ?? 1))},${(y ?? 0) + Math.floor(i / (w ?? 1))}`,
      );
    });
    expect(new Set(cells).size).toBe(cells.length);
  });
});

describe('Kubernetes', () => {
  const kustomization = parse(text('infra/k8s/kustomization.yaml')) as Mapping;
  const resources = list(kustomization['resources']).map(String);
  const objects = resources.flatMap((file) =>
    parseAllDocuments(text('infra/k8s', file)).map((each) => each.toJS() as Mapping),
  );
  const ofKind = (kind: string): Mapping[] => objects.filter((object) => object['kind'] === kind);
  const nameOf = (object: Mapping): string => textOf(at(object, 'metadata')['name']);
  const environment = Object.fromEntries(
    text('infra/k8s/config.env')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => line.split('=', 2)),
  ) as Record<string, string>;

  test('a Deployment and a disruption budget for each service, and the provisioning', () => {
    expect(ofKind('Deployment').map(nameOf).sort()).toEqual([...services].sort());
    expect(ofKind('PodDisruptionBudget').map(nameOf).sort()).toEqual([...services].sort());
    expect(ofKind('Job').map(nameOf)).toEqual(['provision']);
    expect(ofKind('Service').map(nameOf).sort()).toEqual(['analytics', 'gateway']);
  });

  test.each(ofKind('Deployment').map((each) => [nameOf(each), each] as const))(
    '%s: its own program, probes, limits, no root',
    (name, deployment) => {
      const pod = at(deployment, 'spec', 'template', 'spec');
      const container = at(pod, 'containers', 0);
      expect(container['args']).toEqual(['node', `services/${name}/dist/main.js`]);
      expect(at(container, 'livenessProbe', 'httpGet')['path']).toBe('/livez');
      expect(at(container, 'startupProbe', 'httpGet')['path']).toBe('/livez');
      expect(at(container, 'readinessProbe', 'httpGet')['path']).toBe('/readyz');
      expect(at(container, 'resources', 'limits')['memory']).toBeTruthy();
      expect(at(container, 'securityContext')).toMatchObject({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
      });
      expect(at(pod, 'securityContext')['runAsNonRoot']).toBe(true);
      expect(Number(pod['terminationGracePeriodSeconds'])).toBeGreaterThan(20);
      expect(at(deployment, 'spec', 'selector', 'matchLabels')).toEqual(
        at(deployment, 'spec', 'template', 'metadata', 'labels'),
      );
    },
  );

  test('budgets, services and autoscalers mean Deployments that exist', () => {
    const label = (object: Mapping, ...keys: string[]): Value =>
      at(object, 'spec', ...keys)['app.kubernetes.io/name'];
    for (const each of ofKind('PodDisruptionBudget'))
      expect(label(each, 'selector', 'matchLabels')).toBe(nameOf(each));
    for (const each of ofKind('Service')) expect(label(each, 'selector')).toBe(nameOf(each));
    const scaled = ofKind('HorizontalPodAutoscaler');
    expect(scaled.map((each) => textOf(at(each, 'spec', 'scaleTargetRef')['name'])).sort()).toEqual([
      'classifier',
      'escalator',
      'fixer',
      'retrier',
    ]);
    // An instance more than there are partitions would have nothing to read.
    for (const each of scaled)
      expect(textOf(at(each, 'spec')['maxReplicas'])).toBe(environment['FAULTLINE_PARTITIONS']);
  });

  test('every key of the configuration is one that a service knows', () => {
    expect(Object.keys(environment).filter((key) => !isKnownKey(key))).toEqual([]);
  });

  test.skipIf(!has('kubectl'))('kustomize renders it, with the configuration in every Pod', () => {
    const rendered = parseAllDocuments(
      execFileSync('kubectl', ['kustomize', path.join(root, 'infra/k8s')], { encoding: 'utf8' }),
    ).map((each) => each.toJS() as Mapping);
    const config = rendered.find((object) => object['kind'] === 'ConfigMap');
    expect(config).toBeDefined();
    for (const deployment of rendered.filter((object) => object['kind'] === 'Deployment')) {
      const container = at(deployment, 'spec', 'template', 'spec', 'containers', 0);
      expect(at(container, 'envFrom', 0, 'configMapRef')['name']).toBe(nameOf(config ?? {}));
      expect(container['image']).toBe('faultline:0.1.0');
    }
  });
});

describe('GitHub Actions', () => {
  const workflow = parse(text('.github/workflows/ci.yml')) as Mapping;

  test('runs .ci/run on every supported Node, with Java 17', () => {
    const job = at(workflow, 'jobs', 'verify');
    expect(list(at(job, 'strategy', 'matrix')['node'])).toEqual([20, 22, 24]);
    const steps = list(job['steps']) as Mapping[];
    expect(steps.some((step) => step['run'] === '.ci/run')).toBe(true);
    expect(
      at(
        steps.find((step) => textOf(step['uses']).startsWith('actions/setup-java')),
        'with',
      )['java-version'],
    ).toBe(17);
  });
});
