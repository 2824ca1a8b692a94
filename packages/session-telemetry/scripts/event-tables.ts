import type { AttributePlan } from '../src/attribute-definition.ts';
import { attributeGroups } from '../src/attribute-groups.ts';
import { commonAttributes, spanEventAttributes, timestampAttribute } from '../src/common-attributes.ts';
import { attributePlans } from '../src/event-definition.ts';
import { catalog } from './event-catalog.ts';

/** `docs/events.md`, from the definitions of the events. */
export function eventsDocument(): string {
  return [
    '# Events',
    '',
    'Every event that a session records, and each of its attributes; written by `pnpm run docs` in ' +
      '`packages/session-telemetry` from the definitions that the code uses.',
    '',
    'Log records carry the attributes on `log`, span events those on `span`. If an attribute is absent, its key is not ' +
      'sent. `uint` is a whole number, on span events as decimal text, `string(n)` a whole number as decimal text, `string(d)` a decimal number as text, `string(b)` `true` or ' +
      '`false` as text. Strings are truncated to 65,536 UTF-8 bytes unless another limit is given.',
    '',
    ...catalog.flatMap(eventSection),
    '## Common attributes',
    '',
    'They follow an event’s own attributes in this order. The first two are only on span events, before all others.',
    '',
    ...table(attributePlans({ ...spanEventAttributes, timestampAttribute, ...commonAttributes }, 'both')),
    '',
    '## The environment group',
    '',
    ...table(attributePlans(attributeGroups.authEnv, 'both')),
    '',
  ].join('\n');
}

function eventSection({ event, methods }: (typeof catalog)[number]): readonly string[] {
  const only = event.traced ? (event.logged ? '' : ' Span event only.') : ' Log record only.';
  const onlyWith = event.onlyWith === undefined ? '' : ` Only with \`${event.onlyWith}\`.`;
  return [
    `## \`${event.name}\` · ${methods.map((method) => `\`${method}\``).join(', ')}`,
    '',
    `${event.about}${onlyWith}${only}`,
    '',
    ...table(withGroup(event.plans)),
    '',
  ];
}

/** The group about the environment has a table of its own. */
function withGroup(attributes: readonly AttributePlan[]): readonly AttributePlan[] {
  const [first, ...more] = Object.values(attributeGroups.authEnv).map(({ name }) => name);
  return attributes.flatMap((attribute) => {
    if (more.includes(attribute.name)) return [];
    if (attribute.name !== first) return [attribute];
    return attributePlans({ authEnv: { name: 'auth.env_*', type: 'bool', about: 'the environment group' } }, 'both');
  });
}

const carriers = { both: 'log, span', log: 'log', trace: 'span' } as const;

function table(attributes: readonly AttributePlan[]): readonly string[] {
  return [
    '| attribute | type | on | absent when | meaning |',
    '| --- | --- | --- | --- | --- |',
    ...attributes.map((attribute) => {
      const { name, type, on, absent } = attribute;
      const sent = name === 'auth.env_*' ? 'bool, string' : type;
      return `| \`${name}\` | ${sent} | ${carriers[on]} | ${absent ?? 'never'} | ${meaning(attribute)} |`;
    }),
  ];
}

function meaning({ about, values, open }: AttributePlan): string {
  const known = values?.map((value) => `\`${value}\``).join(', ');
  const listed = known === undefined ? undefined : open === true ? `e.g. ${known}` : known;
  return [about, listed].filter((part) => part !== undefined).join('; ');
}
