import { httpBase, ports } from '../ports.ts';
import type { ToolScenarios } from '../scenario.ts';

const post = (url: string, body: string): string =>
  `curl -sS --fail-with-body -H 'content-type: application/json' -d '${body}' ${url}`;

/** curl. */
export const curl: ToolScenarios = {
  tool: 'curl',
  version: 'curl --version | head -n 1',
  needs: ['curl'],
  scenarios: [
    {
      id: 'curl-dns',
      title: 'A host name that does not resolve',
      fails: ['network.dns', 'backoff'],
      run: 'curl -fsSL https://get.acme.invalid/install.sh -o install.sh',
      cause: /curl: \(6\) Could not resolve host/,
    },
    {
      id: 'curl-refused',
      title: 'Nothing listens',
      fails: ['network.refused', 'backoff'],
      run: `curl -fsS http://127.0.0.1:${ports.refused}/health`,
      ci: true,
      cause: /curl: \(7\) Failed to connect/,
    },
    {
      id: 'curl-timeout',
      title: 'A server that never answers',
      fails: ['network.timeout', 'backoff'],
      run: `curl -fsS --max-time 1 http://127.0.0.1:${ports.silent}/health`,
      cause: /curl: \(28\) Operation timed out/,
    },
    {
      id: 'curl-reset',
      title: 'A server that resets the connection',
      fails: ['network.reset', 'backoff'],
      run: `curl -v http://127.0.0.1:${ports.reset}/artifact.tgz -o artifact.tgz`,
      cause: /curl: \(56\) Recv failure: Connection reset by peer/,
    },
    {
      id: 'curl-empty',
      title: 'A server that hangs up',
      fails: ['network.reset', 'backoff'],
      run: `curl -fsS http://127.0.0.1:${ports.empty}/`,
      cause: /curl: \(52\) Empty reply from server/,
    },
    {
      id: 'curl-truncated',
      title: 'A download that ends early',
      fails: ['network.reset', 'backoff'],
      run: `curl -f http://127.0.0.1:${ports.truncated}/layer.tar -o layer.tar`,
      cause: /curl: \(18\) (transfer closed|end of response) with 19989 bytes/,
    },
    {
      id: 'curl-self-signed',
      title: 'A certificate that nobody signed',
      fails: ['tls.trust', 'never'],
      run: `curl -fsS https://localhost:${ports.selfSigned}/`,
      cause: /curl: \(60\) SSL certificate problem: self-signed certificate/,
    },
    {
      id: 'curl-expired',
      title: 'A certificate that has expired',
      fails: ['tls.expired', 'never'],
      run: `curl -fsS --cacert "$CERTS/ca.pem" https://localhost:${ports.expired}/`,
      cause: /curl: \(60\) SSL certificate problem: certificate has expired/,
    },
    {
      id: 'curl-wrong-host',
      title: 'A certificate of another host',
      fails: ['tls.trust', 'never'],
      run: `curl -fsS --cacert "$CERTS/ca.pem" https://localhost:${ports.wrongHost}/`,
      cause: /curl: \(60\) SSL: no alternative certificate subject name matches/,
    },
    {
      id: 'curl-handshake',
      title: 'The connection breaks in the TLS handshake',
      fails: ['tls.transient', 'backoff'],
      run: `curl -fsS https://localhost:${ports.handshakeEnd}/`,
      cause: /curl: \(35\) .*SSL_ERROR_SYSCALL|curl: \(35\) .*unexpected eof/i,
    },
    {
      id: 'curl-404',
      title: 'A file that is not there',
      fails: ['remote.missing', 'never-fixable'],
      run: `curl -fsSLO ${httpBase}/releases/v9.9.9/tool.tar.gz`,
      cause: /curl: \(22\) The requested URL returned error: 404/,
    },
    {
      id: 'curl-disk',
      title: 'The disk is full during a download',
      fails: ['disk.full', 'once-elsewhere'],
      smallDisk: { path: 'cache', size: '64k' },
      prepare: 'head -c 400000 /dev/zero > big',
      run: 'curl -fsS file://$PWD/big -o cache/big',
      cause: /curl: \(23\)/,
    },
    {
      id: 'curl-github-limit',
      title: 'The API of the forge limits the rate',
      fails: ['limit.api', 'wait'],
      run: `curl -sS --fail-with-body ${httpBase}/github/repos/acme/app/actions/runs`,
      cause: /API rate limit exceeded for user ID/,
    },
    {
      id: 'curl-llm-overloaded',
      title: 'A model provider is overloaded',
      fails: ['llm.overload', 'backoff'],
      run: post(
        `${httpBase}/anthropic/overloaded/v1/messages`,
        '{"model":"claude-sonnet-4-5","max_tokens":64,"messages":[]}',
      ),
      cause: /overloaded_error/,
    },
    {
      id: 'curl-llm-quota',
      title: 'The budget at a model provider is used up',
      fails: ['llm.quota', 'never'],
      run: post(`${httpBase}/openai/quota/v1/chat/completions`, '{"model":"gpt-4o","messages":[]}'),
      cause: /insufficient_quota/,
    },
    {
      id: 'curl-passes',
      title: "A download over TLS with an authority of one's own",
      passes: true,
      run: `curl -v --cacert "$CERTS/ca.pem" https://localhost:${ports.privateCa}/ok`,
    },
    {
      id: 'curl-retry-passes',
      title: 'A probe that is allowed to fail',
      passes: true,
      run: `curl -sS http://127.0.0.1:${ports.refused}/ || echo "not up yet, using the stub"\ncurl -sS ${httpBase}/ok`,
    },
  ],
};

/** GNU Wget. */
export const wget: ToolScenarios = {
  tool: 'wget',
  version: 'wget --version | head -n 1',
  needs: ['wget'],
  scenarios: [
    {
      id: 'wget-dns',
      title: 'A host name that does not resolve',
      fails: ['network.dns', 'backoff'],
      run: 'wget --tries=1 https://downloads.acme.invalid/jdk.tar.gz',
      cause: /unable to resolve host address/,
    },
    {
      id: 'wget-503',
      title: 'A server that is down',
      fails: ['remote.outage', 'backoff'],
      run: `wget --tries=1 ${httpBase}/status/503/jdk.tar.gz`,
      cause: /ERROR 503: Service Unavailable/,
    },
    {
      id: 'wget-certificate',
      title: 'A certificate that nobody signed',
      fails: ['tls.trust', 'never'],
      run: `wget --tries=1 https://localhost:${ports.selfSigned}/jdk.tar.gz`,
      cause: /certificate of .localhost. is not trusted|cannot verify localhost's certificate/,
    },
    {
      id: 'wget-timeout',
      title: 'A server that never answers',
      fails: ['network.timeout', 'backoff'],
      run: `wget --tries=2 --timeout=1 --waitretry=0 http://127.0.0.1:${ports.silent}/jdk.tar.gz`,
      cause: /Read error \(Connection timed out\) in headers/,
    },
    { id: 'wget-passes', title: 'A download', passes: true, run: `wget ${httpBase}/ok` },
  ],
};
