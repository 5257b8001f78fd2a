import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';

/** Paths of the certificates made for one run; `.key` and `.pem` are left out. */
export interface Certificates {
  readonly folder: string;
}

const openssl = (folder: string, ...args: readonly string[]): void => {
  execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
};

const issue = (folder: string, name: string, host: string, start: string, end: string): void => {
  openssl(
    folder,
    'req',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    `${name}.key`,
    '-out',
    `${name}.csr`,
    '-subj',
    `/O=Acme/CN=${host}`,
  );
  writeFileSync(
    `${folder}/${name}.ext`,
    `subjectAltName=DNS:${host}${host === 'localhost' ? ',IP:127.0.0.1' : ''}\n`,
  );
  openssl(
    folder,
    'ca',
    '-batch',
    '-config',
    'ca.cnf',
    '-in',
    `${name}.csr`,
    '-out',
    `${name}.pem`,
    '-extfile',
    `${name}.ext`,
    '-startdate',
    start,
    '-enddate',
    end,
    '-notext',
  );
};

/** Makes an authority and one certificate of each kind with the machine's openssl. */
export function makeCertificates(folder: string): Certificates {
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/index.txt`, '');
  writeFileSync(`${folder}/index.txt.attr`, 'unique_subject = no\n');
  writeFileSync(`${folder}/serial`, '1000\n');
  writeFileSync(
    `${folder}/ca.cnf`,
    '[ca]\ndefault_ca=d\n[d]\ndir=.\ndatabase=index.txt\nserial=serial\nnew_certs_dir=.\ncertificate=ca.pem\nprivate_key=ca.key\ndefault_md=sha256\npolicy=p\nemail_in_dn=no\n[p]\norganizationName=optional\ncommonName=supplied\n',
  );
  openssl(
    folder,
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '3650',
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-subj',
    '/O=Acme/CN=Acme Test CA',
  );
  openssl(
    folder,
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '3650',
    '-keyout',
    'self.key',
    '-out',
    'self.pem',
    '-subj',
    '/O=Acme/CN=localhost',
    '-addext',
    'subjectAltName=DNS:localhost,IP:127.0.0.1',
  );
  issue(folder, 'good', 'localhost', '20240101000000Z', '20440101000000Z');
  issue(folder, 'expired', 'localhost', '20220101000000Z', '20230101000000Z');
  issue(folder, 'other', 'registry.acme.example', '20240101000000Z', '20440101000000Z');
  return { folder };
}
