import { httpBase, ports } from '../ports.ts';
import type { ToolScenarios } from '../scenario.ts';

const registry = `127.0.0.1:${ports.http}`;

/** The docker client, without a daemon. */
export const docker: ToolScenarios = {
  tool: 'docker',
  version: 'docker --version',
  needs: ['docker'],
  scenarios: [
    { id: 'docker-no-daemon', title: 'No daemon answers', fails: ['infra.runner', 'once-elsewhere'], env: { DOCKER_HOST: 'unix:///var/run/no-such-docker.sock' }, run: 'docker ps', ci: true, cause: /Cannot connect to the Docker daemon at unix:/ },
    { id: 'docker-dind-dns', title: 'The host of the daemon does not resolve', fails: ['network.dns', 'backoff'], env: { DOCKER_HOST: 'tcp://docker.acme.invalid:2375' }, run: 'docker info', cause: /lookup docker\.acme\.invalid.*no such host/ },
    { id: 'docker-permission', title: 'The user may not use the socket', fails: ['os.permission', 'never-fixable'], unprivileged: true, needs: ['python3'], prepare: "mkdir -p .root-owned && python3 -c \"import socket; socket.socket(socket.AF_UNIX).bind('.root-owned/docker.sock')\" && chmod 600 .root-owned/docker.sock", run: 'docker -H unix://$PWD/.root-owned/docker.sock pull alpine', cause: /permission denied while trying to connect to the Docker daemon socket/ },
    { id: 'docker-manifest-missing', title: 'A tag that the registry does not have', fails: ['container.missing', 'never-fixable'], run: `docker manifest inspect --insecure ${registry}/missing/app:1.4.2`, cause: /no such manifest|manifest unknown/ },
    { id: 'docker-rate-limit', title: 'The registry limits pulls', fails: ['limit.registry', 'wait'], run: `docker manifest inspect --insecure ${registry}/limited/app:1.4.2`, cause: /toomanyrequests: You have reached your pull rate limit/ },
    { id: 'docker-denied', title: 'The registry denies access', fails: ['auth.registry', 'never'], run: `docker manifest inspect --insecure ${registry}/denied/app:1.4.2`, cause: /^denied/ },
    { id: 'docker-registry-500', title: 'The registry is broken', fails: ['remote.registry', 'backoff'], run: `docker manifest inspect --insecure ${registry}/broken/app:1.4.2`, cause: /received unexpected HTTP status: 500|500 Internal Server Error/ },
    { id: 'docker-reference', title: 'An image name with capitals', fails: ['config.invalid', 'never-fixable'], run: 'docker manifest inspect registry.acme.example/Team/App:latest', cause: /repository name .*must be lowercase|invalid reference format/ },
    { id: 'docker-env-file', title: 'An environment file that does not exist', fails: ['os.missing', 'never-fixable'], run: 'docker run --env-file .env.ci alpine true', cause: /open \.env\.ci: no such file or directory/ },
    { id: 'docker-context', title: 'A context that does not exist', fails: ['env.config', 'never'], run: 'docker --context staging ps', cause: /context "staging"/ },
    { id: 'docker-flag', title: 'A flag that does not exist', fails: ['config.invalid', 'never-fixable'], run: 'docker run --memroy 1g alpine', cause: /unknown flag: --memroy/ },
    { id: 'docker-plugin', title: 'A plugin that is not installed', fails: ['env.toolchain', 'never-fixable'], run: 'docker scoutt cves app:1', cause: /unknown command: docker scoutt/ },
    { id: 'docker-tls-files', title: 'The certificate for the daemon is not there', fails: ['env.config', 'never'], run: 'docker --tlsverify -H tcp://127.0.0.1:2376 ps', cause: /unable to resolve docker endpoint|no such file or directory/ },
    { id: 'docker-login-tty', title: 'A login without a terminal', fails: ['auth.registry', 'never'], run: 'docker login registry.acme.example', cause: /Cannot perform an interactive login from a non TTY device/i },
    { id: 'docker-context-passes', title: 'The contexts are listed', passes: true, run: 'docker context ls && docker --version' },
  ],
};

const compose = (text: string): Readonly<Record<string, string>> => ({ 'docker-compose.yml': text });

/** docker-compose. */
export const dockerCompose: ToolScenarios = {
  tool: 'docker-compose',
  version: 'docker-compose --version',
  needs: ['docker-compose'],
  scenarios: [
    { id: 'compose-key', title: 'A key that the schema does not know', fails: ['config.invalid', 'never-fixable'], files: compose("version: '3.8'\nservices:\n  web:\n    image: nginx\n    port:\n      - 80:80\n"), run: 'docker-compose config', cause: /Unsupported config option for services\.web: 'port'|Additional properties are not allowed/ },
    { id: 'compose-yaml', title: 'A file that does not parse', fails: ['config.invalid', 'never-fixable'], files: compose("services:\n  web:\n    image: nginx\n   ports:\n      - 80:80\n"), run: 'docker-compose config', cause: /yaml\.(parser|scanner)\.|did not find expected|expected <block end>/ },
    { id: 'compose-variable', title: 'A variable that must be set is not', fails: ['env.config', 'never'], files: compose("services:\n  web:\n    image: acme/web:${TAG:?tag is required}\n"), run: 'docker-compose config', cause: /tag is required/ },
    { id: 'compose-depends', title: 'A service depends on one that does not exist', fails: ['config.invalid', 'never-fixable'], files: compose("services:\n  web:\n    image: nginx\n    depends_on: [cache]\n"), run: 'docker-compose config', cause: /depends on service 'cache' which is undefined/ },
    { id: 'compose-volume', title: 'A volume that is not declared', fails: ['config.invalid', 'never-fixable'], files: compose("version: '3.8'\nservices:\n  web:\n    image: nginx\n    volumes: ['data:/var/lib/web']\n"), run: 'docker-compose config', cause: /Named volume .* is used in service "web" but no declaration was found/ },
    { id: 'compose-port', title: 'A port that is none', fails: ['config.invalid', 'never-fixable'], files: compose("services:\n  web:\n    image: nginx\n    ports: ['http:80']\n"), run: 'docker-compose config', cause: /Invalid port "http:80"|is invalid/ },
    { id: 'compose-missing', title: 'No compose file', fails: ['os.missing', 'never-fixable'], run: 'docker-compose up -d', cause: /Can't find a suitable configuration file/ },
    { id: 'compose-env-file', title: 'An environment file that does not exist', fails: ['os.missing', 'never-fixable'], files: compose("services:\n  web:\n    image: nginx\n    env_file: .env.web\n"), run: 'docker-compose config', cause: /Couldn't find env file/ },
    { id: 'compose-passes', title: 'A configuration that is valid', passes: true, files: compose("services:\n  web:\n    image: nginx\n    environment: { LOG_LEVEL: error }\n"), run: 'docker-compose config' },
  ],
};

const kubeconfig = (server: string, more = ''): Readonly<Record<string, string>> => ({
  kubeconfig: `apiVersion: v1\nkind: Config\ncurrent-context: ci\nclusters:\n- name: c\n  cluster: { server: "${server}"${more} }\ncontexts:\n- name: ci\n  context: { cluster: c, user: u, namespace: production }\nusers:\n- name: u\n  user: { token: none }\n`,
});
const pod = 'apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec: { containers: [{ name: a, image: nginx }] }\n';

/** kubectl. */
export const kubectl: ToolScenarios = {
  tool: 'kubectl',
  version: 'kubectl version --client | head -n 1',
  needs: ['kubectl'],
  scenarios: [
    { id: 'kubectl-refused', title: 'Nothing listens where the cluster should', fails: ['k8s.network', 'backoff'], files: kubeconfig(`https://127.0.0.1:${ports.refused}`), run: 'kubectl --kubeconfig kubeconfig get pods', ci: true, cause: /The connection to the server .* was refused/ },
    { id: 'kubectl-dns', title: 'The host of the cluster does not resolve', fails: ['network.dns', 'backoff'], files: kubeconfig('https://k8s.acme.invalid'), run: 'kubectl --kubeconfig kubeconfig get pods', cause: /^Unable to connect to the server: .*no such host/ },
    { id: 'kubectl-x509', title: 'The cluster has a certificate that nobody signed', fails: ['tls.trust', 'never'], files: kubeconfig(`https://localhost:${ports.selfSigned}`), run: 'kubectl --kubeconfig kubeconfig get pods', cause: /^Unable to connect to the server: tls: failed to verify certificate/ },
    { id: 'kubectl-forbidden', title: 'The account may not list pods', fails: ['auth.rbac', 'never'], files: kubeconfig(httpBase), run: 'kubectl --kubeconfig kubeconfig get --raw /api/v1/namespaces/production/pods', cause: /cannot list resource "pods"/ },
    { id: 'kubectl-unauthorized', title: 'The token has expired', fails: ['auth.expired', 'never'], files: kubeconfig(httpBase), run: 'kubectl --kubeconfig kubeconfig get --raw /api/v1/namespaces/staging/pods', cause: /You must be logged in to the server|Unauthorized/ },
    { id: 'kubectl-context', title: 'A context that does not exist', fails: ['env.config', 'never'], files: kubeconfig('https://127.0.0.1:1'), run: 'kubectl --kubeconfig kubeconfig --context staging get pods', cause: /context was not found for specified context: staging|context .*staging.* does not exist/ },
    { id: 'kubectl-file', title: 'A manifest that does not exist', fails: ['os.missing', 'never-fixable'], files: kubeconfig(httpBase), run: 'kubectl --kubeconfig kubeconfig apply --validate=false -f deploy/web.yaml', cause: /the path "deploy\/web\.yaml" does not exist/ },
    { id: 'kubectl-yaml', title: 'A manifest that does not parse', fails: ['k8s.config', 'never-fixable'], files: { ...kubeconfig(httpBase), 'web.yaml': 'apiVersion: v1\nkind: Pod\n  metadata:\n' }, run: 'kubectl --kubeconfig kubeconfig apply --validate=false -f web.yaml', cause: /error converting YAML to JSON/ },
    { id: 'kubectl-kustomize', title: 'A kustomization that names a missing file', fails: ['k8s.config', 'never-fixable'], files: { 'kustomization.yaml': 'resources:\n- service.yaml\n' }, run: 'kubectl kustomize .', cause: /accumulating resources/ },
    { id: 'kubectl-flag', title: 'A flag that does not exist', fails: ['config.invalid', 'never-fixable'], run: 'kubectl get pods --namspace production', cause: /rror: unknown flag: --namspace/ },
    { id: 'kubectl-kustomize-passes', title: 'A kustomization is built', passes: true, files: { 'kustomization.yaml': 'namePrefix: ci-\nresources:\n- pod.yaml\n', 'pod.yaml': pod }, run: 'kubectl kustomize .' },
  ],
};
