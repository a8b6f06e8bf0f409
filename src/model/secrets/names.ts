/**
 * Which names say that their value is a secret: of variables, headers, parameters, options and fields.
 *
 * Rule: a name is read by its words (`dbPassword`, `X-Api-Key`, `SENTRY_DSN`), so that `monkey` and `keepalive` are no
 * keys. Rather one masked too many than one shown.
 */

/** Words that mean a secret wherever they stand, also as a part of a longer word: `authtoken`, `clientsecret`. */
const CERTAIN =
  /token|secret|passw|passphrase|passcode|credential|(?:api|access|private|auth|account|admin|client|encryption|license|master|secret|shared|signing|ssh|storage)_?key$|(?:db|my|pg|sql|user|admin|root|redis|require)pass$/;
/** Words that mean one when they stand alone. */
const WORDS = new Set(
  (
    'key keys apikey pass pwd pw auth authn authz oauth authorization authentication authenticate dsn private priv ' +
    'cookie cookies session sessions sessionid sess sid jsessionid phpsessid jwt bearer cred creds csrf xsrf sig ' +
    'signature hmac otp totp pat pem'
  ).split(' '),
);
const WORD_ENDS = /(?:cookie|pwd|password)s?$/;
/** Names of every shell and desktop that only sound like secrets. */
const HARMLESS =
  /^(?:PWD|OLDPWD|(?:XDG|KDE|TERM|DBUS|DESKTOP|GNOME_DESKTOP|GDM)_?SESSION\w*|SESSION_MANAGER|SECURITYSESSIONID)$/;

/** The words of a name, in lower case, without numbers at their end. */
function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .map((word) => word.replace(/\d+$/, ''))
    .filter((word) => word !== '');
}

/** Whether the value of something with this name is a secret. */
export function isSecretName(name: string): boolean {
  return !HARMLESS.test(name) && (isCertainName(name) || wordsOf(name).some(isSecretWord));
}

/** Whether it is one beyond doubt, also in prose: a `password`, and not just a `session`. */
export function isCertainName(name: string): boolean {
  const words = wordsOf(name);
  return words.some((word) => CERTAIN.test(word)) || CERTAIN.test(words.join('_'));
}

function isSecretWord(word: string): boolean {
  return WORDS.has(word) || WORD_ENDS.test(word);
}

/** Whether a value is the place of a secret, such as `/run/keys/tls.pem`, and not the secret itself. */
export function isPlace(name: string, value: string): boolean {
  const last = wordsOf(name).at(-1) ?? '';
  return (
    (/^(?:file|path|dir|directory|folder|sock|socket)$/.test(last) && /[/.]/.test(value)) ||
    /^[\w./~-]+\.(?:pem|key|crt|cer|p12|pfx|jks|der|json|ya?ml|txt|conf|sock|env)$/i.test(value)
  );
}
