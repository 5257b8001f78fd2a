import { httpBase, ports } from '../ports.ts';
import type { ToolScenarios } from '../scenario.ts';

const kubeconfig = (server: string, more = ''): Readonly<Record<string, string>> => ({
  kubeconfig: `apiVersion: v1\nkind: Config\ncurrent-context: ci\nclusters:\n- name: c\n  cluster: { server: "${server}"${more} }\ncontexts:\n- name: ci\n  context: { cluster: c, user: u, namespace: production }\nusers:\n- name: u\n  user: { token: none }\n`,
});

const pod =
  'apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec: { containers: [{ name: a, image: nginx }] }\n';

/** kubectl. */
export const kubectl: ToolScenarios = {
  tool: 'kubectl',
  version: 'kubectl version --client | head -n 1',
  needs: ['kubectl'],
  scenarios: [
    {
      id: 'kubectl-refused',
      title: 'Nothing listens where the cluster should',
      fails: ['k8s.network', 'backoff'],
      files: kubeconfig(`https://127.0.0.1:${ports.refused}`),
      run: 'kubectl --kubeconfig kubeconfig get pods',
      ci: true,
      cause: /The connection to the server .* was refused/,
    },
    {
      id: 'kubectl-dns',
      title: 'The host of the cluster does not resolve',
      fails: ['network.dns', 'backoff'],
      files: kubeconfig('https://k8s.acme.invalid'),
      run: 'kubectl --kubeconfig kubeconfig get pods',
      cause: /^Unable to connect to the server: .*no such host/,
    },
    {
      id: 'kubectl-x509',
      title: 'The cluster has a certificate that nobody signed',
      fails: ['tls.trust', 'never'],
      files: kubeconfig(`https://localhost:${ports.selfSigned}`),
      run: 'kubectl --kubeconfig kubeconfig get pods',
      cause: /^Unable to connect to the server: tls: failed to verify certificate/,
    },
    {
      id: 'kubectl-forbidden',
      title: 'The account may not list pods',
      fails: ['auth.rbac', 'never'],
      files: kubeconfig(httpBase),
      run: 'kubectl --kubeconfig kubeconfig get --raw /api/v1/namespaces/production/pods',
      cause: /cannot list resource "pods"/,
    },
    {
      id: 'kubectl-unauthorized',
      title: 'The token has expired',
      fails: ['auth.expired', 'never'],
      files: kubeconfig(httpBase),
      run: 'kubectl --kubeconfig kubeconfig get --raw /api/v1/namespaces/staging/pods',
      cause: /You must be logged in to the server|Unauthorized/,
    },
    {
      id: 'kubectl-context',
      title: 'A context that does not exist',
      fails: ['env.config', 'never'],
      files: kubeconfig('https://127.0.0.1:1'),
      run: 'kubectl --kubeconfig kubeconfig --context staging get pods',
      cause: /context was not found for specified context: staging|context .*staging.* does not exist/,
    },
    {
      id: 'kubectl-file',
      title: 'A manifest that does not exist',
      fails: ['os.missing', 'never-fixable'],
      files: kubeconfig(httpBase),
      run: 'kubectl --kubeconfig kubeconfig apply --validate=false -f deploy/web.yaml',
      cause: /the path "deploy\/web\.yaml" does not exist/,
    },
    {
      id: 'kubectl-yaml',
      title: 'A manifest that does not parse',
      fails: ['k8s.config', 'never-fixable'],
      files: { ...kubeconfig(httpBase), 'web.yaml': 'apiVersion: v1\nkind: Pod\n  metadata:\n' },
      run: 'kubectl --kubeconfig kubeconfig apply --validate=false -f web.yaml',
      cause: /error converting YAML to JSON/,
    },
    {
      id: 'kubectl-kustomize',
      title: 'A kustomization that names a missing file',
      fails: ['k8s.config', 'never-fixable'],
      files: { 'kustomization.yaml': 'resources:\n- service.yaml\n' },
      run: 'kubectl kustomize .',
      cause: /accumulating resources/,
    },
    {
      id: 'kubectl-flag',
      title: 'A flag that does not exist',
      fails: ['config.invalid', 'never-fixable'],
      run: 'kubectl get pods --namspace production',
      cause: /rror: unknown flag: --namspace/,
    },
    {
      id: 'kubectl-kustomize-passes',
      title: 'A kustomization is built',
      passes: true,
      files: { 'kustomization.yaml': 'namePrefix: ci-\nresources:\n- pod.yaml\n', 'pod.yaml': pod },
      run: 'kubectl kustomize .',
    },
  ],
};
