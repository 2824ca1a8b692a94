import {
  authEnvAttributes,
  commonAttributes,
  spanEventAttributes,
  timestampAttribute,
} from '../src/common-attributes.ts';
import type { AttributeDefinition, EventDefinition } from '../src/event-definition.ts';
import { eventDefinitions } from './event-catalog.ts';

const begin = '<!-- events: written by `pnpm run readme` from the definitions that the code uses -->';
const end = '<!-- /events -->';

/** The README with its tables of events written anew. */
export function withEventTables(readme: string): string {
  const [head, rest] = readme.split(begin);
  const tail = rest?.split(end)[1];
  if (head === undefined || tail === undefined) throw new Error('the README has no place for the tables of events');
  return `${head}${begin}\n\n${eventTables()}\n\n${end}${tail}`;
}

function eventTables(): string {
  return [
    ...eventDefinitions.flatMap(eventSection),
    '### Common attributes',
    '',
    'After an event’s own attributes, in this order; of span events also the first two, at their head.',
    '',
    ...table([...spanEventAttributes, timestampAttribute, ...commonAttributes]),
    '',
    '### The environment group',
    '',
    ...table(authEnvAttributes),
  ].join('\n');
}

function eventSection(event: EventDefinition): readonly string[] {
  const carriers = event.signals === 'both' ? '' : ' Log record only.';
  return [
    `### \`${event.name}\` · ${event.method
      .split(', ')
      .map((method) => `\`${method}\``)
      .join(', ')}`,
    '',
    `${event.about}${carriers}`,
    '',
    ...table(withGroup(event.attributes)),
    '',
  ];
}

/** The group about the environment is told once. */
function withGroup(attributes: readonly AttributeDefinition[]): readonly AttributeDefinition[] {
  return attributes.flatMap((attribute) => {
    const place = authEnvAttributes.indexOf(attribute);
    if (place > 0) return [];
    return place < 0 ? [attribute] : [{ name: 'auth.env_*', type: 'bool', on: 'both', about: 'the environment group' }];
  });
}

const carriers = { both: 'log, span', log: 'log', trace: 'span' } as const;

function table(attributes: readonly AttributeDefinition[]): readonly string[] {
  return [
    '| attribute | type | on | absent when | meaning |',
    '| --- | --- | --- | --- | --- |',
    ...attributes.map(({ name, type, on, absent, about }) => {
      const sent = name === 'auth.env_*' ? 'bool, string' : type;
      return `| \`${name}\` | ${sent} | ${carriers[on]} | ${absent ?? 'never'} | ${about ?? ''} |`;
    }),
  ];
}
