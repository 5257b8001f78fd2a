import { ports } from '../ports.ts';
import type { ToolScenarios } from '../scenario.ts';

const registry = `127.0.0.1:${ports.http}`;

/** The docker client, without a daemon. */
export const docker: ToolScenarios = {
  tool: 'docker',
  version: 'docker --version',
  needs: ['docker'],
  scenarios: [
    {
      id: 'docker-no-daemon',
      title: 'No daemon answers',
      fails: ['infra.runner', 'once-elsewhere'],
      env: { DOCKER_HOST: 'unix:///var/run/no-such-docker.sock' },
      run: 'docker ps',
      ci: true,
      cause: /Cannot connect to the Docker daemon at unix:/,
    },
    {
      id: 'docker-dind-dns',
      title: 'The host of the daemon does not resolve',
      fails: ['network.dns', 'backoff'],
      env: { DOCKER_HOST: 'tcp://docker.acme.invalid:2375' },
      run: 'docker info',
      cause: /lookup docker\.acme\.invalid.*no such host/,
    },
    {
      id: 'docker-permission',
      title: 'The user may not use the socket',
      fails: ['os.permission', 'never-fixable'],
      unprivileged: true,
      needs: ['python3'],
      prepare:
        'mkdir -p .root-owned && python3 -c "import socket; socket.socket(socket.AF_UNIX).bind(\'.root-owned/docker.sock\')" && chmod 600 .root-owned/docker.sock',
      run: 'docker -H unix://$PWD/.root-owned/docker.sock pull alpine',
      cause: /permission denied while trying to connect to the Docker daemon socket/,
    },
    {
      id: 'docker-manifest-missing',
      title: 'A tag that the registry does not have',
      fails: ['container.missing', 'never-fixable'],
      run: `docker manifest inspect --insecure ${registry}/missing/app:1.4.2`,
      cause: /no such manifest|manifest unknown/,
    },
    {
      id: 'docker-rate-limit',
      title: 'The registry limits pulls',
      fails: ['limit.registry', 'wait'],
      run: `docker manifest inspect --insecure ${registry}/limited/app:1.4.2`,
      cause: /toomanyrequests: You have reached your pull rate limit/,
    },
    {
      id: 'docker-denied',
      title: 'The registry denies access',
      fails: ['auth.registry', 'never'],
      run: `docker manifest inspect --insecure ${registry}/denied/app:1.4.2`,
      cause: /^denied/,
    },
    {
      id: 'docker-registry-500',
      title: 'The registry is broken',
      fails: ['remote.registry', 'backoff'],
      run: `docker manifest inspect --insecure ${registry}/broken/app:1.4.2`,
      cause: /received unexpected HTTP status: 500|500 Internal Server Error/,
    },
    {
      id: 'docker-reference',
      title: 'An image name with capitals',
      fails: ['config.invalid', 'never-fixable'],
      run: 'docker manifest inspect registry.acme.example/Team/App:latest',
      cause: /repository name .*must be lowercase|invalid reference format/,
    },
    {
      id: 'docker-env-file',
      title: 'An environment file that does not exist',
      fails: ['os.missing', 'never-fixable'],
      run: 'docker run --env-file .env.ci alpine true',
      cause: /open \.env\.ci: no such file or directory/,
    },
    {
      id: 'docker-context',
      title: 'A context that does not exist',
      fails: ['env.config', 'never'],
      run: 'docker --context staging ps',
      cause: /context "staging"/,
    },
    {
      id: 'docker-flag',
      title: 'A flag that does not exist',
      fails: ['config.invalid', 'never-fixable'],
      run: 'docker run --memroy 1g alpine',
      cause: /unknown flag: --memroy/,
    },
    {
      id: 'docker-plugin',
      title: 'A plugin that is not installed',
      fails: ['env.toolchain', 'never-fixable'],
      run: 'docker scoutt cves app:1',
      cause: /unknown command: docker scoutt/,
    },
    {
      id: 'docker-tls-files',
      title: 'The certificate for the daemon is not there',
      fails: ['env.config', 'never'],
      run: 'docker --tlsverify -H tcp://127.0.0.1:2376 ps',
      cause: /unable to resolve docker endpoint|no such file or directory/,
    },
    {
      id: 'docker-login-tty',
      title: 'A login without a terminal',
      fails: ['auth.registry', 'never'],
      run: 'docker login registry.acme.example',
      cause: /Cannot perform an interactive login from a non TTY device/i,
    },
    {
      id: 'docker-context-passes',
      title: 'The contexts are listed',
      passes: true,
      run: 'docker context ls && docker --version',
    },
  ],
};

const compose = (text: string): Readonly<Record<string, string>> => ({ 'docker-compose.yml': text });

/** docker-compose. */
export const dockerCompose: ToolScenarios = {
  tool: 'docker-compose',
  version: 'docker-compose --version',
  needs: ['docker-compose'],
  scenarios: [
    {
      id: 'compose-key',
      title: 'A key that the schema does not know',
      fails: ['config.invalid', 'never-fixable'],
      files: compose("version: '3.8'\nservices:\n  web:\n    image: nginx\n    port:\n      - 80:80\n"),
      run: 'docker-compose config',
      cause: /Unsupported config option for services\.web: 'port'|Additional properties are not allowed/,
    },
    {
      id: 'compose-yaml',
      title: 'A file that does not parse',
      fails: ['config.invalid', 'never-fixable'],
      files: compose('services:\n  web:\n    image: nginx\n   ports:\n      - 80:80\n'),
      run: 'docker-compose config',
      cause: /yaml\.(parser|scanner)\.|did not find expected|expected <block end>/,
    },
    {
      id: 'compose-variable',
      title: 'A variable that must be set is not',
      fails: ['env.config', 'never'],
      files: compose('services:\n  web:\n    image: acme/web:${TAG:?tag is required}\n'),
      run: 'docker-compose config',
      cause: /tag is required/,
    },
    {
      id: 'compose-depends',
      title: 'A service depends on one that does not exist',
      fails: ['config.invalid', 'never-fixable'],
      files: compose('services:\n  web:\n    image: nginx\n    depends_on: [cache]\n'),
      run: 'docker-compose config',
      cause: /depends on service 'cache' which is undefined/,
    },
    {
      id: 'compose-volume',
      title: 'A volume that is not declared',
      fails: ['config.invalid', 'never-fixable'],
      files: compose(
        "version: '3.8'\nservices:\n  web:\n    image: nginx\n    volumes: ['data:/var/lib/web']\n",
      ),
      run: 'docker-compose config',
      cause: /Named volume .* is used in service "web" but no declaration was found/,
    },
    {
      id: 'compose-port',
      title: 'A port that is none',
      fails: ['config.invalid', 'never-fixable'],
      files: compose("services:\n  web:\n    image: nginx\n    ports: ['http:80']\n"),
      run: 'docker-compose config',
      cause: /Invalid port "http:80"|is invalid/,
    },
    {
      id: 'compose-missing',
      title: 'No compose file',
      fails: ['os.missing', 'never-fixable'],
      run: 'docker-compose up -d',
      cause: /Can't find a suitable configuration file/,
    },
    {
      id: 'compose-env-file',
      title: 'An environment file that does not exist',
      fails: ['os.missing', 'never-fixable'],
      files: compose('services:\n  web:\n    image: nginx\n    env_file: .env.web\n'),
      run: 'docker-compose config',
      cause: /Couldn't find env file/,
    },
    {
      id: 'compose-passes',
      title: 'A configuration that is valid',
      passes: true,
      files: compose('services:\n  web:\n    image: nginx\n    environment: { LOG_LEVEL: error }\n'),
      run: 'docker-compose config',
    },
  ],
};
