/** One kind of secret: how to find it, and what stays of it. */
export interface Detector {
  readonly id: string;
  /** One of these occurs wherever the pattern matches; lower case, ASCII. Empty: always tried. */
  readonly literals: readonly string[];
  /** Global; linear on any input. */
  readonly pattern: RegExp;
  /** Whether it goes over line ends. */
  readonly multiline?: true;
  /** What stands in its place; `undefined` leaves the match as it is. `before`: the last few characters before it. */
  readonly replace: (
    match: string,
    groups: readonly (string | undefined)[],
    before: string,
  ) => string | undefined;
}

/** What stands where a secret stood. */
export const redacted = (id: string): string => `[redacted:${id}]`;

const whole = (id: string, literals: readonly string[], pattern: RegExp): Detector => ({
  id,
  literals,
  pattern,
  replace: () => redacted(id),
});

/** Secrets known by their shape alone: the prefixes that issuers document. */
export const shapes: readonly Detector[] = [
  whole(
    'github-token',
    ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'],
    /(?<![A-Za-z0-9])gh[pousr]_[A-Za-z0-9]{16,255}/g,
  ),
  whole('github-token', ['github_pat_'], /(?<![A-Za-z0-9])github_pat_[A-Za-z0-9_]{20,255}/g),
  whole(
    'gitlab-token',
    ['glpat-', 'gldt-', 'glrt-', 'glcbt-', 'glptt-', 'glft-', 'glimt-', 'glagent-', 'gloas-', 'glsoat-'],
    /(?<![A-Za-z0-9])gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|oas|soat)-[A-Za-z0-9_.-]{16,255}/g,
  ),
  whole(
    'aws-access-key',
    ['akia', 'asia', 'abia', 'acca'],
    /(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])/g,
  ),
  whole('slack-token', ['xox'], /(?<![A-Za-z0-9])xox[abceoprs]-[A-Za-z0-9-]{10,255}/g),
  whole('slack-token', ['xapp-'], /(?<![A-Za-z0-9])xapp-[0-9]-[A-Za-z0-9-]{10,255}/g),
  whole(
    'slack-webhook',
    ['hooks.slack.com/'],
    /https?:\/\/hooks\.slack\.com\/(?:services|workflows|triggers)\/[A-Za-z0-9/_-]{8,255}/g,
  ),
  whole(
    'discord-webhook',
    ['/api/webhooks/'],
    /https?:\/\/[a-z.]{0,40}discord(?:app)?\.com\/api\/webhooks\/[0-9]{5,30}\/[A-Za-z0-9_-]{16,255}/g,
  ),
  whole(
    'jwt',
    ['eyj'],
    /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,4096}\.[A-Za-z0-9_-]{4,8192}(?:\.[A-Za-z0-9_-]{0,4096})?/g,
  ),
  whole(
    'openai-key',
    ['sk-'],
    /(?<![A-Za-z0-9])sk-(?:proj-|svcacct-|admin-|ant-|or-)?[A-Za-z0-9_-]{20,255}/g,
  ),
  whole(
    'linear-key',
    ['lin_api_', 'lin_oauth_', 'lin_wh_'],
    /(?<![A-Za-z0-9])lin_(?:api|oauth|wh)_[A-Za-z0-9]{16,255}/g,
  ),
  whole('npm-token', ['npm_'], /(?<![A-Za-z0-9])npm_[A-Za-z0-9]{30,255}/g),
  whole('pypi-token', ['pypi-'], /(?<![A-Za-z0-9])pypi-[A-Za-z0-9_-]{30,1024}/g),
  whole('rubygems-key', ['rubygems_'], /(?<![A-Za-z0-9])rubygems_[a-f0-9]{32,96}/g),
  whole(
    'docker-token',
    ['dckr_pat_', 'dckr_oat_'],
    /(?<![A-Za-z0-9])dckr_(?:pat|oat)_[A-Za-z0-9_-]{16,255}/g,
  ),
  whole('huggingface-token', ['hf_'], /(?<![A-Za-z0-9])hf_[A-Za-z0-9]{30,255}/g),
  whole('google-api-key', ['aiza'], /(?<![A-Za-z0-9])AIza[A-Za-z0-9_-]{35}/g),
  whole('google-oauth-token', ['ya29.'], /(?<![A-Za-z0-9])ya29\.[A-Za-z0-9_-]{20,1024}/g),
  whole('google-oauth-secret', ['gocspx-'], /(?<![A-Za-z0-9])GOCSPX-[A-Za-z0-9_-]{20,255}/g),
  whole(
    'stripe-key',
    ['sk_live_', 'sk_test_', 'rk_live_', 'rk_test_', 'whsec_'],
    /(?<![A-Za-z0-9])(?:[rs]k_(?:live|test)_|whsec_)[A-Za-z0-9+/=]{16,255}/g,
  ),
  whole('sendgrid-key', ['sg.'], /(?<![A-Za-z0-9])SG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,128}/g),
  whole(
    'twilio-key',
    [...'0123456789abcdef'].map((digit) => `sk${digit}`),
    /(?<![A-Za-z0-9])SK[a-f0-9]{32}(?![A-Za-z0-9])/g,
  ),
  whole('mailgun-key', ['key-'], /(?<![A-Za-z0-9])key-[a-f0-9]{32}(?![A-Za-z0-9])/g),
  whole(
    'digitalocean-token',
    ['dop_v1_', 'doo_v1_', 'dor_v1_'],
    /(?<![A-Za-z0-9])do[opr]_v1_[a-f0-9]{32,128}/g,
  ),
  whole(
    'shopify-token',
    ['shpat_', 'shpca_', 'shppa_', 'shpss_'],
    /(?<![A-Za-z0-9])shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}/g,
  ),
  whole('hashicorp-token', ['hvs.', 'hvb.', 'hvr.'], /(?<![A-Za-z0-9])hv[sbr]\.[A-Za-z0-9_-]{20,512}/g),
  whole('terraform-token', ['.atlasv1.'], /(?<![A-Za-z0-9])[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_-]{40,128}/g),
  whole('databricks-token', ['dapi'], /(?<![A-Za-z0-9])dapi[a-f0-9]{32}(?:-\d)?(?![A-Za-z0-9])/g),
  whole('azure-key', ['accountkey='], /(?<=AccountKey=)[A-Za-z0-9+/]{40,128}={0,2}/gi),
  whole('grafana-token', ['glsa_', 'glc_'], /(?<![A-Za-z0-9])gl(?:sa|c)_[A-Za-z0-9_+/=]{20,512}/g),
  whole('sentry-token', ['sntrys_', 'sntryu_'], /(?<![A-Za-z0-9])sntry[su]_[A-Za-z0-9_+/=.-]{20,1024}/g),
  whole('age-key', ['age-secret-key-'], /AGE-SECRET-KEY-1[A-Z0-9]{30,90}/gi),
  {
    id: 'pem',
    literals: ['-----begin '],
    multiline: true,
    // The block ends at its end line; one that was cut off ends where the base64 does.
    pattern:
      /-----BEGIN [A-Z0-9 ]{0,40}(?:PRIVATE KEY|CERTIFICATE|MESSAGE)(?: BLOCK)?-----(?:(?!-----)[A-Za-z0-9+/=\s:,.()\\-]){0,65536}(?:-----END [A-Z0-9 ]{0,60}-----)?/g,
    // Line ends stay, so that lines keep their numbers.
    replace: (match) => `${redacted('pem')}${'\n'.repeat(match.split(/\r\n|\n|\r/).length - 1)}`,
  },
];

/** Credentials known by what stands around them: URLs and headers. */
export const surroundings: readonly Detector[] = [
  {
    id: 'url-credentials',
    literals: ['://'],
    pattern: /:\/\/([^\s/@:"'<>]{0,256}):([^\s/@"'<>]{1,1024})@/g,
    replace: (_match, [user, password]) =>
      password === undefined || password.startsWith('[redacted')
        ? undefined
        : `://${user ?? ''}:${redacted('url-credentials')}@`,
  },
  {
    id: 'url-credentials',
    literals: ['://'],
    pattern: /:\/\/([^\s/@:"'<>[\]]{12,1024})@/g,
    replace: () => `://${redacted('url-credentials')}@`,
  },
  {
    id: 'header-credentials',
    literals: ['authorization', 'cookie', 'x-api-key', 'x-auth-token', 'private-token', 'job-token'],
    pattern:
      /\b((?:proxy-)?authorization|(?:set-)?cookie|x-(?:api-key|auth-token|amz-security-token|vault-token)|(?:private|job)-token)(["']?\s{0,4}[:=]\s{0,4}["']?)((?:(?:basic|bearer|token|digest|negotiate|aws4-hmac-sha256)\s{1,4})?)([^\r\n"']{1,8192})/gi,
    replace: (_match, [name, colon, scheme, value]) =>
      value === undefined || value.startsWith('[redacted')
        ? undefined
        : `${name ?? ''}${colon ?? ''}${scheme ?? ''}${redacted('header-credentials')}`,
  },
  {
    id: 'bearer',
    literals: ['bearer ', 'basic '],
    pattern: /\b(bearer|basic)( {1,4})(?=[A-Za-z0-9._~+/=-]*[0-9=_])([A-Za-z0-9._~+/=-]{16,8192})/gi,
    replace: (_match, [scheme, gap]) => `${scheme ?? ''}${gap ?? ''}${redacted('bearer')}`,
  },
];
