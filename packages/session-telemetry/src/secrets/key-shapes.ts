/**
 * Keys and tokens that are recognised by how they begin, taken from the vendors' documentation and the default rules of
 * gitleaks and trufflehog. All consist of letters, digits and `_ - .`.
 */
const keyShapes = [
  // Models and their tools
  'sk-(?=(?:[a-z_-]{0,200}[A-Z0-9]){4})[A-Za-z0-9_-]{20,}', // OpenAI, Anthropic, OpenRouter, Langfuse; no words with hyphens
  'sess-[A-Za-z0-9]{32,}', // OpenAI session
  'xai-[A-Za-z0-9]{40,}',
  'gsk_[A-Za-z0-9]{40,}', // Groq
  'csk-[a-z0-9]{40,}', // Cerebras
  'pplx-[A-Za-z0-9]{40,}', // Perplexity
  'nvapi-[A-Za-z0-9_-]{40,}', // NVIDIA
  'fw_[A-Za-z0-9]{20,}', // Fireworks
  'r8_[A-Za-z0-9]{37}', // Replicate
  'tgp_v1_[A-Za-z0-9_-]{40,}', // Together
  'hf_[A-Za-z0-9]{30,}', // Hugging Face
  'api_org_[A-Za-z0-9]{34}',
  'lsv2_(?:pt|sk)_[A-Za-z0-9_]{32,}', // LangSmith
  'pcsk_[A-Za-z0-9_]{40,}', // Pinecone
  'tvly-[A-Za-z0-9-]{20,}', // Tavily
  'jina_[A-Za-z0-9_-]{40,}',
  'e2b_[a-f0-9]{40}',
  'wandb_v\\d_[A-Za-z0-9_]{40,}', // Weights & Biases
  'ABSK[A-Za-z0-9+/]{80,}', // Amazon Bedrock
  'bedrock-api-key-[A-Za-z0-9+/=]{20,}',
  // Code and packages
  'gh[pousr]_[A-Za-z0-9_.-]{30,}', // GitHub
  'github_pat_[A-Za-z0-9_]{22,}',
  'gl(?:pat|dt|rt|rtr|ptt|cbt|ft|imt|oas|soat|agent|ffct)-[A-Za-z0-9_.-]{20,}', // GitLab
  'GR1348941[A-Za-z0-9_-]{20,}',
  'npm_[A-Za-z0-9]{36}',
  'pypi-[A-Za-z0-9_-]{50,}',
  'rubygems_[a-f0-9]{48}',
  'cio[A-Za-z0-9]{32}(?![A-Za-z0-9])', // crates.io
  'CLOJARS_[a-z0-9]{60}',
  'oy2[a-z0-9]{43}(?![a-z0-9])', // NuGet
  'dckr_[po]at_[A-Za-z0-9_-]{20,}', // Docker
  'AKCp[A-Za-z0-9]{60,}', // Artifactory
  'cmVmdGtu[A-Za-z0-9]{50,}',
  'sq[pua]_[a-f0-9]{40}', // SonarQube
  'snyk_[a-z]{2,4}\\.[A-Za-z0-9_.-]{20,}',
  'CCIP(?:AT|RJ)_[A-Za-z0-9_-]{20,}', // CircleCI
  'bk(?:ua|ct)_[A-Za-z0-9]{30,}', // Buildkite
  'ATATT3[A-Za-z0-9_=-]{20,}', // Atlassian
  'ATCTT3[A-Za-z0-9_=-]{20,}',
  'ATBB[A-Za-z0-9]{28,}', // Bitbucket
  'lin_(?:api|oauth)_[A-Za-z0-9]{32,}', // Linear
  'figd_[A-Za-z0-9_-]{30,}', // Figma
  'PMAK-[a-f0-9]{24}-[a-f0-9]{34}', // Postman
  'sntry[su]_[A-Za-z0-9_+/=-]{30,}', // Sentry
  // Clouds
  '(?:AKIA|ASIA|ABIA|ACCA|AIDA|AROA)[A-Z2-7]{16}(?![A-Za-z0-9])', // AWS
  'AIza[A-Za-z0-9_-]{35}', // Google
  'ya29\\.[A-Za-z0-9_-]{20,}',
  'GOCSPX-[A-Za-z0-9_-]{20,}',
  'LTAI[A-Za-z0-9]{17,24}(?![A-Za-z0-9])', // Alibaba
  'AKID[A-Za-z0-9]{32}(?![A-Za-z0-9])', // Tencent
  'AQVN[A-Za-z0-9_-]{35,38}(?![A-Za-z0-9_-])', // Yandex
  't1\\.[A-Z0-9a-z_-]{20,}\\.[A-Z0-9a-z_-]{40,}',
  'do[opr]_v1_[a-f0-9]{64}', // DigitalOcean
  '[A-Za-z0-9_~.]{3}\\dQ~[A-Za-z0-9_~.-]{31,34}', // Microsoft Entra client secret
  'dapi[a-f0-9]{32}', // Databricks
  'dose[a-f0-9]{32}',
  'HRKU-[A-Za-z0-9_-]{30,}', // Heroku
  'fm[12]_[A-Za-z0-9+/=_-]{40,}', // Fly
  'fo1_[A-Za-z0-9_-]{40,}',
  'nf[pcou]_[A-Za-z0-9]{36,}', // Netlify
  'vc[piark]_[A-Za-z0-9]{24,}', // Vercel
  'rnd_[A-Za-z0-9]{28,}', // Render
  'sbp_[a-f0-9]{40}', // Supabase
  'sb_secret_[A-Za-z0-9_-]{20,}',
  'napi_[a-z0-9]{40,}', // Neon
  'pscale_(?:tkn|pw|oauth)_[A-Za-z0-9_.=-]{30,}', // PlanetScale
  'pul-[a-f0-9]{40}', // Pulumi
  '[A-Za-z0-9]{14}\\.atlasv1\\.[A-Za-z0-9_=-]{60,}', // Terraform
  'hv[sbr]\\.[A-Za-z0-9_-]{20,}', // Vault
  'dp\\.(?:pt|st|ct|sa|scim|audit)\\.[A-Za-z0-9_.-]{30,}', // Doppler
  'ops_eyJ[A-Za-z0-9_=-]{100,}', // 1Password
  'tskey-[A-Za-z0-9-]{20,}', // Tailscale
  // Monitoring
  'gl(?:c|sa)_[A-Za-z0-9_+/=-]{30,}', // Grafana
  'NR(?:AK|JS|II|RA|BR)-[A-Za-z0-9_-]{19,}', // New Relic
  'dt0[a-z]\\d{2}\\.[A-Z0-9]{24}\\.[A-Z0-9]{64}', // Dynatrace
  'hcai[ck]_[A-Za-z0-9]{40,}', // Honeycomb
  'ph[cx]_[A-Za-z0-9]{30,}', // PostHog
  // Chat and mail
  'xox[abceoprs](?:\\.xox[a-z])?-[A-Za-z0-9-]{10,}', // Slack
  'xapp-\\d-[A-Za-z0-9-]{10,}',
  'SG\\.[A-Za-z0-9_-]{16,}\\.[A-Za-z0-9_-]{16,}', // SendGrid
  '(?:SK|AC)[a-f0-9]{32}(?![A-Za-z0-9])', // Twilio
  'key-[a-f0-9]{32}(?![A-Za-z0-9])', // Mailgun
  '[a-f0-9]{32}-us\\d{1,2}(?![A-Za-z0-9])', // Mailchimp
  'xkeysib-[a-f0-9]{64}-[A-Za-z0-9]{16}', // Brevo
  're_[A-Za-z0-9]{8,}_[A-Za-z0-9]{20,}', // Resend
  '[MNO][A-Za-z0-9]{23,27}\\.[A-Za-z0-9_-]{6}\\.[A-Za-z0-9_-]{27,40}', // Discord
  'ntn_[A-Za-z0-9]{40,}', // Notion
  'secret_[A-Za-z0-9]{43}(?![A-Za-z0-9])',
  'pat[A-Za-z0-9]{14}\\.[a-f0-9]{64}', // Airtable
  'pat-(?:na|eu|ap)\\d-[a-f0-9-]{36}', // HubSpot
  'CFPAT-[A-Za-z0-9_-]{40,}', // Contentful
  'tfp_[A-Za-z0-9_.-]{40,}', // Typeform
  'sl\\.(?:u\\.)?[A-Za-z0-9_-]{100,}', // Dropbox
  // Payment and shops
  '(?:sk|rk)_(?:live|test|prod)_[A-Za-z0-9]{16,}', // Stripe
  'whsec_[A-Za-z0-9+/=]{24,}',
  'sq0[a-z]{3}-[A-Za-z0-9_-]{22,}', // Square
  'EAAA[A-Za-z0-9_-]{56,}',
  'EAA[A-Z][A-Za-z0-9]{80,}', // Meta
  'shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}', // Shopify
  'shippo_(?:live|test)_[a-f0-9]{40}',
  'EZ[AT]K[A-Za-z0-9]{54}', // EasyPost
  'FLWSECK(?:_TEST)?-[A-Za-z0-9-]{20,}', // Flutterwave
  'duffel_(?:live|test)_[A-Za-z0-9_-]{40,}',
  // Not of a single service
  'AGE-SECRET-KEY-1[A-Z0-9]{58}',
  'eyJ[A-Za-z0-9_-]{8,}\\.(?:eyJ)?[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}(?:\\.[A-Za-z0-9_-]{4,}){0,2}', // JSON web token
];

/**
 * A key only begins where no key character precedes it, so that each run of them is checked once. The last character of an
 * escape (`\n`, `%22`, `\u0022`, a terminal's colour) does not count as a key character.
 */
export const keyBorder: string =
  '(?:(?<![A-Za-z0-9_-])|(?<=\\\\[abefnrtv0])|(?<=%[0-9A-Fa-f]{2})|(?<=\\\\u[0-9A-Fa-f]{4}|\\\\x[0-9A-Fa-f]{2})|(?<=\\[[0-9;]{1,12}m))';

/** Finds a key in a run of letters, digits and `_ - .`. */
export const keyPattern: RegExp = new RegExp(`${keyBorder}(?:${keyShapes.join('|')})`, 'g');

/** Keys that can continue with the other characters of base64. */
export const base64Key: RegExp = /^(?:whsec_|ABSK|bedrock-api-key-|fm[12]_|sntry|glc_|ATATT3|ATCTT3|pscale_|ops_)/;

/** Shorter runs contain no key. */
export const shortestKey = 15;
