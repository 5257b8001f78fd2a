import { ports } from '../ports.ts';
import type { ToolScenarios } from '../scenario.ts';

/** OpenSSL. */
export const openssl: ToolScenarios = {
  tool: 'openssl',
  version: 'openssl version',
  needs: ['openssl'],
  scenarios: [
    {
      id: 'openssl-expired',
      title: 'A certificate that has expired',
      fails: ['tls.expired', 'never'],
      run: 'openssl verify -CAfile "$CERTS/ca.pem" "$CERTS/expired.pem"',
      cause: /certificate has expired/,
    },
    {
      id: 'openssl-issuer',
      title: 'A certificate whose issuer is not known',
      fails: ['tls.trust', 'never'],
      run: 'openssl verify "$CERTS/good.pem"',
      cause: /unable to get local issuer certificate/,
    },
    {
      id: 'openssl-version',
      title: 'TLS to a port that speaks plain HTTP',
      fails: ['config.invalid', 'never-fixable'],
      run: `openssl s_client -connect 127.0.0.1:${ports.http} </dev/null`,
      cause: /wrong version number|packet length too long/,
    },
    {
      id: 'openssl-client-certificate',
      title: 'A server that wants a certificate of the client',
      fails: ['tls.trust', 'never'],
      run: `openssl s_client -ign_eof -verify_return_error -CAfile "$CERTS/ca.pem" -connect localhost:${ports.clientCert} <<< $'GET /ok HTTP/1.0\\r\\n\\r'`,
      cause: /alert (certificate required|handshake failure|bad certificate)/,
    },
    {
      id: 'openssl-key',
      title: 'A key file that does not exist',
      fails: ['os.missing', 'never-fixable'],
      run: 'openssl rsa -in deploy.key -check',
      cause: /Could not open file or uri|Can't open/,
    },
    {
      id: 'openssl-mismatch',
      title: 'A key that does not belong to the certificate',
      fails: ['config.invalid', 'never-fixable'],
      run: 'openssl pkcs12 -export -passout pass:x -in "$CERTS/good.pem" -inkey "$CERTS/self.key" -out bundle.p12',
      cause: /No cert in -in file .* matches private key/,
    },
    {
      id: 'openssl-decrypt',
      title: 'A secret that does not decrypt',
      fails: ['env.config', 'never'],
      prepare: 'echo secret | openssl enc -aes-256-cbc -pbkdf2 -pass pass:right -out secret.enc',
      run: 'openssl enc -d -aes-256-cbc -pbkdf2 -pass pass:wrong -in secret.enc -out secret',
      cause: /bad decrypt/,
    },
    {
      id: 'openssl-passes',
      title: 'A certificate is verified',
      passes: true,
      run: 'openssl verify -CAfile "$CERTS/ca.pem" "$CERTS/good.pem" && openssl x509 -in "$CERTS/good.pem" -noout -subject -dates',
    },
  ],
};
