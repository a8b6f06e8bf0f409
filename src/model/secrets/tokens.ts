/**
 * Tokens that are known by their form.
 *
 * Rule: a prefix that its maker documents, in the lengths that occur. Sources: the makers' own pages (GitHub, GitLab,
 * Slack, Stripe, npm and PyPI publish their prefixes for secret scanning), and the rule files of the scanners gitleaks
 * and secretlint. Their packages scan files, are asynchronous and want a newer Node, so the table is ours.
 */
const TOKENS: readonly string[] = [
  // GitHub, GitLab, Bitbucket and Atlassian
  'gh[pousr]_[A-Za-z0-9]{16,}',
  'github_pat_\\w{16,}',
  'gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|soat|ffct|oas)-[\\w.-]{12,}',
  'GR1348941[\\w-]{16,}',
  'ATATT3[\\w=-]{20,}',
  'ATBB[A-Za-z0-9]{20,}',
  // Slack, Discord, Telegram
  'xox[a-z](?:\\.xox[a-z])?-[\\w-]{8,}',
  'xapp-\\d-[\\w-]{8,}',
  'hooks\\.slack\\.com/(?:services|workflows)/[\\w/-]{8,}',
  'discord(?:app)?\\.com/api/webhooks/[\\w/-]{8,}',
  '\\d{8,10}:AA[\\w-]{30,}',
  // Clouds
  '(?:AKIA|ASIA|ABIA|ACCA|A3T[A-Z0-9])[A-Z0-9]{12,}',
  'AIza[\\w-]{24,}',
  'ya29\\.[\\w-]{10,}',
  'GOCSPX-[\\w-]{16,}',
  'do[oprt]_v1_[a-f0-9]{16,}',
  'dapi[0-9a-f]{32}',
  'HRKU-[\\w-]{16,}',
  'hv[sbr]\\.[\\w-]{16,}',
  '[A-Za-z0-9]{14}\\.atlasv1\\.[\\w=-]{16,}',
  'pul-[0-9a-f]{20,}',
  'dp\\.(?:pt|st|ct|sa|scim|audit)\\.[\\w.-]{16,}',
  // Payments
  '(?:sk|rk|pk)_(?:live|test|prod)_\\w{8,}',
  'whsec_[\\w+/=-]{12,}',
  'sq0[a-z]{3}-[\\w-]{16,}',
  'shp(?:at|ca|pa|ss)_[\\w]{16,}',
  // Registries
  'npm_[A-Za-z0-9]{16,}',
  'pypi-[\\w-]{16,}',
  'rubygems_[a-f0-9]{16,}',
  'dckr_(?:pat|oat)_[\\w-]{16,}',
  'oy2[a-z0-9]{43}',
  // Mail, models and the rest
  'SG\\.[\\w-]{12,}\\.[\\w-]{12,}',
  'SK[0-9a-f]{32}',
  'key-[0-9a-f]{32}',
  'sk-(?:[a-z]+-)*[\\w-]{16,}',
  'hf_[A-Za-z0-9]{16,}',
  'gsk_[A-Za-z0-9]{16,}',
  'r8_[A-Za-z0-9]{16,}',
  'NR(?:AK|JS|II|RA)-[\\w-]{12,}',
  'gl(?:c|sa)_[\\w=+/-]{16,}',
  'sntry[su]_[\\w=+/-]{16,}',
  'lin_(?:api|oauth)_[\\w]{16,}',
  'ntn_\\w{16,}',
  'figd_[\\w-]{16,}',
  'sbp_[a-f0-9]{16,}',
  'pscale_(?:tkn|pw|oauth)_[\\w.-]{16,}',
  'AGE-SECRET-KEY-1[A-Z0-9]{16,}',
  // A JSON Web Token, signed or encrypted
  'eyJ[\\w-]{8,}\\.[\\w-]{4,}(?:\\.[\\w-]*){0,3}',
];

/** All of them at once. */
export const TOKEN = new RegExp(`(?<![A-Za-z0-9_])(?:${TOKENS.join('|')})`, 'g');
