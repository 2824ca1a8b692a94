import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { scrubSecrets } from '../src/index.ts';

const scrub = scrubSecrets();
const shown = (text: string): string => scrub('output', text);

/** Invented, and assembled from pieces, so that no scanner takes this file for a leak. */
const alnum = 'aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dF3gH5jK7m';
const hex = '0123456789abcdef'.repeat(4);
const secrets: (readonly [what: string, secret: string])[] = [
  ['OpenAI', `sk-${'proj'}-${alnum}`],
  ['OpenAI, old', `sk-${alnum}`],
  ['Anthropic', `sk-${'ant'}-api03-${alnum}-${alnum}AA`],
  ['OpenRouter', `sk-${'or-v1'}-${hex}`],
  ['GitHub', `gh${'p'}_${alnum.slice(0, 36)}`],
  ['GitHub, fine-grained', `github_${'pat'}_${alnum}_${alnum}`],
  ['GitLab', `gl${'pat'}-${alnum.slice(0, 20)}`],
  ['AWS key id', `AK${'IA'}ABCDEFGHIJKLMNOP`],
  ['Google', `AI${'za'}${alnum.slice(0, 35)}`],
  ['Google OAuth', `ya${'29'}.${alnum}`],
  ['Slack', `xo${'xb'}-1234567890-${alnum.slice(0, 24)}`],
  ['Stripe', `sk_${'live'}_${alnum.slice(0, 24)}`],
  ['npm', `np${'m'}_${alnum.slice(0, 36)}`],
  ['PyPI', `py${'pi'}-${alnum}${alnum}`],
  ['Hugging Face', `h${'f'}_${alnum.slice(0, 34)}`],
  ['SendGrid', `S${'G'}.${alnum.slice(0, 22)}.${alnum}`],
  ['DigitalOcean', `do${'p'}_v1_${hex}`],
  ['Databricks', `da${'pi'}${hex.slice(0, 32)}`],
  ['Tailscale', `ts${'key'}-auth-${alnum.slice(0, 20)}`],
  ['age', `AGE-${'SECRET'}-KEY-1${'Q'.repeat(58)}`],
  ['JSON web token', `ey${'J'}hbGciOiJIUzI1NiJ9.ey${'J'}zdWIiOiIxMjM0NTYifQ.${alnum}`],
];

/** The shapes that secret scanners know, by their beginnings. */
const more: readonly (readonly [what: string, secret: string])[] = [
  ['Docker', `dckr_${'pat'}_${alnum.slice(0, 27)}`],
  ['Vault', `hv${'s'}.${alnum}`],
  ['Atlassian', `ATAT${'T3'}xFfGF0${alnum}=9A8B7C6D`],
  ['Notion', `nt${'n'}_${alnum}${alnum.slice(0, 6)}`],
  ['Supabase', `sb${'p'}_${hex.slice(0, 40)}`],
  ['Twilio', `S${'K'}${hex.slice(0, 32)}`],
  ['Microsoft Entra', `aB3${'8Q'}~${alnum.slice(0, 34)}`],
  ['Sentry', `sntry${'s'}_${alnum}`],
  ['Grafana', `gl${'sa'}_${alnum.slice(0, 32)}_1a2b3c4d`],
  ['New Relic', `NR${'AK'}-${alnum.slice(0, 27).toUpperCase()}`],
  ['Figma', `fig${'d'}_${alnum}`],
  ['Terraform', `${alnum.slice(0, 14)}.atlas${'v1'}.${alnum}${alnum}`],
  ['Mailgun', `ke${'y'}-${hex.slice(0, 32)}`],
  ['Mailchimp', `${hex.slice(0, 32)}-u${'s'}12`],
  ['Discord', `M${alnum.slice(0, 23)}.${alnum.slice(0, 6)}.${alnum.slice(0, 38)}`],
  ['Replicate', `r${'8'}_${alnum.slice(0, 37)}`],
  ['NVIDIA', `nv${'api'}-${alnum}${alnum}`],
  ['Postman', `PM${'AK'}-${hex.slice(0, 24)}-${hex.slice(0, 34)}`],
  ['Airtable', `pa${'t'}${alnum.slice(0, 14)}.${hex}`],
  ['Stripe web hook', `wh${'sec'}_${alnum}`],
];
secrets.push(...more);

const armour = (kind: string): string => `-----BEGIN ${kind}-----\n${alnum}\n${alnum}==\n-----END ${kind}-----`;

describe('scrubSecrets', () => {
  it.each(secrets)('removes a key of %s at any place', (_what, secret) => {
    for (const [before, after] of [
      ['', ''],
      ['key: ', ' ok'],
      ['"', '",'],
      ['(', ')'],
      ['a=', '\n'],
    ] as const) {
      expect(shown(`${before}${secret}${after}`)).toBe(`${before}[REDACTED]${after}`);
    }
  });

  it.each([
    ['a bearer header', `Authorization: Bearer ${alnum}`, 'Authorization: Bearer [REDACTED]'],
    ['a basic header', `authorization: Basic dXNlcjpwYXNzd29yZA==`, 'authorization: Basic [REDACTED]'],
    ['a header in JSON', `{"authorization":"Bearer ${alnum}"}`, '{"authorization":"Bearer [REDACTED]"}'],
    ['a header of curl', `curl -H 'Authorization: token ${alnum}' x`, "curl -H 'Authorization: token [REDACTED]' x"],
    ['a bearer token alone', `using bearer ${alnum} now`, 'using bearer [REDACTED] now'],
    ['a password in a URL', 'postgres://app:hunter2@db:5432/x', 'postgres://app:[REDACTED]@db:5432/x'],
    ['a token in a URL', 'https://user:p%40ss@github.com/a/b', 'https://user:[REDACTED]@github.com/a/b'],
    ['a private key', `a\n${armour('RSA PRIVATE KEY')}\nb`, 'a\n[REDACTED]\nb'],
    ['an OpenSSH key', armour('OPENSSH PRIVATE KEY'), '[REDACTED]'],
    ['a PGP key', armour('PGP PRIVATE KEY BLOCK'), '[REDACTED]'],
    ['two keys', `${armour('PRIVATE KEY')} ${armour('EC PRIVATE KEY')}!`, '[REDACTED] [REDACTED]!'],
    ['a key that is cut off', `x -----BEGIN PRIVATE KEY-----\n${alnum}`, 'x [REDACTED]'],
    ['an assigned key', 'AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCY', 'AWS_SECRET_ACCESS_KEY=[REDACTED]'],
    ['a key in JSON', '{"api_key": "a1b2c3d4e5f6g7"}', '{"api_key": "[REDACTED]"}'],
    ['a key in YAML', 'client-secret: a1b2c3d4e5f6g7', 'client-secret: [REDACTED]'],
    ['a connection string', 'AccountKey=a1B2c3D4e5F6g7H8==;x', 'AccountKey=[REDACTED];x'],
    ['a web hook', `https://hooks.slack.com/services/T00/B00/${alnum}`, 'https://hooks.slack.com/services/[REDACTED]'],
  ])('removes %s', (_what, text, expected) => {
    expect(shown(text)).toBe(expected);
  });

  const password = 'hunter2-hunter2-9';
  const forms: readonly (readonly [what: string, text: string, secret: string])[] = [
    ['a variable of a shell', `DB_PASSWORD=${password} ./run`, password],
    ['a variable in double quotes', `DB_PASSWORD="${password}" ./run`, password],
    ['a variable in single quotes', `export API_TOKEN='${alnum}'`, alnum],
    ['a JSON body', `curl -d '{"password": "${password}"}' https://x`, password],
    ['a header', `curl -H "X-Api-Key: ${alnum}" https://x`, alnum],
    ['an authorization header', `curl -H "Authorization: Bearer ${alnum}" https://x`, alnum],
    ['an authorization header without a scheme', `Authorization: ${alnum}`, alnum],
    ['a header in a call', `headers.set('Authorization', 'Bearer ${alnum}')`, alnum],
    ['a cookie', `Cookie: theme=dark; session=${alnum}`, alnum],
    ['YAML on lines', `a: b\nclient_secret: "${alnum}"\nc: d`, alnum],
    ['an argument of a call', `+  conn = connect(password="${password}")`, password],
    ['an option of a command', `mysql --password "${password}" db`, password],
    ['an option in a list', `["mysql","--password","${password}"]`, password],
    ['the user of curl', `curl -u admin:${password} https://x`, password],
    ['the user of curl in a list', `["curl","-u","admin:${password}"]`, password],
    ['the long option of curl', `curl --proxy-user "admin:${password}" x`, password],
    ['sshpass', `sshpass -p ${password} ssh host`, password],
    ['netrc', `machine api.example.com\n  login bob\n  password ${password}\n`, password],
    ['npmrc', `//packages.example.com/:_authToken=${alnum}`, alnum],
    ['the configuration of Docker', `{"auths":{"h":{"auth":"${alnum}"}}}`, alnum],
    ['an environment by key', `os.environ["API_TOKEN"] = "${alnum}"`, alnum],
    ['a typed constant', `const token: string = '${alnum}';`, alnum],
    ['Go', `password := "${password}"`, password],
    ['Python', `password = r"${password}"`, password],
    ['a setter', `setPassword("${password}")`, password],
    ['XML', `<password>${password}</password>`, password],
    ['attributes of XML', `<add key="ApiKey" value="${alnum}"/>`, alnum],
    ['a container in JSON', `{"name":"API_KEY","value":"${alnum}"}`, alnum],
    ['a container in YAML', `- name: API_TOKEN\n  value: ${alnum}`, alnum],
    ['a query', `https://x/?access_token=${alnum}&page=1`, alnum],
    ['a URL with escaped slashes', `https:\\/\\/bob:${password}@host\\/x`, password],
    ['a token as the user of a URL', `https://${alnum}@host/x`, alnum],
    ['an escaped equals sign', `token\\u003d${alnum}`, alnum],
    ['a percent-encoded query', `q=%22token%22%3A%22${alnum}%22`, alnum],
    ['a coloured terminal', `\u001b[31msk-${'proj'}-${alnum}\u001b[0m`, alnum],
    ['a Telegram bot', `https://api.example.com/bot123456789:A${'A'}F${alnum.slice(0, 32)}/x`, alnum.slice(0, 32)],
    ['setx', `setx API_KEY ${alnum}`, alnum],
    ['the shell fish', `set -gx API_TOKEN ${alnum}`, alnum],
    ['the C shell', `setenv API_TOKEN ${alnum}`, alnum],
    ['a Dockerfile', `ENV API_TOKEN ${alnum}`, alnum],
    ['SQL', `ALTER ROLE bob WITH PASSWORD '${password}'`, password],
    ['SQL, of another dialect', `CREATE USER bob IDENTIFIED BY '${password}'`, password],
    ['SQL on two lines', `GRANT ALL ON db.* TO 'bob'@'%'\n  IDENTIFIED BY '${password}'`, password],
    ['a setting of a command line', `aws configure set aws_secret_access_key ${alnum}`, alnum],
    ['a variable without a digit', 'PGPASSWORD=correct-horse psql -h db', 'correct-horse'],
    [
      'a connection string without a digit',
      'Server=db;User Id=sa;Password=correct-horse!;Encrypt=True',
      'correct-horse',
    ],
    ['netrc without a digit', 'machine api.example.com login me password correct-horse', 'correct-horse'],
    ['a block of YAML', `password: |\n  ${password}\nuser: bob`, password],
    ['a folded block of YAML', `api_key: >-\n      ${alnum}\n`, alnum],
    ['a tagged value of YAML', `password: !!str ${password}`, password],
    ['a value of YAML with an anchor', `password: &pw ${password}`, password],
    ['the key of a client of Kubernetes', `    client-key-data: LS0t${alnum}`, alnum],
    ['basic authorization without a digit', 'authorization: Basic dXNlcjpwYXNz', 'dXNlcjpwYXNz'],
    ['a value that begins like the prefix of a string', `token=fb${alnum}`, `fb${alnum}`],
    ['the user of curl, attached', 'curl -ume:pw https://x', 'pw'],
    ['the user of curl among other options', 'curl -sSu me:correct-horse https://x', 'correct-horse'],
    ['the user of curl after an equals sign', `curl --user=me:${password} https://x`, password],
    ['the cookies of curl', `curl -b 'session=${alnum}' https://x`, alnum],
    ['MySQL', `mysql -u root -p${password} db`, password],
    ['sshpass, attached', `sshpass -p'${password}' ssh me@host`, password],
    ['Redis', 'redis-cli -h db -a correct-horse ping', 'correct-horse'],
    ['a login', `docker login -u me -p ${password} hub.example.com`, password],
    ['a field of a multipart form', `form-data; name="password"\r\n\r\n${password}\r\n--x`, password],
    ['a quoted value that begins with a bracket', '"password": "(xy12ABab!"', 'xy12ABab'],
    ['quotes in a quoted value', 'password: "p4ss-\\"and\\"-word"', 'p4ss'],
  ];

  describe.each(forms)('in %s', (_what, text, secret) => {
    const inJson = (depth: number): string =>
      depth === 0 ? text : JSON.stringify({ command: ['bash', '-lc', inJson(depth - 1)], success: true });

    it.each([0, 1, 2, 3, 5])('removes a secret that was put into JSON %i times, and keeps the JSON valid', (depth) => {
      let scrubbed = shown(inJson(depth));
      expect(scrubbed).not.toContain(secret);
      for (let level = depth; level > 0; level -= 1) {
        const { command, success } = JSON.parse(scrubbed) as { command: readonly string[]; success: boolean };
        expect(success).toBe(true);
        scrubbed = command[2] ?? '';
      }
      expect(scrubbed).toBe(shown(text));
    });
  });

  it('keeps JSON valid, whatever is next to a secret', () => {
    const text = fc.oneof(
      fc.string(),
      fc.constantFrom('password', 'token: ', '"api_key":', '\\', '"', "'", 'Bearer ', '-u ', 'cookie: a='),
      fc.constantFrom(...secrets.map(([, secret]) => secret), password, 'a\\"1b2c3d4', '://a:b1@'),
    );
    const value = fc.array(text, { maxLength: 6 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('password', 'token', 'arguments', 'a'), value),
        fc.boolean(),
        (given, deep) => {
          const json = JSON.stringify(deep ? { input: JSON.stringify(given) } : given);
          const parsed = JSON.parse(shown(json)) as Record<string, string>;
          const inner = deep ? (JSON.parse(parsed.input ?? '') as Record<string, string>) : parsed;
          expect(Object.keys(inner)).toEqual(Object.keys(given));
        },
      ),
    );
  });

  it.each([
    'The quick brown fox: nothing secret here.',
    'git commit 3f83488a1b2c3d4e5f60718293a4b5c6d7e8f901',
    'conversation 01a09a08-5141-7cf0-b36b-4a52b8f3f8a1',
    'const token: string = readToken();',
    'password: process.env.PASSWORD,',
    'api_key=$OPENAI_API_KEY',
    'Authorization: Bearer $TOKEN',
    'Authorization: Bearer <your token>',
    'max_tokens=4096, prompt_tokens: 1234567890123',
    'the bearer of this letter is authorised',
    'Basic authentication is not supported',
    'https://example.com:8443/path?a=b@c',
    'git@github.com:openai/codex.git',
    'https://example.com/a:b/c@d',
    'sk-learn is a library; task-runner; risk-averse-and-very-long-word',
    'class="sk-fading-circle-with-a-really-long-name"',
    'desk-organiser-with-a-really-long-name-0123456789',
    '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----',
    '-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----',
    'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
    'npm_config_registry=https://packages.example.com/npm/',
    'if (secret === undefined) throw new Error("no secret");',
    'eyJ is how JSON begins in base64',
    'pwd=/home/user1/project',
    'foreign_key: "user_accounts_2024_id"',
    'tokenizer = "cl100k_base_2"',
    'unexpected token: "end of input 12"',
    'curl -u $USER:$PASSWORD https://x',
    `password="${'$'}{DB_PASSWORD_2}"`,
    'login: bob, password: ********',
    'const secret = process.env.SECRET_V2;',
    'token = readAccessToken2(request)',
    'machine learning: the default password',
    'cookie: string',
    'export const apiKey = config.apiKey2;',
    'token: TokenKind.Identifier2,',
    'unexpected token: `foo_bar_12`',
    'auth: AuthService2',
    'FOREIGN_KEY=orders_customer_id_2, PRIMARY_KEY = user_id_field_2',
    'npm run build:sk-components-and-other-things2',
    'docker run -u 1000:1000 image; rsync -u host:/path/to/x .; ps -u root:x',
    'curl -s https://x | sort -u file:1',
    'chown --user me:wheel file',
    '{"pwd":"/home/me/project2"}',
    'PASSWORD=required, the default password changed',
    'password: "<your password>"',
    'password: "{{ .Values.password }}"',
    'mkdir -p some/folder2; tar -a -b 20',
    'set the token limit2 higher',
    'user@example.com:8080/path',
    'Each user is identified by `customer_id` in the table.',
    'Rows are identified by "session_id" and "tenant".',
    "The user's row is identified by 'customer_id'.",
    'identified by: "John Smith"',
    'Rename the user password `passwordHash` column.',
    'read -s -p "Enter user password " PASS && echo "done now"',
    'print("Login with password ", end="")',
    'query("ALTER ROLE x WITH PASSWORD " + quote(pw) + " VALID UNTIL")',
    'CREATE TABLE user (id int); -- a row is identified by "customer_id"',
  ])('does not change %j', (text) => {
    expect(shown(text)).toBe(text);
  });

  it('removes further texts literally', () => {
    const own = scrubSecrets({ also: ['$&corp', /emp-\d+/i, ''] });
    expect(own('prompt', 'a $&corp b EMP-12 emp-3')).toBe('a [REDACTED] b [REDACTED] [REDACTED]');
  });

  it('returns the same result when called again', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(...secrets.map(([, secret]) => secret)), (text, secret) => {
        const once = shown(`${text} ${secret} ${text}`);
        expect(once).not.toContain(secret);
        expect(shown(once)).toBe(once);
      }),
    );
  });

  it.each([
    'eyJ',
    'eyJaaaaaaaa.',
    'eyJaaaaaaaa.eyJaaaaaaaa.',
    'sk-',
    'a.',
    'a://',
    'a://b:',
    'https://a:b',
    '-----BEGIN PRIVATE KEY-----',
    '-----BEGIN ',
    'token=',
    'token: a1',
    'authorization: bearer ',
    'bearer 1',
    'SG.aaaaaaaaaaaaaaaa.',
    'A',
    ' ',
    '\\',
    'token\\',
    'password="',
    'password=\\"',
    'machine a login b password ',
    '-u a:b',
    'curl -u a:b',
    'curl -u -p -a -b ',
    'docker -p ',
    'set -g token ',
    'PASSWORD=',
    ';Password=',
    'form-data; name="password"\n\n',
    'password: &a ',
    'sk-a',
    'token"value:',
    'cookie: a=b',
    `sk-${alnum}.`,
    `M${alnum.slice(0, 24)}.`,
    '1:AA',
    '%22',
  ])('stays linear on a megabyte of %j', (piece) => {
    // A quadratic pattern would take minutes here, beyond the time limit of the test.
    expect(shown(piece.repeat(Math.ceil(1_000_000 / piece.length)))).not.toBe('');
  });
});
